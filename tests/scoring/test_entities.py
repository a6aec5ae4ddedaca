"""Counting entities: an example worked by hand, properties, and mistakes of the caller."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.scoring.entities import PRF, entity_f1, score
from windowner.scoring.significance import sentence_counts
from windowner.text.schemes import SCHEMES
from windowner.text.spans import encode_tags
from windowner.text.tag_writing import convert

tags = st.sampled_from(["O", "B-A", "I-A", "B-b-c", "I-b-c"])
pairs = st.lists(st.lists(st.tuples(tags, tags), max_size=8), max_size=5)
deterministic = settings(derandomize=True, deadline=None, max_examples=300)


def sides(sentences: list[list[tuple[str, str]]]) -> tuple[list[list[str]], list[list[str]]]:
    return [[g for g, _ in pairs] for pairs in sentences], [[p for _, p in pairs] for pairs in sentences]


def test_worked_example() -> None:
    """Gold has three entities, the prediction four, of which one has the right borders and type.

    gold       [PER PER] O  [LOC] [LOC LOC]   precision 1/4, recall 1/3, F1 = 2 * 1 / (3 + 4) = 2/7
    predicted  [PER PER] O  [PER] [LOC] [LOC]  PER: 1 of 2 predicted, 1 of 1 gold; LOC: 0 of 2, 0 of 2
                                              tags: all but the fourth and the sixth are equal, 4/6
    """
    gold = [["B-PER", "I-PER", "O"], ["B-LOC", "B-LOC", "I-LOC"]]
    predicted = [["B-PER", "I-PER", "O"], ["B-PER", "B-LOC", "B-LOC"]]
    scores = score(gold, predicted)
    assert (scores.overall.precision, scores.overall.recall, scores.overall.f1) == (1 / 4, 1 / 3, 2 / 7)
    assert scores.types == {"LOC": PRF(2, 2, 0), "PER": PRF(1, 2, 1)}
    assert list(scores.types) == ["LOC", "PER"]
    assert (scores.accuracy, scores.tokens, scores.sentences) == (4 / 6, 6, 2)


def test_as_json() -> None:
    scores = score([["B-A", "O"]], [["B-A", "B-B"]])
    assert json.loads(json.dumps(scores.as_dict())) == {
        "tokens": 2,
        "sentences": 1,
        "accuracy": 0.5,
        "overall": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 1},
        "types": {
            "A": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1},
            "B": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0},
        },
    }


@pytest.mark.parametrize("sentences", [[], [[]], [["O", "O"]]])
def test_what_divides_by_zero_is_zero(sentences: list[list[str]]) -> None:
    scores = score(sentences, sentences)
    assert scores.overall == PRF(0, 0, 0)
    assert (scores.overall.precision, scores.overall.recall, scores.overall.f1, scores.types) == (0.0, 0.0, 0.0, {})
    assert scores.accuracy == (1.0 if sum(map(len, sentences)) else 0.0)


def test_accuracy_compares_prefix_and_type() -> None:
    assert score([["B-A", "I-A", "I-A", "O"]], [["B-A", "B-A", "I-B", "O"]]).accuracy == 0.5


@deterministic
@given(pairs)
def test_counts_equal_those_of_sets(sentences: list[list[tuple[str, str]]]) -> None:
    gold, predicted = sides(sentences)
    encoded = [encode_tags(gold, ["A", "b-c"]), encode_tags(predicted, ["A", "b-c"])]
    spans = [side.spans() for side in encoded]
    gold_set, predicted_set = (set(zip(*map(list, side), strict=True)) for side in spans)
    overall = score(gold, predicted).overall
    assert overall == PRF(len(gold_set), len(predicted_set), len(gold_set & predicted_set))
    assert entity_f1(encoded[0], spans[1]) == overall.f1


def test_tokens_that_are_not_annotated_are_left_out() -> None:
    """The third token is not annotated. Of three predicted entities one is right, one is wrong, one is not counted."""
    scores = score([["B-A", "O", "_", "O"]], [["B-A", "O", "B-A", "B-A"]])
    assert scores.overall == PRF(support=1, predicted=2, correct=1)
    assert (scores.accuracy, scores.tokens, scores.not_annotated) == (2 / 3, 3, 1)
    assert scores.as_dict()["not_annotated"] == 1
    counts = sentence_counts([["B-A", "O", "_", "O"]], [["B-A", "O", "B-A", "B-A"]])
    assert counts.tolist() == [[1, 2, 1]]


@deterministic
@given(pairs, st.sampled_from([name for name in SCHEMES if name != "IO"]))
def test_the_schemes_of_the_sides_may_differ(sentences: list[list[tuple[str, str]]], scheme: str) -> None:
    gold, predicted = sides(sentences)
    expected = score(gold, predicted)
    for scores in (score(convert(gold, scheme), predicted), score(gold, convert(predicted, scheme))):
        assert (scores.overall, scores.types) == (expected.overall, expected.types)


@deterministic
@given(pairs)
def test_swapped_sides_swap_precision_and_recall(sentences: list[list[tuple[str, str]]]) -> None:
    gold, predicted = sides(sentences)
    scores, swapped = score(gold, predicted), score(predicted, gold)
    assert (scores.overall.precision, scores.overall.recall) == (swapped.overall.recall, swapped.overall.precision)
    assert (scores.overall.f1, scores.accuracy) == (swapped.overall.f1, swapped.accuracy)


def test_an_entity_does_not_cross_sentences() -> None:
    assert score([["B-A"], ["I-A"]], [["B-A"], ["B-A"]]).overall == PRF(2, 2, 2)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="1 predicted sentences, expected 2 as in gold"):
        score([["O"], ["O"]], [["O", "O"]])
    with pytest.raises(ValueError, match="sentence 1: 1 predicted tags, expected 2 as in gold"):
        score([["O"], ["O", "O"]], [["O"], ["O"]])


@pytest.mark.parametrize("tag", [None, 3, float("nan"), b"O", ["O"]])
def test_a_tag_that_is_no_string(tag):
    for gold, predicted in (([["O", tag]], [["O", "O"]]), ([["O", "O"]], [["O", tag]])):
        with pytest.raises(ValueError, match="a tag is"):
            score(gold, predicted)
