"""Where two taggers differ, on sentences whose differences are known."""

import numpy as np
import pytest

from windowner.labels.differences import compare_taggers
from windowner.scoring.significance import paired_difference, sentence_counts
from windowner.text.sentence import Sentence


class Fixed:
    """A tagger that gives these tags."""

    def __init__(self, *tags):
        self.tags = [each.split() for each in tags]

    def tag(self, sentences, document_starts=None):
        assert [len(tokens) for tokens in sentences] == [len(tags) for tags in self.tags]
        assert document_starts == [0]
        return self.tags


A = ("B-PER I-PER O B-LOC", "O B-LOC O", "B-LOC", "B-LOC I-LOC I-LOC", "O", "B-PER O")
B = ("B-PER I-PER O O", "O B-ORG O", "O", "B-LOC O B-LOC", "B-PER", "B-PER O")
GOLD = ("B-PER I-PER O B-LOC", "O B-PER O", "O", "B-LOC O B-LOC", "B-PER", "B-LOC O")


def compared(a=A, b=B, gold=GOLD):
    sentences = []
    for number, tags in enumerate(a):
        tokens = [f"w{number}{place}" for place in range(len(tags.split()))]
        sentences.append(Sentence(tokens, None if gold is None else gold[number].split(), 10 * number + 1, ["row"]))
    return compare_taggers(Fixed(*a), Fixed(*b), "made.conll", sentences, [0])


def test_kinds_and_who_is_right():
    found = [(each.sentence, each.line, each.kind, each.right) for each in compared().differences]
    assert found == [
        (0, 4, "only-a", "a"),
        (1, 12, "type", "neither"),
        (2, 21, "only-a", "b"),
        (3, 31, "boundary", "b"),
        (4, 41, "only-b", "b"),
    ]


def test_an_entity_that_one_lacks_is_wrong_for_both_where_the_labels_have_another_one():
    (only,) = compared(["B-LOC O"], ["O O"], ["B-LOC I-LOC"]).differences
    assert (only.kind, only.right) == ("only-a", "neither")
    assert [tuple(span) for span in only.gold] == [(0, 2, "LOC")]


def test_what_is_not_annotated_is_not_judged():
    (only,) = compared(["B-LOC I-LOC"], ["O O"], ["O _"]).differences
    assert only.right == "not-judged"


def test_without_labels_kinds_stay():
    labelled, unlabelled = compared(), compared(gold=None)
    assert [each.kind for each in unlabelled.differences] == [each.kind for each in labelled.differences]
    assert {each.right for each in unlabelled.differences} == {""}
    assert unlabelled.counts()["only-a"] == {"": 2}
    assert (unlabelled.scores, unlabelled.significance) == (None, None)
    assert "scores" not in unlabelled.as_dict()


def test_the_summary_counts_them():
    values = compared().as_dict()
    assert values["entities"] == {"a": 6, "b": 6, "alike": 2}
    assert values["differences"] == {"only-a": 2, "only-b": 1, "type": 1, "boundary": 1}
    assert values["right"]["only-a"] == {"a": 1, "b": 1, "neither": 0, "not-judged": 0}
    assert values["tokens"] == 14


def test_significance_is_that_of_compare():
    found = compared()
    gold, a, b = ([tags.split() for tags in side] for side in (GOLD, A, B))
    counts = [np.stack([sentence_counts(gold, side)]) for side in (a, b)]
    assert found.significance == paired_difference(*counts)
    assert found.significance.value == pytest.approx(found.scores[1].overall.f1 - found.scores[0].overall.f1)


def test_a_text_without_sentences_has_no_difference():
    found = compared([], [], [])
    assert found.differences == []
    assert found.as_dict()["f1_of_b_minus_a"] == {"value": 0.0, "low": 0.0, "high": 0.0, "p": 1.0}


def test_differences_as_records():
    first = compared().differences[0].as_dict("made.conll")
    assert first["a"] == [{"start": 3, "end": 4, "label": "LOC"}]
    assert (first["file"], first["line"], first["b"], first["right"]) == ("made.conll", 4, [], "a")
    assert "right" not in compared(gold=None).differences[0].as_dict("made.conll")
