"""Decoding against all legal sequences of short sentences, written out and scored one by one."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain import decoding
from windowner.network.chain.decoding import Decoder, decode, decode_marginals, illegal_sentences, legal_scores, viterbi
from windowner.network.chain.scores import Chain
from windowner.text.legal import legal_transitions
from windowner.text.schemes import SCHEMES, tag_set

SETS = [(scheme, types) for scheme in SCHEMES for types in (["LOC"], ["LOC", "PER"])]


@cache
def every_legal_sequence(scheme, types, length):
    """All legal tag sequences of a length, (sequences, length), by trying every sequence."""
    legality = legal_transitions(tag_set(types, scheme), scheme)
    K = len(legality.start)
    legal = [tags for tags in product(range(K), repeat=length) if is_legal(tags, legality)]
    return np.array(legal).reshape(-1, length)


def is_legal(tags, legality):
    return (
        legality.start[tags[0]] and legality.end[tags[-1]] and all(legality.transition[a, b] for a, b in pairwise(tags))
    )


def scores_of(sequences, z, chain):
    """Scores of tag sequences, (sequences, length), of one sentence with logits z, term by term."""
    s = z[np.arange(len(z)), sequences].sum(axis=1) + chain.start[sequences[:, 0]] + chain.end[sequences[:, -1]]
    return s + chain.transition[sequences[:, :-1], sequences[:, 1:]].sum(axis=1)


def offsets_of(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)


@pytest.mark.parametrize(("scheme", "types"), SETS)
def test_decoding_finds_the_best_of_all_legal_sequences(scheme, types):
    """Continuous random logits, so that the best sequence is the only one."""
    rng = np.random.default_rng(1)
    tags = tag_set(types, scheme)
    lengths = [1, 2, 3, 1, 3, 2] * 10 + [4] * (len(types) == 1)
    offsets = offsets_of(lengths)
    z = 2 * rng.normal(size=(offsets[-1], len(tags)))
    found = decode(z, offsets, legal_transitions(tags, scheme))
    for first, last in pairwise(offsets):
        sequences = every_legal_sequence(scheme, tuple(types), last - first)
        scores = z[np.arange(first, last), sequences].sum(axis=1)
        np.testing.assert_array_equal(found[first:last], sequences[scores.argmax()])


@pytest.mark.parametrize(("scheme", "types"), SETS)
def test_decoding_with_a_chain_finds_the_best_of_all_legal_sequences(scheme, types):
    """Each legal sequence is scored term by term; the single best tags are another sequence more often than not."""
    rng = np.random.default_rng(6)
    tags = tag_set(types, scheme)
    K = len(tags)
    chain = Chain(2 * rng.normal(size=(K, K)), 2 * rng.normal(size=K), 2 * rng.normal(size=K))
    offsets = offsets_of([1, 2, 3, 0, 3, 2] * 5)
    z = rng.normal(size=(offsets[-1], K))
    found = decode(z, offsets, legal_transitions(tags, scheme), chain)
    for first, last in pairwise(offsets):
        if last > first:
            sequences = every_legal_sequence(scheme, tuple(types), last - first)
            scores = scores_of(sequences, z[first:last], chain)
            np.testing.assert_array_equal(found[first:last], sequences[scores.argmax()])
    assert (found != z.argmax(axis=1)).any()


@pytest.mark.parametrize("t", [0.0, 1.5, -1.0])
@pytest.mark.parametrize(("scheme", "types"), SETS)
def test_posterior_decoding_finds_the_legal_sequence_of_the_most_probable_tags(scheme, types, t):
    """Marginals by summing over all legal sequences; t is taken from those of O, in nats."""
    rng = np.random.default_rng(7)
    tags = tag_set(types, scheme)
    K = len(tags)
    chain = Chain(2 * rng.normal(size=(K, K)), 2 * rng.normal(size=K), 2 * rng.normal(size=K))
    offsets = offsets_of([1, 2, 3, 0, 3, 2] * 20)
    z = rng.normal(size=(offsets[-1], K))
    legality, o = legal_transitions(tags, scheme), tags.index("O")
    found = Decoder(legality, chain, outside=o, threshold=t)(z, offsets)
    for first, last in pairwise(offsets):
        if last > first:
            sequences = every_legal_sequence(scheme, tuple(types), last - first)
            p = np.exp(scores_of(sequences, z[first:last], chain))
            p /= p.sum()
            log_p = np.log([p @ (sequences == k) + 1e-300 for k in range(K)])  # (K, words)
            log_p[o] -= t
            scores = log_p[sequences, np.arange(last - first)].sum(axis=1)
            np.testing.assert_array_equal(found[first:last], sequences[scores.argmax()])
    assert (found != decode(z, offsets, legality, chain)).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_decoding_by_marginals_is_decoding_by_their_logarithms(dtype):
    """In float64 and in one long sentence too, whose sums a float32 would round to 1e-2."""
    rng = np.random.default_rng(9)
    tags = tag_set(["LOC", "PER"], "BIOES")
    offsets = offsets_of([1, 2, 30, 0, 20_000, 5])
    z = rng.normal(size=(offsets[-1], len(tags)))
    p = (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)).astype(dtype)
    legality = legal_transitions(tags, "BIOES")
    found = decode_marginals(p, offsets, legality)
    np.testing.assert_array_equal(found, decode(np.log(p.astype(np.float64)), offsets, legality))
    assert (found != p.argmax(axis=1)).any()


def test_thresholds_that_are_tried_together_are_those_tried_alone():
    rng = np.random.default_rng(10)
    tags = tag_set(["LOC"], "BIOES")
    chain = Chain(rng.normal(size=(5, 5)), rng.normal(size=5), rng.normal(size=5))
    offsets = offsets_of([4] * 20)
    z, legality, tried = rng.normal(size=(80, 5)), legal_transitions(tags, "BIOES"), [2.0, -1.0, 0.0]
    decoder = Decoder(legality, chain, outside=tags.index("O"))
    for t, found in zip(tried, decoder.with_thresholds(z, offsets, tried), strict=True):
        np.testing.assert_array_equal(found, replace(decoder, threshold=t)(z, offsets))
    assert (found != replace(decoder, threshold=2.0)(z, offsets)).any()


def test_a_threshold_without_posterior_decoding_is_taken_from_the_logits():
    rng = np.random.default_rng(8)
    tags = tag_set(["LOC"], "BIOES")
    chain = Chain(rng.normal(size=(5, 5)), rng.normal(size=5), rng.normal(size=5))
    offsets = offsets_of([4] * 20)
    z, legality = rng.normal(size=(80, 5)), legal_transitions(tags, "BIOES")
    lowered = z - 2 * (np.arange(5) == tags.index("O"))
    for scores in (chain, None):
        decoder = Decoder(legality, scores, posterior=False, outside=tags.index("O"), threshold=2.0)
        np.testing.assert_array_equal(decoder(z, offsets), decode(lowered, offsets, legality, scores))
        assert (decoder(z, offsets) != decode(z, offsets, legality, scores)).any()


@pytest.mark.parametrize(("scheme", "types"), SETS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_decoding_is_never_illegal(scheme, types, dtype):
    """Long sentences, short ones, ties, and logits so large that adding them up in float32 loses the small ones."""
    rng = np.random.default_rng(2)
    tags = tag_set(types, scheme)
    legality = legal_transitions(tags, scheme)
    lengths = [*rng.integers(1, 8, 60), 80, 1]
    offsets = offsets_of(lengths)
    shape = (offsets[-1], len(tags))
    for z in (rng.normal(size=shape), 1e6 * rng.normal(size=shape), rng.integers(0, 2, shape), np.zeros(shape)):
        found = decode(z.astype(dtype), offsets, legality)
        assert all(is_legal(found[a:b], legality) for a, b in pairwise(offsets))


@pytest.mark.parametrize(("scheme", "types"), SETS)
def test_a_legal_greedy_sequence_is_kept(scheme, types):
    rng = np.random.default_rng(3)
    tags = tag_set(types, scheme)
    legality = legal_transitions(tags, scheme)
    sequences = every_legal_sequence(scheme, tuple(types), 3)
    chosen = sequences[rng.integers(0, len(sequences), 20)].reshape(-1)
    z = rng.random((60, len(tags)))
    z[np.arange(60), chosen] += 1  # so that it is the best tag of its word
    np.testing.assert_array_equal(decode(z, offsets_of([3] * 20), legality), chosen)


def test_greedy_and_search_agree_where_greedy_is_legal():
    """So it makes no difference that the search is left out."""
    rng = np.random.default_rng(4)
    tags = tag_set(["LOC"], "BIOES")
    legality = legal_transitions(tags, "BIOES")
    z = rng.normal(size=(300, 3, len(tags)))
    greedy = z.argmax(axis=2)
    legal = np.array([is_legal(sequence, legality) for sequence in greedy])
    assert 10 < legal.sum() < 290
    B, T, K = z[legal].shape
    word_by_word = z[legal].transpose(1, 0, 2).reshape(-1, K)
    found = viterbi(word_by_word, [B] * T, legal_scores(legality, z.dtype))
    np.testing.assert_array_equal(found.reshape(T, B).T, greedy[legal])


@pytest.mark.parametrize("paths", [1, 20, 100, 10**6])
def test_blocks_of_paths_change_nothing(monkeypatch, paths):
    """The search over all paths at once, step by step: 9 tags, 4 sentences; a maximum has no rounding."""
    monkeypatch.setattr(decoding, "PATHS", paths)
    rng = np.random.default_rng(5)
    s, transition = rng.normal(size=(9, 4)), rng.normal(size=(9, 9))
    expected = [[max(s[i, b] + transition[i, j] for i in range(9)) for b in range(4)] for j in range(9)]
    np.testing.assert_array_equal(decoding._best_paths(s, transition), expected)


def test_an_example_by_hand():
    """BIOES, "New York": the best single tags B O score 3 + 2 but are illegal.

    Of the legal pairs, B E has 3 + 1 = 4, O O has 1 + 2 = 3, S O has 0 + 2 = 2, and so on.
    """
    tags = tag_set(["LOC"], "BIOES")  # O B-LOC I-LOC E-LOC S-LOC
    z = np.array([[1.0, 3.0, 0.0, 0.0, 0.0], [2.0, 0.0, 0.0, 1.0, 0.0]])
    found = decode(z, np.array([0, 2]), legal_transitions(tags, "BIOES"))
    assert [tags[tag] for tag in found] == ["B-LOC", "E-LOC"]


def test_illegal_sentences_are_found_at_start_middle_and_end():
    tags = tag_set(["LOC"], "BIOES")
    legality = legal_transitions(tags, "BIOES")
    number = {tag[0]: i for i, tag in enumerate(tags)}
    sentences = ["O", "IE", "BOE", "SB", "BIE", "B", "OSO", "EO"]
    numbers = np.array([number[letter] for sentence in sentences for letter in sentence])
    offsets = offsets_of([len(sentence) for sentence in sentences])
    assert [sentences[i] for i in illegal_sentences(numbers, offsets, legality)] == ["IE", "BOE", "SB", "B", "EO"]


def test_empty_sentences_are_passed_over():
    tags = tag_set(["LOC"], "BIOES")
    legality = legal_transitions(tags, "BIOES")
    z = np.zeros((3, 5))
    z[[0, 1, 2], [2, 2, 4]] = 1.0  # I I, then S
    found = decode(z, np.array([0, 0, 2, 2, 3, 3]), legality)
    assert is_legal(found[:2], legality)
    assert found[2] == 4
    assert len(decode(np.zeros((0, 5)), np.array([0, 0]), legality)) == 0


def test_sentences_do_not_change_each_other():
    """Each is decoded as it would be alone, though sentences of a length are decoded together."""
    rng = np.random.default_rng(5)
    tags = tag_set(["LOC", "PER"], "BIOES")
    legality = legal_transitions(tags, "BIOES")
    offsets = offsets_of(rng.integers(1, 9, 50))
    z = rng.normal(size=(offsets[-1], len(tags)))
    together = decode(z, offsets, legality)
    for first, last in pairwise(offsets):
        np.testing.assert_array_equal(
            decode(z[first:last], np.array([0, last - first]), legality), together[first:last]
        )
