"""Keys of earlier releases that are gone.

A config that holds such a key at its default is read as if it did not. Any other value is an error that names the key
and the reason, unless the key mattered for training alone and the training is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NO_GAIN = "it gained nothing on the bundled corpora (docs/results.md)"


@dataclass(frozen=True)
class RemovedKey:
    """A key that is gone.

    Parameters
    ----------
    default
        The value at which the key changed nothing.
    tagging
        Whether a trained model needs it to tag.
    depends_on
        The key without which it had no effect, if there is one.
    """

    default: Any
    tagging: bool = False
    depends_on: str = ""


REMOVED = {
    "vectors.tune_count": RemovedKey(1),
    "features.ngrams": RemovedKey(0, tagging=True),
    "features.ngram_lengths": RemovedKey([3, 4], tagging=True, depends_on="features.ngrams"),
    "features.ngram_buckets": RemovedKey(50_000, tagging=True, depends_on="features.ngrams"),
    "features.sentence_casing": RemovedKey(0, tagging=True),
    "model.label_smoothing": RemovedKey(0),
    "train.average": RemovedKey(0),
}


def drop_removed(sections: Mapping[str, Any], trained: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Return the sections without removed keys, and those removed keys that had an effect.

    Parameters
    ----------
    sections
        Plain values, as read from TOML or JSON.
    trained
        Whether they describe a trained model, which only needs what matters for tagging.
    """
    kept = {name: dict(values) if isinstance(values, Mapping) else values for name, values in sections.items()}
    needed = []
    for key, removed in REMOVED.items():
        section, _, name = key.partition(".")
        values = kept.get(section)
        if not isinstance(values, dict) or name not in values:
            continue
        value = values.pop(name)
        idle = removed.depends_on and not _find(sections, removed.depends_on)
        needless = trained and not removed.tagging
        if not (_plain(value) == removed.default or idle or needless):
            needed.append(f"{key} = {value!r}")
    return kept, needed


def _find(sections: Mapping[str, Any], key: str) -> Any:
    section, _, name = key.partition(".")
    values = sections.get(section)
    return values.get(name) if isinstance(values, Mapping) else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
