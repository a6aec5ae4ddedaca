"""Decoding under constraints against all legal and allowed sequences of short sentences, tried one by one."""

from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain.constraints import allowed_on_paths, clamp, decode_clamped
from windowner.network.chain.decoding import Decoder
from windowner.network.chain.marginals import log_marginals, span_probabilities
from windowner.network.chain.scores import Chain
from windowner.text.legal import legal_transitions
from windowner.text.schemes import SCHEMES, tag_set

LENGTHS = [1, 2, 3, 4, 3, 0, 2, 1, 4]


def is_legal(tags, legality):
    pairs = all(legality.transition[a, b] for a, b in pairwise(tags))
    return legality.start[tags[0]] and legality.end[tags[-1]] and pairs


def possible(allowed, legality):
    """All sequences of a sentence that are legal and allowed, one by one."""
    choices = [np.flatnonzero(row) for row in allowed]
    return np.array([tags for tags in product(*choices) if is_legal(tags, legality)]).reshape(-1, len(allowed))


def draw(scheme, rng, with_chain=True):
    """Logits, offsets, a decoder, and constraints in which each sentence keeps the tags of one legal sequence."""
    names = tag_set(["LOC", "PER"] if scheme != "BIOES" else ["LOC"], scheme)
    K, legality = len(names), legal_transitions(names, scheme)
    offsets = np.concatenate([[0], np.cumsum(LENGTHS)])
    z = 3 * rng.normal(size=(offsets[-1], K))
    allowed = rng.random(z.shape) < 0.3
    for first, last in pairwise(offsets):
        if first < last:
            legal = possible(np.ones((last - first, K), dtype=bool), legality)
            allowed[np.arange(first, last), legal[rng.integers(len(legal))]] = True
    chain = Chain(rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K)) if with_chain else None
    return z, offsets, Decoder(legality, chain, threshold=0.4), allowed


def conditional(z, allowed, decoder):
    """All possible sequences of a sentence, and p(y | allowed) of each one, with the threshold, term by term."""
    sequences = possible(allowed, decoder.legality)
    z = decoder.subtract_threshold(z)
    s = z[np.arange(len(z)), sequences].sum(axis=1)
    if decoder.chain is not None:
        s += decoder.chain.start[sequences[:, 0]] + decoder.chain.end[sequences[:, -1]]
        s += decoder.chain.transition[sequences[:, :-1], sequences[:, 1:]].sum(axis=1)
    p = np.exp(s - s.max())
    return sequences, p / p.sum()


def clamped(z, offsets, decoder, allowed):
    return clamp(z, allowed_on_paths(allowed, offsets, decoder.legality))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_tags_that_remain_are_those_of_legal_and_allowed_sequences(scheme):
    _, offsets, decoder, allowed = draw(scheme, np.random.default_rng(1))
    before = allowed.copy()
    remaining = allowed_on_paths(allowed, offsets, decoder.legality)
    expected = np.zeros_like(allowed)
    for first, last in pairwise(offsets):
        for tags in possible(allowed[first:last], decoder.legality) if first < last else ():
            expected[np.arange(first, last), tags] = True
    np.testing.assert_array_equal(remaining, expected)
    np.testing.assert_array_equal(allowed, before)
    assert (remaining < allowed).any() or decoder.legality.transition.all()  # IO has no illegal sequence


@pytest.mark.parametrize("with_chain", [True, False])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_marginals_are_those_given_the_constraints(scheme, with_chain):
    """The barrier of illegal sequences, exp(-30), times differences of scores up to exp(15), bounds the error."""
    z, offsets, decoder, allowed = draw(scheme, np.random.default_rng(2), with_chain)
    p = np.exp(
        log_marginals(clamped(decoder.subtract_threshold(z), offsets, decoder, allowed), offsets, decoder.legal_chain())
    )
    assert np.isfinite(p).all()
    for first, last in pairwise(offsets):
        expected = np.zeros((last - first, z.shape[1]))
        if first < last:
            sequences, weights = conditional(z[first:last], allowed[first:last], decoder)
            for tags, weight in zip(sequences, weights, strict=True):
                expected[np.arange(last - first), tags] += weight
        np.testing.assert_allclose(p[first:last], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_probability_of_a_span_is_that_given_the_constraints(scheme):
    z, offsets, decoder, allowed = draw(scheme, np.random.default_rng(3))
    tags = decode_clamped(clamped(z, offsets, decoder, allowed), offsets, decoder)
    long = np.flatnonzero(np.diff(offsets) >= 3)
    spans = offsets[long] + 1, offsets[long] + 3
    scores = clamped(decoder.subtract_threshold(z), offsets, decoder, allowed)
    found = span_probabilities(scores, tags, spans, offsets, decoder.legal_chain())
    for p, sentence in zip(found, long, strict=True):
        first, last = offsets[sentence : sentence + 2]
        sequences, weights = conditional(z[first:last], allowed[first:last], decoder)
        agree = (sequences[:, 1:3] == tags[first + 1 : first + 3]).all(axis=1)
        np.testing.assert_allclose(p, weights[agree].sum(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("with_chain", [True, False])
@pytest.mark.parametrize("posterior", [True, False])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_decoding_finds_the_best_of_the_sequences_that_are_possible(scheme, posterior, with_chain):
    """With a chain, the threshold of posterior decoding divides P(O); without one, it is in the scores."""
    z, offsets, decoder, allowed = draw(scheme, np.random.default_rng(4), with_chain)
    decoder = Decoder(decoder.legality, decoder.chain, posterior, threshold=0.4)
    found = decode_clamped(clamped(z, offsets, decoder, allowed), offsets, decoder)
    for first, last in pairwise(offsets):
        if first == last:
            continue
        rows = slice(first, last)
        if posterior and with_chain:
            plain = Decoder(decoder.legality, decoder.chain)
            sequences, weights = conditional(z[rows], allowed[rows], plain)
            p = np.zeros_like(z[rows])
            for tags, weight in zip(sequences, weights, strict=True):
                p[np.arange(last - first), tags] += weight
            p[:, 0] *= np.exp(-0.4)
            weights = p[np.arange(last - first), sequences].prod(axis=1)
        else:
            sequences, weights = conditional(z[rows], allowed[rows], decoder)
        np.testing.assert_array_equal(found[rows], sequences[weights.argmax()])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_logits_break_no_constraint(dtype):
    """The network is sure of the tag that is ruled out: P of all others would be 0 in float32."""
    names = tag_set(["LOC", "PER"], "BIOES")
    legality = legal_transitions(names, "BIOES")
    z = np.zeros((4, len(names)), dtype=dtype)
    z[:, names.index("I-PER")] = 1e4
    allowed = np.ones(z.shape, dtype=bool)
    allowed[2] = np.array(names) == "S-LOC"
    chain = Chain.zeros(len(names))
    for decoder in (Decoder(legality), Decoder(legality, chain), Decoder(legality, chain, posterior=False)):
        z_allowed = clamp(z, allowed_on_paths(allowed, np.array([0, 4]), legality))
        tags = decode_clamped(z_allowed, np.array([0, 4]), decoder)
        assert names[tags[2]] == "S-LOC"
        assert is_legal(tags, legality)
        assert z_allowed.dtype == dtype


def test_a_sentence_without_a_possible_sequence_is_refused():
    names = tag_set(["LOC"], "BIOES")
    allowed = np.tile(np.array(names) == "B-LOC", (2, 1))
    with pytest.raises(ValueError, match="no legal tag sequence"):
        allowed_on_paths(allowed, np.array([0, 2]), legal_transitions(names, "BIOES"))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tag_that_is_ruled_out_is_no_way_out(dtype):
    """The network is sure of S E O S, which is illegal. S O O S differs in one word, but O is ruled out there."""
    names = tag_set(["LOC"], "BIOES")
    legality = legal_transitions(names, "BIOES")
    choices = ["O B-LOC S-LOC", "B-LOC E-LOC", "O E-LOC", "O S-LOC"]
    allowed = np.array([[name in choice.split() for name in names] for choice in choices])
    z = np.zeros((4, len(names)), dtype=dtype)
    z[np.arange(4), [names.index(tag) for tag in ("S-LOC", "E-LOC", "O", "S-LOC")]] = 1e4
    np.testing.assert_array_equal(allowed_on_paths(allowed, np.array([0, 4]), legality), allowed)
    tags = decode_clamped(clamp(z, allowed), np.array([0, 4]), Decoder(legality, Chain.zeros(len(names))))
    assert [names[tag] for tag in tags] == ["B-LOC", "E-LOC", "O", "S-LOC"]
