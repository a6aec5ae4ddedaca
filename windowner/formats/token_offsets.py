"""Tokens with offsets in a JSON record, as Prodigy writes them beside a text."""

from typing import Any

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import fitting, is_place, shortened
from windowner.formats.tags import WHITE
from windowner.text.document import Offsets
from windowner.text.wording import count_of


def has_token_offsets(tokens: Any, where: str, options: ReadOptions) -> bool:
    """Return whether a value is a list of tokens with `start` and `end`. Tokens without offsets are not read.

    Raises
    ------
    DataError
        If it is no list, or offsets are missing or no integers.
    """
    if tokens is None:
        return False
    if not isinstance(tokens, list):
        raise DataError(f"{where}: tokens {shortened(tokens)}, expected a list of tokens with start and end")
    if tokens and not any(isinstance(token, dict) and ("start" in token or "end" in token) for token in tokens):
        options.note("tokens without start and end are not read; a tokenizer finds others in the text")
        return False
    for token in tokens:
        if not (isinstance(token, dict) and is_place(token.get("start")) and is_place(token.get("end"))):
            raise DataError(f"{where}: token {shortened(token)}, expected an object whose start and end are integers")
    return True


def token_sentences(record: dict[str, Any], text: str, where: str, options: ReadOptions) -> list[Offsets]:
    """Return the tokens of a record, cut into its sentences; tokens of white space are left out.

    Raises
    ------
    DataError
        If they are not in the order of the text, say another text, or the lengths of the sentences do not fit.
    """
    tokens = record["tokens"]
    places = [fitting(token["start"], token["end"], text, token.get("text"), where) for token in tokens]
    edges = [edge for place in places for edge in place]
    if edges != sorted(edges) or (edges and not 0 <= edges[0] <= edges[-1] <= len(text)):
        raise DataError(f"{where}: tokens overlap or lie outside of the text, expected them in its order")
    _count_gaps(text, places, options)
    lengths = record.get("sentences")
    lengths = [len(places)] if lengths is None else lengths
    of_lengths = isinstance(lengths, list) and all(is_place(length) and length >= 0 for length in lengths)
    if not of_lengths or sum(lengths) != len(places):
        raise DataError(
            f"{where}: sentences {shortened(lengths)}, expected their lengths, "
            f"{count_of(len(places), 'token')} together"
        )
    cut: list[Offsets] = []
    start = 0
    for length in lengths:
        cut.append([place for place in places[start : start + length] if not _is_white(text, place)])
        start += length
    options.count("tokens of white space are left out", len(places) - sum(map(len, cut)))
    return cut


def _count_gaps(text: str, places: Offsets, options: ReadOptions) -> None:
    """Count the words between tokens, which no token holds."""
    ends, starts = [0, *(end for _, end in places)], [*(start for start, _ in places), len(text)]
    gaps = (text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    options.count("stretches of text without a token are left out", sum(map(bool, gaps)))


def _is_white(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    token = text[start:end]
    return bool(token.strip(" ")) and not token.strip(WHITE)
