"""Records of tokens and tags, as most JSON Lines hold them, decoded many at once.

Which keys hold tokens and tags is found out once per distinct list of keys.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple, Self

import msgspec

from windowner.formats.jsonl import SCORES, fields_of
from windowner.formats.probabilities import PROBABILITIES

LEFT_OUT = frozenset({SCORES, PROBABILITIES})
"""Keys that say something of tags that are not written."""

_DECODER = msgspec.json.Decoder(dict[str, Any])


class Records(NamedTuple):
    """Some records.

    Parameters
    ----------
    lines
        The line of each record.
    rest
        What each record holds beside tokens, tags and `LEFT_OUT`.
    tokens
        Tokens of each record.
    """

    lines: list[int]
    rest: list[dict[str, Any]]
    tokens: list[list[str]]

    def part(self, start: int, end: int | None) -> Self:
        """Return the records from `start` to `end`."""
        return type(self)(self.lines[start:end], self.rest[start:end], self.tokens[start:end])

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return the records of several parts."""
        lines, rest, tokens = (list(chain.from_iterable(fields)) for fields in zip(*parts, strict=True))
        return cls(lines, rest, tokens)


Tagged = list[tuple[list[str], list[str]]]
"""Tags of those records that have some, each with the tokens that they belong to."""


def decode_records(rows: Sequence[bytes], first_line: int) -> tuple[Records, Tagged] | None:
    """Return the records of lines, one per line, with their tags; None if a line holds something else than tokens.

    Tokens and tags may be of any type. Lines are decoded one by one, so that no record spans two of them.
    """
    lines = [line for line, row in enumerate(rows, first_line) if row.strip()]  # those that are not blank
    try:
        records = list(map(_DECODER.decode, filter(bytes.strip, rows)))
    except (msgspec.DecodeError, RecursionError):
        return None
    keys = list(map(tuple, records))
    fields = {distinct: fields_of(distinct) for distinct in set(keys)}
    if not all("tokens" in found for found in fields.values()):
        return None
    token_keys = {distinct: found["tokens"] for distinct, found in fields.items()}
    tokens = [record.pop(key) for record, key in zip(records, map(token_keys.__getitem__, keys), strict=True)]
    if not {list}.issuperset(map(type, tokens)):
        return None
    tags: Tagged = []
    if any("tags" in found or not LEFT_OUT.isdisjoint(distinct) for distinct, found in fields.items()):
        for record, names, each in zip(records, keys, tokens, strict=True):
            if "tags" in fields[names]:
                tags.append((record.pop(fields[names]["tags"]), each))
            for key in LEFT_OUT:
                record.pop(key, None)
    return Records(lines, records, tokens), tags
