"""Settings: every combination of the values that an experiment's grid lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Setting:
    """One combination of the grid's values.

    Parameters
    ----------
    number
        Its place among all settings, from 0.
    label
        Its name for people: `value`, then `context`.
    context
        The values of other keys that vary, in words; empty if no other key varies.
    value
        The value of the compared key, in words.
    values
        The values of all keys of the grid.
    """

    number: int
    label: str
    context: str
    value: str
    values: Mapping[str, Any]


def list_settings(by: str, grid: Mapping[str, Sequence[Any]]) -> list[Setting]:
    """Return all settings of a grid. Settings that are compared with each other follow each other.

    Parameters
    ----------
    by
        The compared key.
    grid
        The values of each key.
    """
    others = [key for key in grid if key != by]
    varied = [key for key in others if len(grid[key]) > 1]
    settings: list[Setting] = []
    for *fixed, value in product(*(grid[key] for key in others), grid[by]):
        values = {**dict(zip(others, fixed, strict=True)), by: value}
        context = ", ".join(f"{short_name(key)} {in_words(key, values[key])}" for key in varied)
        word = in_words(by, value)
        settings.append(Setting(len(settings), ", ".join(filter(None, [word, context])), context, word, values))
    return settings


def short_name(key: str) -> str:
    """Return a key without its section: `hidden` for `model.hidden`."""
    return key.partition(".")[2] or key


def in_words(key: str, value: Any) -> str:
    """Write a value of a key for people. The value may be of a wrong type. The config of its trial is checked later."""
    if key == "vectors.source" and isinstance(value, str):
        return Path(value).name if value else "random"
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
