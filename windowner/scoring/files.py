"""Scoring the tags in one file, from any tagger, against the tags in another, or in another column."""

from collections.abc import Iterator
from itertools import chain, takewhile, zip_longest
from pathlib import Path
from typing import cast

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.reading import as_sentences, read_items
from windowner.formats.recognition import AUTO
from windowner.scoring.characters import SpanScores, score_spans
from windowner.scoring.entities import Scores, score
from windowner.text.document import Document
from windowner.text.sentence import Sentence

LAST_TWO = (-2, -1)
"""Columns of gold and predicted tags where one file holds both, as conlleval reads them."""


def score_files(
    gold_path: str | Path,
    predicted_path: str | Path | None = None,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    gold_tag_column: int | None = None,
    predicted_tag_column: int | None = None,
    format: str = AUTO,
) -> Scores | SpanScores:
    """Score the tags in one file against the tags in another; where both hold text with spans, score exact spans.

    Parameters
    ----------
    gold_path, predicted_path
        Files of the same tokens, in any format. `-DOCSTART-` lines are ignored. The tag schemes may differ. Without
        `predicted_path`, the first file is a column file with both: gold tags in its last column but one, predicted
        tags in its last one.
    token_column, tag_column
        Columns in both files, if they are column files; 0 is the first, -1 the last.
    gold_tag_column, predicted_tag_column
        Columns of the tags in one of the files; None means `tag_column`.
    format
        Format of the files; `auto` for what their content says.

    Raises
    ------
    DataError
        If a file cannot be read or has no tokens, or the tokens differ. The message names the first line that differs.
    """
    gold_default, predicted_default = LAST_TWO if predicted_path is None else (tag_column, tag_column)
    gold_column = gold_default if gold_tag_column is None else gold_tag_column
    predicted_column = predicted_default if predicted_tag_column is None else predicted_tag_column
    if predicted_path is None:
        predicted_path = gold_path
        if gold_column == predicted_column:
            raise ValueError(f"gold and predicted tags are both read from column {gold_column}, expected two columns")
    paths = (gold_path, predicted_path)
    options = (ReadOptions(token_column, gold_column), ReadOptions(token_column, predicted_column))
    items = [read_items(path, format, "", option) for path, option in zip(paths, options, strict=True)]
    first = [next(side, None) for side in items]
    sides = [chain([] if one is None else [one], side) for one, side in zip(first, items, strict=True)]
    if all(isinstance(one, Document) for one in first):
        gold, predicted = (list(cast(Iterator[Document], side)) for side in sides)
        return score_documents(gold, predicted, paths)
    return score_sentences(
        _sentences(cast(Iterator[Sentence], sides[0]), gold_path, options[0]),
        _sentences(cast(Iterator[Sentence], sides[1]), predicted_path, options[1]),
        paths,
    )


def score_documents(
    gold: list[Document], predicted: list[Document], paths: tuple[str | Path, str | Path]
) -> SpanScores:
    """Score the spans of documents against those of others; `paths` are the files of both, for error messages."""
    for one, other in zip_longest(gold, predicted):
        if one is None or other is None:
            numbers = f"{len(predicted)} texts, expected {len(gold)} as in {paths[0]}"
            raise DataError(f"{paths[1]}: {numbers}")
        if one.text != other.text:
            raise DataError(f"{paths[1]}:{other.line}: another text, expected that of {paths[0]}:{one.line}")
    return score_spans(gold, [document.spans or [] for document in predicted])


def score_sentences(
    gold: Iterator[Sentence], predicted: Iterator[Sentence], paths: tuple[str | Path, str | Path]
) -> Scores:
    """Score the tags of sentences against those of others; `paths` are the files of both, for error messages."""
    gold_tags: list[list[str]] = []
    predicted_tags: list[list[str]] = []
    for one, other in zip_longest(gold, predicted):
        if one is None or other is None or one.tokens != other.tokens:
            raise DataError(_first_difference(one, other, *paths))
        gold_tags.append(one.tags or [])
        predicted_tags.append(other.tags or [])
    if not gold_tags:
        raise DataError(f"{paths[0]}:1: no tokens, expected labelled sentences")
    return score(gold_tags, predicted_tags)


def _sentences(items: Iterator[Sentence], path: str | Path, options: ReadOptions) -> Iterator[Sentence]:
    """Return the sentences that have tokens."""
    return (sentence for sentence in as_sentences(items, str(path), options) if sentence.tokens)


def _first_difference(
    gold: Sentence | None, predicted: Sentence | None, gold_path: str | Path, predicted_path: str | Path
) -> str:
    """Describe the first place where the tokens of two sentences differ; None means that a file has ended."""
    gold_tokens = gold.tokens if gold else []
    predicted_tokens = predicted.tokens if predicted else []
    equal = takewhile(lambda pair: pair[0] == pair[1], zip(gold_tokens, predicted_tokens, strict=False))
    place = len(list(equal))
    expected_line, expected = _describe(gold, place)
    line, found = _describe(predicted, place)
    return f"{predicted_path}{line}: {found}, expected {expected} as in {gold_path}{expected_line}"


def _describe(sentence: Sentence | None, place: int) -> tuple[str, str]:
    """Return the line of a token, with a colon, and its text; the place may be after the last token."""
    if sentence is None:
        return "", "the end of the file"
    line = f":{sentence.line_of(place)}"
    return (line, repr(sentence.tokens[place])) if place < len(sentence.tokens) else (line, "the end of a sentence")
