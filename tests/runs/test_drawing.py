"""Sentences that are drawn: with entities, in whole documents where they are marked, and the same for the same seed."""

import numpy as np
import pytest

from windowner.errors import DataError
from windowner.runs.drawing import draw_fraction, draws_documents, hold_out, take
from windowner.text.schemes import SCHEMES
from windowner.text.sentence import Corpus, Sentence


def corpus_of(entities, starts=()):
    """A corpus with one sentence per letter: `e` with an entity, `o` without; the line of a sentence is its place."""
    tags = {"e": "B-PER", "o": "O"}
    sentences = [Sentence([f"w{place}"], [tags[kind]], place, []) for place, kind in enumerate(entities)]
    return Corpus("train.conll", sentences, list(starts), SCHEMES["IOB2"], 0, [])


def places(corpus):
    return [sentence.line for sentence in corpus.sentences]


def count_entities(corpus):
    return sum(tags == ["B-PER"] for tags in corpus.tags)


@pytest.mark.parametrize("seed", range(5))
def test_a_tenth_of_the_sentences_with_entities_and_of_those_without(seed):
    train, dev = hold_out(corpus_of("eo" * 30 + "o" * 40), seed)
    assert (len(dev.sentences), count_entities(dev)) == (10, 3)
    assert (len(train.sentences), count_entities(train)) == (90, 27)
    assert sorted(places(train) + places(dev)) == list(range(100))
    assert places(train) == sorted(places(train))
    assert places(dev) == sorted(places(dev))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("entities", "in_train", "in_dev"),
    [("o" * 98 + "ee", 1, 1), ("o" * 99 + "e", 1, 0), ("ee", 1, 1), ("eo", 1, 0), ("e" * 12, 11, 1)],
)
def test_both_sides_have_entities_where_two_sentences_do(entities, in_train, in_dev, seed):
    """A single sentence with an entity stays in the training text."""
    train, dev = hold_out(corpus_of(entities), seed)
    assert (count_entities(train), count_entities(dev)) == (in_train, in_dev)
    assert train.sentences
    assert dev.sentences


def test_the_same_seed_holds_out_the_same_sentences():
    corpus = corpus_of("eo" * 50)
    assert places(hold_out(corpus, 3)[1]) == places(hold_out(corpus, 3)[1])
    assert places(hold_out(corpus, 3)[1]) != places(hold_out(corpus, 4)[1])


def test_one_sentence_cannot_be_split():
    with pytest.raises(DataError, match=r"train.conll: 1 sentence, expected at least 2 where there is no data.dev"):
        hold_out(corpus_of("e"), 0)


@pytest.mark.parametrize("seed", range(5))
def test_whole_documents_are_held_out(seed):
    """20 documents of 5 sentences: about 10 sentences are two documents, with the marks where they belong."""
    corpus = corpus_of("eoooo" * 20, range(0, 100, 5))
    assert draws_documents(corpus)
    train, dev = hold_out(corpus, seed)
    assert len(dev.sentences) == 10
    assert dev.document_starts == [0, 5]
    assert train.document_starts == list(range(0, 90, 5))
    for part in (train, dev):
        assert all(places(part)[start] % 5 == 0 for start in part.document_starts)


@pytest.mark.parametrize("seed", range(5))
def test_a_document_that_is_most_of_the_text_is_not_held_out(seed):
    corpus = corpus_of("e" * 200 + "eo" * 10, [0, *range(200, 220, 2)])
    _, dev = hold_out(corpus, seed)
    assert len(dev.sentences) == 20
    assert min(places(dev)) == 200


def test_where_few_documents_are_marked_sentences_are_held_out():
    """One of two documents would be half of the text."""
    corpus = corpus_of("e" * 100, [0, 50])
    assert not draws_documents(corpus)
    train, dev = hold_out(corpus, 0)
    assert (len(train.sentences), len(dev.sentences)) == (90, 10)
    assert len(train.document_starts) == 2


@pytest.mark.parametrize(
    ("starts", "kept", "expected"),
    [
        ([], [1, 2], []),
        ([0, 3, 6], [0, 1, 2, 3, 4, 5, 6], [0, 3, 6]),
        ([0, 3, 6], [1, 4, 5, 7], [0, 1, 3]),
        ([0, 3, 6], [4, 7], [0, 1]),
        ([3, 6], [0, 1, 4], [2]),  # no mark stands before the first document
        ([3, 6], [7], [0]),
    ],
)
def test_what_is_taken_knows_where_documents_start(starts, kept, expected):
    taken = take(corpus_of("e" * 8, starts), np.array(kept))
    assert places(taken) == kept
    assert taken.document_starts == expected


def test_a_share_keeps_document_starts():
    drawn = draw_fraction(corpus_of("e" * 40, range(0, 40, 10)), 0.5, 1)
    assert len(drawn.sentences) == 20
    documents = [place // 10 for place in places(drawn)]
    assert drawn.document_starts == [documents.index(number) for number in sorted(set(documents))]


def test_a_share_draws_what_it_always_drew():
    """So that experiments go on with the same training sentences."""
    assert places(draw_fraction(corpus_of("e" * 12), 0.25, 7)) == sorted(
        np.random.default_rng((7, 12)).permutation(12)[:3].tolist()
    )


def test_a_share_without_entities_is_refused():
    with pytest.raises(
        DataError, match=r"train.conll: data.fraction = 0.1: all tags of 1 sentence are O; choose a larger share"
    ):
        draw_fraction(corpus_of("o" * 10), 0.1, 0)
