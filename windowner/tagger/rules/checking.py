"""How rules are checked: unknown keys, and what an error shows of a value."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

SHOWN = 60
"""Characters of a value that an error shows."""


def shown(value: Any) -> str:
    """Return a value as its file has it, cut where it is long."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def check_keys(record: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Refuse keys that are not known.

    Raises
    ------
    ValueError
        If there is one. The message names the nearest known key.
    """
    names = list(known)
    unknown = next((key for key in record if key not in names), None)
    if unknown is not None:
        near = get_close_matches(unknown, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{where}: unknown key {shown(unknown)}, expected {', '.join(names)}{hint}")
