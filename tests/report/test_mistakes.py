"""Kinds of mistakes, pairs and the confusion matrix, on sentences worked out by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.report.confusion import NONE, count_pairs, pair_entities
from windowner.report.mistakes import kinds_of, overlap, overlapping_pairs
from windowner.report.sentences import choose, count_kinds, mark, view, wrong_sentences
from windowner.runs.predictions import TaggedSentence
from windowner.text.token_spans import TokenSpan, sentence_spans


def spans(*entities):
    return [TokenSpan(*entity) for entity in entities]


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


@st.composite
def drawn_sides(draw):
    """Two sides of a sentence of 12 tokens, each without overlaps, in any order."""
    sides = []
    for _ in range(2):
        borders = sorted(draw(st.sets(st.integers(0, 12), max_size=13)))
        drawn = [TokenSpan(start, end, draw(st.sampled_from("AB"))) for start, end in pairwise(borders)]
        kept = draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
        sides.append(draw(st.permutations([span for span, keep in zip(drawn, kept, strict=True) if keep])))
    return sides


def compared_one_by_one(spans, others, alone):
    """Kinds as their definition says it, each entity against all others."""

    def kind(span):
        if any(span[:2] == other[:2] for other in others):
            return "correct" if span in others else "type"
        return "boundary" if any(overlap(span, other) for other in others) else alone

    return [kind(span) for span in spans]


def paired_one_by_one(gold, predicted):
    """Pairs as their definition says it, from all pairs of entities."""
    touching = [
        (g_span[:2] != p_span[:2], -overlap(g_span, p_span), g, p)
        for g, g_span in enumerate(gold)
        for p, p_span in enumerate(predicted)
        if overlap(g_span, p_span)
    ]
    left, right = dict(enumerate(gold)), dict(enumerate(predicted))
    pairs = [(left.pop(g).type, right.pop(p).type) for *_, g, p in sorted(touching) if g in left and p in right]
    return [*pairs, *((span.type, NONE) for span in left.values()), *((NONE, span.type) for span in right.values())]


@given(drawn_sides())
def test_one_walk_finds_what_comparing_all_pairs_finds(sides):
    gold, predicted = sides
    assert kinds_of(gold, predicted, "missed") == compared_one_by_one(gold, predicted, "missed")
    assert pair_entities(gold, predicted) == paired_one_by_one(gold, predicted)


class Counted(list):
    reads = 0

    def __getitem__(self, index):
        self.reads += 1
        return super().__getitem__(index)


def test_a_sentence_of_thousands_of_entities_is_walked_once():
    """Comparing all pairs would read 4,000,000 entities."""
    gold, predicted = (Counted(TokenSpan(2 * n + shift, 2 * n + 2, "A") for n in range(2000)) for shift in (0, 1))
    assert len(overlapping_pairs(gold, predicted)) == 2000
    assert gold.reads + predicted.reads < 20 * 2000


def test_a_sentence_is_cut_at_its_entities():
    tokens = "a b c d e".split()
    pieces = mark(tokens, spans((1, 3, "X"), (4, 5, "Y")), ["type", "correct"])
    assert [(piece.text, *((each.type, each.kind) for each in piece.marks)) for piece in pieces] == [
        ("a ",),
        ("b c", ("X", "type")),
        (" d ",),
        ("e", ("Y", "correct")),
    ]


def test_what_was_missed_is_marked_in_the_taggers_view():
    pieces, kinds = view(["a", "b", "c"], spans((0, 1, "X")), spans((2, 3, "Y")))
    assert [[each.kind for each in piece.marks] for piece in pieces] == [["missed"], [], ["spurious"]]
    assert sorted(kinds) == ["missed", "spurious"]


@pytest.fixture
def wrong():
    """Of four sentences, the first is right on both sides, the others wrong by one tagger, by both, by the other."""
    sentences = [TaggedSentence(["a"], ["B-X"], ["O"])] * 4
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
