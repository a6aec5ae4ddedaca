"""Tokens with offsets in a JSON record, as Prodigy writes them beside a text."""

from typing import Any

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.tags import WHITE
from windowner.text.document import Offsets
from windowner.text.wording import count_of


def has_token_offsets(tokens: Any) -> bool:
    """Return whether a value is a list of tokens with `start` and `end`."""
    return isinstance(tokens, list) and all(
        isinstance(token, dict) and type(token.get("start")) is int and type(token.get("end")) is int
        for token in tokens
    )


def token_sentences(record: dict[str, Any], text: str, where: str, options: ReadOptions) -> list[Offsets]:
    """Return the tokens of a record, cut into its sentences; tokens of white space are left out.

    Raises
    ------
    DataError
        If they are not in the order of the text, or the lengths of the sentences do not fit.
    """
    places = [(token["start"], token["end"]) for token in record["tokens"]]
    edges = [edge for place in places for edge in place]
    if edges != sorted(edges) or (edges and not 0 <= edges[0] <= edges[-1] <= len(text)):
        raise DataError(f"{where}: tokens overlap or lie outside of the text, expected them in its order")
    lengths = record.get("sentences")
    if not isinstance(lengths, list) or not all(type(length) is int for length in lengths):
        lengths = [len(places)]
    if min(lengths, default=0) < 0 or sum(lengths) != len(places):
        raise DataError(
            f"{where}: sentences {lengths!r:.60}, expected their lengths, {count_of(len(places), 'token')} together"
        )
    cut: list[Offsets] = []
    start = 0
    for length in lengths:
        cut.append([place for place in places[start : start + length] if not _is_white(text, place)])
        start += length
    options.count("tokens of white space are left out", len(places) - sum(map(len, cut)))
    return cut


def _is_white(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    token = text[start:end]
    return bool(token.strip(" ")) and not token.strip(WHITE)
