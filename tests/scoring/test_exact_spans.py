"""Scores of exact spans of characters."""

import pytest
from synthetic import error_of, succeed

from windowner.errors import DataError
from windowner.scoring.entities import PRF
from windowner.scoring.exact_spans import score_spans
from windowner.text.document import Document, Span

GOLD = '{"text": "City of Rome, Ana", "spans": [[0, 12, "ORG"], [8, 12, "LOC"], [14, 17, "PER"]]}\n'
FOUND = '{"text": "City of Rome, Ana", "spans": [[0, 12, "ORG"], [14, 17, "LOC"]]}\n'


@pytest.fixture
def files(tmp_path):
    gold, found = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text(GOLD)
    found.write_text(FOUND)
    return gold, found


def test_spans_by_hand():
    """`Rome` stands inside of `City of Rome`; it counts as missed, and is counted as nested."""
    document = Document("City of Rome", [Span(0, 12, "ORG"), Span(8, 12, "LOC")])
    scores = score_spans([document], [[Span(0, 12, "ORG", 0.9), Span(0, 4, "LOC", 0.5)]])
    assert (scores.overall, scores.nested, scores.documents) == (PRF(2, 2, 1), 1, 1)
    assert scores.types == {"LOC": PRF(1, 1, 0), "ORG": PRF(1, 1, 1)}


def test_a_span_is_correct_once():
    scores = score_spans([Document("Ana", [Span(0, 3, "PER")])], [[Span(0, 3, "PER"), Span(0, 3, "PER")]])
    assert scores.overall == PRF(1, 2, 1)


def test_a_gold_span_outside_of_its_text_is_an_error():
    with pytest.raises(DataError, match="span 0 to 9 PER"):
        score_spans([Document("Ana", [Span(0, 9, "PER")])], [[]])


def test_files_of_spans_are_scored_by_characters(files):
    shown = succeed("score", *files).stdout
    assert shown.startswith("1 text; exact spans of characters: 3 gold, 2 found, 1 correct\n")
    assert "1 gold span missed because of a longer one that overlaps" in shown


def test_a_span_that_cuts_a_token_is_wrong_and_no_error(tmp_path):
    """Both sides would have other tokens then."""
    gold, found = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text('{"text": "V.L. came", "spans": [[0, 3, "PER"]]}\n')
    found.write_text('{"text": "V.L. came", "spans": [[0, 4, "PER"]]}\n')
    assert "1 gold, 1 found, 0 correct" in succeed("score", gold, found).stdout


def test_other_texts_are_an_error(files):
    gold, found = files
    found.write_text(FOUND.replace("Ana", "Eva"))
    assert error_of("score", *files) == f"{found}:1: another text, expected that of {gold}:1"
    found.write_text(FOUND * 2)
    assert error_of("score", *files) == f"{found}: 2 texts, expected 1 as in {gold}"


def test_a_span_with_a_token_that_is_not_annotated_is_not_counted():
    document = Document("Ana saw Rome", [Span(0, 3, "PER")], [[(0, 3), (4, 7), (8, 12)]], not_annotated=frozenset({8}))
    scores = score_spans([document], [[Span(0, 3, "PER"), Span(8, 12, "LOC")]])
    assert scores.overall == PRF(1, 1, 1)
