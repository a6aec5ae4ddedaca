"""Kinds of mistakes, pairs and the confusion matrix, on sentences worked out by hand."""

import pytest

from windowner.report.confusion import NONE, count_pairs, pair_entities
from windowner.report.mistakes import Span, kinds_of, sentence_spans
from windowner.report.sentences import choose, count_kinds, mark, view, wrong_sentences
from windowner.runs.folder import TaggedSentence


def spans(*entities):
    return [Span(*entity) for entity in entities]


GOLD = spans((0, 2, "PER"), (3, 4, "LOC"), (5, 8, "ORG"), (9, 10, "LOC"))
FOUND = spans((0, 2, "PER"), (3, 4, "ORG"), (5, 7, "ORG"), (11, 12, "PER"))


def test_spans_of_sentences_do_not_run_into_each_other():
    tags = [["B-PER", "I-PER"], [], ["I-PER", "O", "B-LOC"], ["O"]]
    assert sentence_spans(tags) == [spans((0, 2, "PER")), [], spans((0, 1, "PER"), (2, 3, "LOC")), []]


def test_each_kind_once():
    assert kinds_of(GOLD, FOUND, "missed") == ["correct", "type", "boundary", "missed"]
    assert kinds_of(FOUND, GOLD, "spurious") == ["correct", "type", "boundary", "spurious"]
    assert count_kinds([GOLD], [FOUND]) == {"missed": 1, "spurious": 1, "boundary": 1, "type": 1}


def test_neighbours_that_only_touch_do_not_overlap():
    assert kinds_of(spans((0, 2, "LOC")), spans((2, 3, "LOC")), "missed") == ["missed"]


def test_a_boundary_of_another_type_is_a_boundary():
    assert kinds_of(spans((0, 2, "LOC")), spans((1, 2, "PER")), "missed") == ["boundary"]


def test_pairs_count_each_entity_once():
    counts = count_pairs([GOLD], [FOUND])
    assert counts == {
        ("PER", "PER"): 1,
        ("LOC", "ORG"): 1,
        ("ORG", "ORG"): 1,
        ("LOC", NONE): 1,
        (NONE, "PER"): 1,
    }


def test_the_same_span_is_paired_before_a_larger_overlap():
    """(2, 4) overlaps (0, 4) by two tokens and itself by two; itself wins, and (0, 4) is left with (0, 1)."""
    assert pair_entities(spans((0, 4, "A"), (4, 5, "B")), spans((0, 1, "C"), (1, 4, "D"), (4, 5, "E"))) == [
        ("B", "E"),
        ("A", "D"),
        (NONE, "C"),
    ]


def test_a_sentence_is_cut_at_its_entities():
    tokens = "a b c d e".split()
    assert [tuple(piece) for piece in mark(tokens, spans((1, 3, "X"), (4, 5, "Y")), ["type", "correct"])] == [
        ("a", "", ""),
        ("b c", "X", "type"),
        ("d", "", ""),
        ("e", "Y", "correct"),
    ]


def test_what_was_missed_is_marked_in_the_taggers_view():
    pieces, kinds = view(["a", "b", "c"], spans((0, 1, "X")), spans((2, 3, "Y")))
    assert [piece.kind for piece in pieces] == ["missed", "", "spurious"]
    assert sorted(kinds) == ["missed", "spurious"]


@pytest.fixture
def wrong():
    """Of four sentences, the first is right on both sides, the others wrong by one tagger, by both, by the other."""
    sentences = [TaggedSentence(["a"], ["B-X"], [])] * 4
    gold = [spans((0, 1, "X"))] * 4
    right, none, other = spans((0, 1, "X")), [], spans((0, 1, "Y"))
    return wrong_sentences(sentences, gold, [[right, none, other, right], [right, right, none, other]])


def test_sentences_with_a_mistake(wrong):
    assert [(s.number, s.kinds) for s in wrong] == [
        (2, [["missed"], []]),
        (3, [["type"], ["missed"]]),
        (4, [[], ["type"]]),
    ]


def test_where_not_all_fit_those_that_one_tagger_gets_right_are_kept(wrong):
    assert [s.number for s in choose(wrong, 2)] == [2, 4]
    assert [s.number for s in choose(wrong, 10)] == [2, 3, 4]
