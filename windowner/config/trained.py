"""What a trained model's config needs: the keys that matter for tagging.

A release may change keys of training. A model that another release has trained still loads.
"""

from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from windowner.config.config import SECTIONS

FOR_TRAINING = ("train", "vectors", "data", "model.initializer", "features.min_count")
"""Sections and keys that matter for training alone; the keys of `FOR_TAGGING` are exceptions."""

FOR_TAGGING = ("vectors.more", "data.scheme")
"""Keys of these sections that a trained model needs."""


def known_values(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a trained model's config without what this release does not know of training.

    Keys and values that matter for training alone are left out where this release does not know them, so that a model
    loads whatever was changed about training since.
    """
    kept = {}
    for section, values in sections.items():
        if isinstance(values, Mapping):
            values = {
                key: values[key] for key in values if _is_needed(section, key) or _is_known(section, key, values[key])
            }
        kept[section] = values
    return kept


def _is_needed(section: str, key: str) -> bool:
    """Return whether a trained model needs a key for tagging."""
    name = f"{section}.{key}"
    return name in FOR_TAGGING or not (section in FOR_TRAINING or name in FOR_TRAINING)


def _is_known(section: str, key: str, value: Any) -> bool:
    """Return whether a key of a known section is known, and its value can be used."""
    types = get_type_hints(SECTIONS[section], include_extras=True)
    try:
        msgspec.convert(value, types[key])
    except (KeyError, msgspec.ValidationError):
        return False
    return True
