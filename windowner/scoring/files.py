"""Scoring the tags in one file, from any tagger, against the tags in another."""

from collections.abc import Iterator
from itertools import takewhile, zip_longest
from pathlib import Path

from windowner.errors import DataError
from windowner.formats.reading import read_sentences
from windowner.scoring.entities import Scores, score
from windowner.text.sentence import Sentence


def score_files(
    gold_path: str | Path, predicted_path: str | Path, *, token_column: int = 0, tag_column: int = -1
) -> Scores:
    """Score the tags in one file against the tags in another.

    Parameters
    ----------
    gold_path, predicted_path
        Column files or JSON Lines of the same tokens. `-DOCSTART-` lines are ignored. The tag schemes may differ.
    token_column, tag_column
        Columns in both files, if they are column files; 0 is the first column, -1 the last.

    Raises
    ------
    DataError
        If a file cannot be read or has no tokens, or the tokens differ. The message names the first line that differs.
    """
    columns = {"token_column": token_column, "tag_column": tag_column}
    gold_tags: list[list[str]] = []
    predicted_tags: list[list[str]] = []
    pairs = zip_longest(_sentences(gold_path, columns), _sentences(predicted_path, columns))
    for gold, predicted in pairs:
        if gold is None or predicted is None or gold.tokens != predicted.tokens:
            raise DataError(_first_difference(gold, predicted, gold_path, predicted_path))
        gold_tags.append(gold.tags or [])
        predicted_tags.append(predicted.tags or [])
    if not gold_tags:
        raise DataError(f"{gold_path}:1: no tokens, expected labelled sentences")
    return score(gold_tags, predicted_tags)


def _sentences(path: str | Path, columns: dict[str, int]) -> Iterator[Sentence]:
    """Return the sentences that have tokens."""
    return (sentence for sentence in read_sentences(path, **columns) if sentence.tokens)


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
