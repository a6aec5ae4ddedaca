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
        tags, scores = ["O"], None if scores is None else [1.0]
    new_columns = _new_columns(tags, scores)
    if sentence.rows:
        pairs = zip(sentence.rows, new_columns, strict=True)
        # The columns of a row that holds no tab are separated by spaces.
        lines = [f"{row}\t{new}\n" if "\t" in row else f"{row.rstrip(' ')} {_spaced(new)}\n" for row, new in pairs]
    else:
        _check_tokens(sentence)
        lines = [f"{token}\t{new}\n" for token, new in zip(sentence.tokens, new_columns, strict=True)]
    return "".join(lines) + "\n"


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


def _new_columns(tags: Sequence[str], scores: Sequence[float] | None) -> Sequence[str]:
    """Columns that each row gains, a tab between."""
    if scores is None:
        return tags
    return [f"{tag}\t{score:.4f}" for tag, score in zip(tags, scores, strict=True)]


def _spaced(columns: str) -> str:
    return columns.replace("\t", " ")


def _check_tokens(sentence: Sentence) -> None:
    """Refuse tokens that would break a row."""
    for token in sentence.tokens:
        if "\t" in token or "\n" in token:
            raise DataError(f"line {sentence.line}: token {token!r} holds a tab or a line end, a column file cannot")
