"""Model files of earlier format versions.

Format 1 had no list of tables. Their names and order follow from its config:

    words, words2, ...    one per source of word vectors
    capitals, shape, prefix2, ..., suffix2, ..., gazetteer.LOC, ...    one per feature
"""

from collections.abc import Iterator, Mapping
from typing import Any

from windowner.arrays import Array
from windowner.config.loading import known_values, make_config
from windowner.inputs.features import MATCHED, sized_features

KNOWN = ("config", "tags", "trainable", "temperature", "threshold", "format")
"""What a description of format 1 held, besides where the model comes from."""

GAZETTEER = f"E.{MATCHED}."


def describe_tables(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Return a description of format 1 as the current format has it.

    Raises
    ------
    ValueError
        If something is missing.
    ConfigError
        If the model needs a feature that was removed; the message names it.
    """
    missing = [name for name in ("config", "tags", "trainable") if name not in description]
    if missing:
        raise ValueError(f"the description lacks {', '.join(missing)}")
    trainable = description["trainable"]
    tables = []
    for table in _tables(description["config"], arrays):
        if table["name"] not in trainable:
            raise ValueError(f"the description does not say how many rows of {table['name']} are trainable")
        tables.append({**table, "trainable": trainable[table["name"]]})
    return {
        "config": description["config"],
        "tags": description["tags"],
        "tables": tables,
        "temperature": description.get("temperature", 1.0),
        "threshold": description.get("threshold", 0.0),
        "provenance": {key: value for key, value in description.items() if key not in KNOWN},
    }


def _tables(sections: Any, arrays: Mapping[str, Array]) -> Iterator[dict[str, Any]]:
    """Yield name and feature of each table, in order."""
    if not isinstance(sections, Mapping):
        raise ValueError("the config is not a table of sections")
    config = make_config(known_values(sections), "its config", trained=True)
    yield {"name": "words"}
    for number in range(2, len(config.vectors.more) + 2):
        yield {"name": f"words{number}"}
    types = sorted(name.removeprefix(GAZETTEER) for name in arrays if name.startswith(GAZETTEER))
    for feature in sized_features(config.features, types):
        yield {"name": feature.name, "feature": {"kind": feature.kind, "argument": feature.argument}}
