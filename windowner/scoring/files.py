"""Scoring the tags in one file, from any tagger, against the tags in another, or in another column."""

from collections.abc import Iterator
from itertools import chain, takewhile, zip_longest
from pathlib import Path
from typing import cast

from windowner.errors import DataError
from windowner.formats.items import as_sentences, read_items
from windowner.formats.layout import describe_rivals
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO
from windowner.formats.reports import describe_sentences
from windowner.scoring.entities import Scores, score
from windowner.scoring.exact_spans import SpanScores, score_spans
from windowner.scoring.outside import check_outside
from windowner.text.document import Document
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

LAST_TWO = (-2, -1)
"""Columns of gold and predicted tags where one file holds both, as conlleval reads them."""


def tag_columns(gold: int | None, predicted: int | None, default: int, in_one_file: bool) -> tuple[int, int]:
    """Return the columns of gold and predicted tags, as they were given or else by default."""
    gold_default, predicted_default = LAST_TWO if in_one_file else (default, default)
    return gold_default if gold is None else gold, predicted_default if predicted is None else predicted


def score_files(
    gold_path: str | Path,
    predicted_path: str | Path | None = None,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    gold_tag_column: int | None = None,
    predicted_tag_column: int | None = None,
    format: str = AUTO,
    encoding: str = "",
    notes: list[str] | None = None,
) -> Scores | SpanScores:
    """Score the tags in one file against the tags in another; where both hold text with spans, score exact spans.

    Parameters
    ----------
    gold_path, predicted_path
        Files of the same tokens, in any format. The tag schemes may differ. Without `predicted_path`, the first file
        is a column file with both: gold tags in its last column but one, predicted tags in its last one.
    token_column, tag_column
        Columns in both files, if they are column files; 0 is the first, -1 the last.
    gold_tag_column, predicted_tag_column
        Columns of the tags in one of the files; None means `tag_column`.
    format
        Format of the files; `auto` for what their content says.
    encoding
        Encoding of the files; "" is UTF-8, or what the byte order mark says.
    notes
        What is worth saying about how the files were read is added, with the name of the file.

    Raises
    ------
    DataError
        If a file cannot be read or has no tokens, if the tokens differ, or if nothing says what is no entity. The
        message names the first line that differs.
    """
    columns = tag_columns(gold_tag_column, predicted_tag_column, tag_column, predicted_path is None)
    if predicted_path is None and columns[0] == columns[1]:
        raise ValueError(f"gold and predicted tags are both read from column {columns[0]}, expected two columns")
    paths = (gold_path, gold_path if predicted_path is None else predicted_path)
    options = (ReadOptions(token_column, columns[0]), ReadOptions(token_column, columns[1]))
    said: list[str] = []
    scores = _score(paths, options, format, encoding, said)
    if notes is not None:
        same_tags = isinstance(scores, Scores) and scores.accuracy == 1
        notes += (*_notes(options, paths, same_tags), *dict.fromkeys(said))
    return scores


def _score(
    paths: tuple[str | Path, str | Path],
    options: tuple[ReadOptions, ReadOptions],
    format: str,
    encoding: str,
    said: list[str],
) -> Scores | SpanScores:
    """Score two files; what is worth saying about their sentences is added to `said`."""
    items = [read_items(path, format, encoding, option) for path, option in zip(paths, options, strict=True)]
    first = [next(side, None) for side in items]
    sides = [chain([] if one is None else [one], side) for one, side in zip(first, items, strict=True)]
    if all(isinstance(one, Document) for one in first):
        gold, predicted = (list(cast(Iterator[Document], side)) for side in sides)
        return score_documents(gold, predicted, paths)
    both = [
        list(_sentences(cast(Iterator[Sentence], side), path, option))
        for side, path, option in zip(sides, paths, options, strict=True)
    ]
    for path, sentences in zip(paths, both, strict=True):
        said += [_with_path(path, note) for note in describe_sentences(str(path), sentences)]
    return score_sentences(iter(both[0]), iter(both[1]), paths)


def _notes(both: tuple[ReadOptions, ReadOptions], paths: tuple[str | Path, str | Path], same_tags: bool) -> list[str]:
    """Return what is worth saying about how two files were read; `same_tags` if their tags are those of each other."""
    gold, predicted = both
    one_file = Path(paths[0]) == Path(paths[1]) and gold.tag_column != predicted.tag_column
    notes = []
    for options, path, setting in zip(both, paths, ("--gold-tag-column", "--predicted-tag-column"), strict=True):
        rivals = describe_rivals(options.tag_columns) if options.tag_columns else None
        for note in options.all_notes():
            if note != rivals:
                notes.append(_with_path(path, note))
            elif options is predicted and same_tags and not one_file:
                notes.append(_with_path(path, _describe_same_tags(options.tag_columns, paths[0])))
            elif not one_file:  # where one file holds both, each column was meant
                notes.append(_with_path(path, describe_rivals(options.tag_columns, setting)))
    return list(dict.fromkeys(notes))


def _describe_same_tags(tag_columns: list[int], gold_path: str | Path) -> str:
    """Say that the column that was read holds the gold tags, and where other tags are."""
    read, *others = tag_columns
    listed = " and ".join(map(str, others))
    return (
        f"column {read} is read, and holds the same tags as {gold_path}; other tags are in column {listed}. Are those "
        f"the predicted ones? --predicted-tag-column {others[0]}"
    )


def score_documents(
    gold: list[Document], predicted: list[Document], paths: tuple[str | Path, str | Path]
) -> SpanScores:
    """Score the spans of documents against those of others; `paths` are the files of both, for error messages."""
    for one, other in zip_longest(gold, predicted):
        if one is None or other is None:
            numbers = f"{count_of(len(predicted), 'text')}, expected {len(gold)} as in {paths[0]}"
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
    check_outside(paths[0], gold_tags)
    return score(gold_tags, predicted_tags)


def _with_path(path: str | Path, note: str) -> str:
    """Return a note with the file that it is about; some name it already."""
    return note.strip() if note.strip().startswith(f"{path}:") else f"{path}: {note.strip()}"


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
