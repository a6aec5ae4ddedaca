"""Scoring two files, and saying where they part."""

from pathlib import Path

import pytest

from windowner.errors import DataError
from windowner.scoring.entities import PRF
from windowner.scoring.files import score_files

GOLD = "-DOCSTART- O\n\nJohn B-PER\nDoe I-PER\n\nis O\nin O\nParis B-LOC\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_files_of_different_format_and_scheme(tmp_path: Path) -> None:
    one = '{"tokens": ["John", "Doe"], "tags": ["B-PER", "E-PER"]}'
    two = '{"tokens": ["is", "in", "Paris"], "tags": ["O", "S-ORG", "O"]}'
    scores = score_files(write(tmp_path, "gold", GOLD), write(tmp_path, "predicted.jsonl", f"{one}\n{two}"))
    assert scores.types == {"LOC": PRF(1, 0, 0), "ORG": PRF(0, 1, 0), "PER": PRF(1, 1, 1)}
    assert (scores.tokens, scores.sentences, scores.accuracy) == (5, 2, 2 / 5)


def test_columns_are_those_of_both(tmp_path: Path) -> None:
    gold, predicted = write(tmp_path, "gold", "1 a B-X z\n"), write(tmp_path, "predicted", "2 a B-X y\n")
    assert score_files(gold, predicted, token_column=1, tag_column=2).overall == PRF(1, 1, 1)


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ("John O\nDoe O\n\nis O\nat O\nParis O\n", "{p}:5: 'at', expected 'in' as in {g}:7"),
        ("John O\n\nDoe O\n\nis O\nin O\nParis O\n", "{p}:2: the end of a sentence, expected 'Doe' as in {g}:4"),
        ("John O\nDoe O\nis O\n\nin O\nParis O\n", "{p}:3: 'is', expected the end of a sentence as in {g}:5"),
        ("John O\nDoe O\n", "{p}: the end of the file, expected 'is' as in {g}:6"),
        ("", "{p}: the end of the file, expected 'John' as in {g}:3"),
        ("John O\nDoe O\n\nis O\nin O\nParis O\n\n\n. O\n", "{p}:9: '.', expected the end of the file as in {g}"),
    ],
)
def test_the_first_difference_is_named(tmp_path: Path, predicted: str, message: str) -> None:
    gold_path, path = write(tmp_path, "gold", GOLD), write(tmp_path, "predicted", predicted)
    with pytest.raises(DataError) as caught:
        score_files(gold_path, path)
    assert str(caught.value) == message.format(g=gold_path, p=path)


def test_files_without_tokens(tmp_path: Path) -> None:
    gold, predicted = write(tmp_path, "gold", "\n"), write(tmp_path, "predicted", "")
    with pytest.raises(DataError) as caught:
        score_files(gold, predicted)
    assert str(caught.value) == f"{gold}:1: no tokens, expected labelled sentences"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing: no such file"):
        score_files(write(tmp_path, "gold", GOLD), tmp_path / "missing")


def test_long_sentences_and_ill_formed_tags_are_said(tmp_path: Path) -> None:
    gold = write(tmp_path, "gold", "a O\n" * 59 + "b B-X\n")
    predicted = write(tmp_path, "predicted", "a O\n" * 57 + "a B-X\na I-Y\nb I-X\n")
    notes: list[str] = []
    score_files(gold, predicted, notes=notes)
    assert notes == [
        f"{gold}: a sentence of 60 tokens at line 1: are blank lines missing?",
        f"{predicted}: a sentence of 60 tokens at line 1: are blank lines missing?",
        f"{predicted}: 1 tag against IOB1, the first one at line 58: B-X after O is not IOB1, read as the start of an "
        "entity",
    ]
