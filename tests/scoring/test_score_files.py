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
        f"{predicted}: 1 ill-formed IOB1 tag, the first one at line 58: B-X after O is not IOB1, read as the start of "
        "an entity",
    ]


def test_two_columns_are_needed_in_one_file(tmp_path: Path) -> None:
    path = write(tmp_path, "gold", "John B-PER B-PER\n")
    with pytest.raises(ValueError, match="gold and predicted tags are both read from column 2, expected two columns"):
        score_files(path, gold_tag_column=2, predicted_tag_column=2)


def test_the_column_that_holds_the_gold_tags_is_named(tmp_path: Path) -> None:
    """The file of predictions holds two columns of tags, and the one that is read is that of the gold tags."""
    gold = write(tmp_path, "gold", "John B-PER\nis O\n")
    both = write(tmp_path, "both", "John B-LOC B-PER\nis O O\n")
    notes: list[str] = []
    score_files(gold, both, notes=notes)
    assert notes == [
        f"{both}: column 2 is read, and holds the same tags as {gold}; other tags are in column 1. Are those the "
        "predicted ones? --predicted-tag-column 1"
    ]


def test_other_columns_of_tags_and_how_a_file_was_read_are_said(tmp_path: Path) -> None:
    gold = write(tmp_path, "gold", "1 John B-LOC B-PER\n2 is O O\n")
    notes: list[str] = []
    score_files(gold, write(tmp_path, "predicted", "John B-ORG\nis O\n"), notes=notes)
    assert notes == [
        f"{gold}: column 0 counts, so tokens are read from column 1",
        f"{gold}: columns 2, 3 hold tags; column 3 is read, --gold-tag-column names another",
    ]


def test_mixed_schemes_are_said(tmp_path: Path) -> None:
    path = write(tmp_path, "mixed", "John B-PER\nis O\n\nParis S-LOC\n\nRome L-LOC\n\nAna E-PER\n")
    notes: list[str] = []
    score_files(path, path, notes=notes)
    assert len(notes) == 1
    assert notes[0].startswith(f"{path}: ")
