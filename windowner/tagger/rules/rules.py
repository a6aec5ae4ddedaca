"""Rules in the order of their file: JSON Lines, one rule per line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from windowner.errors import DataError
from windowner.formats.limits import MOST_NAMES, check_count
from windowner.formats.lines import read_whole
from windowner.formats.opening import open_input
from windowner.schemas import DAMAGE, described
from windowner.tagger.rules.rule import Rule, read_rule


@dataclass(frozen=True)
class Rules:
    """Rules that stand beside a model.

    Parameters
    ----------
    lines
        One JSON object per rule, as the file has it.
    rules
        What they say.
    """

    lines: tuple[str, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, path: str | Path) -> "Rules":
        """Read a file of rules, which may be gzipped. Blank lines are skipped.

        Raises
        ------
        DataError
            If the file cannot be read, or a line is no rule.
        """
        with open_input(path) as stream:
            try:
                text = read_whole(stream, str(path)).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise DataError(f"{path}: byte 0x{error.object[error.start]:02x}, expected UTF-8") from None
        check_count(text.count("\n"), MOST_NAMES, "lines of rules", str(path))
        return cls.from_lines(text.split("\n"), str(path))

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> "Rules":
        """Return the rules that records describe, such as `{"label": "ORG", "pattern": "Apple Inc."}`.

        Raises
        ------
        DataError
            If a record is no rule.
        """
        return cls.from_lines([_line(record, number) for number, record in enumerate(records, start=1)], "rules")

    @classmethod
    def from_lines(cls, lines: Iterable[str], name: str) -> "Rules":
        """Return the rules of a file's lines.

        Raises
        ------
        DataError
            If a line is no rule.
        """
        kept = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
        return cls(tuple(line for _, line in kept), tuple(_read(line, f"{name}:{number}") for number, line in kept))

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self.rules)

    @cached_property
    def labels(self) -> list[str]:
        """The types of the entities that the rules find, in the order of the file."""
        return list(dict.fromkeys(rule.label for rule in self.rules if rule.label is not None and not rule.never))


def _line(record: Mapping[str, Any], number: int) -> str:
    try:
        return msgspec.json.encode(record).decode()
    except (TypeError, UnicodeEncodeError) as error:
        raise DataError(f"rules:{number}: {error}; expected strings, numbers, lists and objects of JSON") from None


def _read(line: str, where: str) -> Rule:
    try:
        return read_rule(msgspec.json.decode(line))
    except DAMAGE as damage:
        raise DataError(f"{where}: {described(damage)}; expected a JSON object with label and pattern") from None
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
