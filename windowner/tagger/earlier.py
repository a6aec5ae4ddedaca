"""Model files of earlier format versions.

Format 1 had no list of tables. Their names and order follow from its config:

    words, words2, ...    one per source of word vectors
    capitals, shape, prefix2, ..., suffix2, ..., gazetteer.LOC, ...    one per feature
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from windowner.arrays import Array
from windowner.config.checking import make_config
from windowner.config.trained import known_values
from windowner.inputs.features import MATCHED, sized_features

GAZETTEER = f"E.{MATCHED}."


class Format1(msgspec.Struct):
    """What a description of format 1 must hold, besides where the model comes from."""

    config: dict[str, Any]
    tags: list[str]
    trainable: dict[str, int]
    format: int
    temperature: float = 1.0
    threshold: float = 0.0


def convert_format_1(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Return a description of format 1 as the current format has it.

    Raises
    ------
    ValueError
        If something is missing.
    ConfigError
        If the model needs a feature that was removed; the message names it.
    """
    described = msgspec.convert(description, Format1)
    tables = list(_tables(described.config, arrays))
    for table in tables:
        if table["name"] not in described.trainable:
            raise ValueError(f"the description does not say how many rows of {table['name']} are trainable")
        table["trainable"] = described.trainable[table["name"]]
    return {
        "config": described.config,
        "tags": described.tags,
        "tables": tables,
        "temperature": described.temperature,
        "threshold": described.threshold,
        "provenance": {key: value for key, value in description.items() if key not in Format1.__struct_fields__},
    }


def _tables(sections: Mapping[str, Any], arrays: Mapping[str, Array]) -> Iterator[dict[str, Any]]:
    """Yield name and feature of each table, in order."""
    config = make_config(known_values(sections), "its config", trained=True)
    yield {"name": "words"}
    for number in range(2, len(config.vectors.more) + 2):
        yield {"name": f"words{number}"}
    types = sorted(name.removeprefix(GAZETTEER) for name in arrays if name.startswith(GAZETTEER))
    for feature in sized_features(config.features, types):
        yield {"name": feature.name, "feature": {"kind": feature.kind, "argument": feature.argument}}
