"""Tagged sentences as text: column rows with one column more, or a line of JSON."""

from collections.abc import Sequence
from typing import Any

import msgspec

from windowner.errors import DataError
from windowner.text.sentence import Sentence


def column_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Render a sentence as rows and a blank line.

    A row of a column file keeps its columns and gains the tag, behind a tab if it holds one and a space if not; the row
    of a `-DOCSTART-` line gains `O`. A sentence of another format becomes rows of token, tab, tag.

    Parameters
    ----------
    sentence
        What was read.
    tags
        New tags, one a token; [] for a `-DOCSTART-` line.
    scores
        Their probabilities, which become a last column.

    Raises
    ------
    DataError
        If a token of another format holds a tab or a line end, which a column file cannot.
    """
    if sentence.is_document_start:
        return _join(sentence.rows, _new_columns(["O"], None if scores is None else [1.0])) + "\n"
    rows = sentence.rows or _token_rows(sentence)
    return _join(rows, _new_columns(tags, scores)) + "\n"


def json_line(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Render a sentence as one line, `{"tokens": [...], "tags": [...]}`; a `-DOCSTART-` line becomes "".

    Parameters
    ----------
    sentence
        What was read.
    tags
        New tags, one a token.
    scores
        Their probabilities, which become a list `scores`.
    """
    if sentence.is_document_start:
        return ""
    record: dict[str, Any] = {"tokens": sentence.tokens, "tags": list(tags)}
    if scores is not None:
        record["scores"] = [round(float(score), 4) for score in scores]
    return msgspec.json.encode(record).decode() + "\n"


def _new_columns(tags: Sequence[str], scores: Sequence[float] | None) -> list[list[str]]:
    """Columns that each row gains."""
    if scores is None:
        return [[tag] for tag in tags]
    return [[tag, f"{score:.4f}"] for tag, score in zip(tags, scores, strict=True)]


def _join(rows: Sequence[str], new_columns: Sequence[Sequence[str]]) -> str:
    """Append columns to rows, behind each row's own separator."""
    lines = []
    for row, columns in zip(rows, new_columns, strict=True):
        separator = "\t" if "\t" in row else " "
        lines.append(separator.join([row.rstrip(separator), *columns]) + "\n")
    return "".join(lines)


def _token_rows(sentence: Sentence) -> list[str]:
    """Make rows of tokens that came in another format; the tab stays even if nothing follows it."""
    for token in sentence.tokens:
        if "\t" in token or "\n" in token:
            raise DataError(f"line {sentence.line}: token {token!r} holds a tab or a line end, a column file cannot")
    return [f"{token}\t" for token in sentence.tokens]
