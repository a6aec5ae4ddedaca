"""The page about where two taggers differ: counts, significance, and the sentences with both readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from windowner.files import shown_path
from windowner.labels.differences import KINDS, RIGHT, Comparison, Difference
from windowner.markup.marks import Mark, Piece, cut, hues, token_marks
from windowner.report.mistakes import CORRECT
from windowner.report.page import write_page
from windowner.report.sentences import mark, view
from windowner.text.token_spans import TokenSpan

SHOWN = 300
"""Sentences of a page, at most."""

KIND_NAMES = {
    "only-a": "found by A alone",
    "only-b": "found by B alone",
    "type": "other type",
    "boundary": "other boundary",
}
RIGHT_NAMES = {"a": "A is right", "b": "B is right", "neither": "both are wrong", "not-judged": "not annotated"}


@dataclass(frozen=True)
class DifferingSentence:
    """A sentence in which the taggers differ.

    Parameters
    ----------
    place
        Its file and line.
    kinds
        The kinds of its differences, and who is right.
    gold
        Its pieces with the labelled entities. None where the text has no labels.
    a, b
        Its pieces with what each tagger finds.
    """

    place: str
    kinds: Sequence[str]
    gold: Sequence[Piece] | None
    a: Sequence[Piece]
    b: Sequence[Piece]


def write_difference_page(found: Comparison, names: tuple[str, str], path: Path) -> Path:
    """Write the page, and return its path.

    Parameters
    ----------
    found
        Where the taggers differ.
    names
        What A and B are called.
    path
        The page.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The page cannot be written.
    """
    counts = found.counts()
    sentences = [list(each) for _, each in groupby(found.differences, lambda difference: difference.sentence)]
    types = sorted({span.type for side in (found.a, found.b) for spans in side for span in spans})
    values: dict[str, Any] = {
        "names": names,
        "file": shown_path(found.file),
        "found": found,
        "entities": [sum(map(len, side)) for side in (found.a, found.b)],
        "counts": {KIND_NAMES[kind]: counts[kind] for kind in KINDS},
        "right": {} if found.gold is None else RIGHT_NAMES,
        "filters": {**KIND_NAMES, **({} if found.gold is None else {f"right-{k}": RIGHT_NAMES[k] for k in RIGHT})},
        "shown": [_sentence(found, each, hues(types)) for each in sentences[:SHOWN]],
        "differing": len(sentences),
    }
    return write_page("difference.html", values, path)


def _sentence(found: Comparison, differences: Sequence[Difference], colors: Mapping[str, int]) -> DifferingSentence:
    first = differences[0]
    number, tokens = first.sentence, first.tokens
    kinds = dict.fromkeys([*(each.kind for each in differences), *(f"right-{each.right}" for each in differences)])
    place = f"{shown_path(found.file)}:{first.line}"
    if found.gold is None:
        sides = [_plain(tokens, side[number], colors) for side in (found.a, found.b)]
        return DifferingSentence(place, list(kinds), None, *sides)
    gold = found.gold[number]
    reference = mark(tokens, gold, [CORRECT] * len(gold))
    views = [view(tokens, gold, side[number])[0] for side in (found.a, found.b)]
    return DifferingSentence(place, list(kinds), reference, *views)


def _plain(tokens: Sequence[str], spans: Sequence[TokenSpan], colors: Mapping[str, int]) -> list[Piece]:
    """Return a sentence with entities in the colours of their types."""
    return cut(*token_marks(tokens, [Mark(*span, hue=colors[span.type]) for span in spans]))
