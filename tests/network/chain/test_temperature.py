"""The temperature of known probabilities is found again, and it never changes the best tags."""

import numpy as np
import pytest

from windowner.network.chain.decoding import decode, legal_chain
from windowner.network.chain.marginals import span_probabilities
from windowner.network.chain.scores import Chain
from windowner.network.chain.temperature import HIGHEST, LOWEST, fit_temperature
from windowner.text.legal import legal_transitions
from windowner.text.schemes import tag_set

TAGS = tag_set(["LOC"], "BIOES")
LEGALITY = legal_transitions(TAGS, "BIOES")
FREE = LEGALITY._replace(**{name: np.ones_like(legal) for name, legal in LEGALITY._asdict().items()})


def single_words(z, tags, legality):
    """Probabilities of tags at a temperature, where each word is a sentence and an entity."""
    words = np.arange(len(z) + 1)

    def probabilities(temperature):
        chain = legal_chain(legality, None, temperature)
        return span_probabilities(z / temperature, tags, (words[:-1], words[1:]), words, chain)

    return probabilities


@pytest.mark.parametrize("truth", [0.7, 1.0, 2.5])
def test_the_temperature_that_tags_were_drawn_with_is_found(truth):
    """Of 20,000 words the likeliest tag is right as often as softmax(z / truth) says; tolerance: 3 standard errors."""
    rng = np.random.default_rng(1)
    z = 2 * rng.normal(size=(20_000, 5))
    gumbel = -np.log(-np.log(rng.random(z.shape)))
    tags = z.argmax(axis=1)
    correct = (z / truth + gumbel).argmax(axis=1) == tags  # a draw from the softmax
    assert fit_temperature(single_words(z, tags, FREE), correct) == pytest.approx(truth, rel=0.06)


def test_scores_of_neighbours_are_divided_too_and_the_barrier_is_not():
    chain = Chain(np.full((5, 5), 3.0), np.full(5, 4.0), np.full(5, 5.0))
    scores = legal_chain(LEGALITY, chain, 2.0)
    np.testing.assert_array_equal(scores.transition, np.where(LEGALITY.transition, 1.5, 1.5 - 30))
    np.testing.assert_array_equal(scores.start, np.where(LEGALITY.start, 2, 2 - 30))
    np.testing.assert_array_equal(scores.end, np.where(LEGALITY.end, 2.5, 2.5 - 30))
    np.testing.assert_array_equal(legal_chain(LEGALITY, None, 2.0).end, np.where(LEGALITY.end, 0, -30))


def test_the_best_tags_stay_the_best():
    rng = np.random.default_rng(2)
    chain = Chain(rng.normal(size=(5, 5)), rng.normal(size=5), rng.normal(size=5))
    z, offsets = rng.normal(size=(60, 5)), np.arange(0, 61, 6)
    expected = decode(z, offsets, LEGALITY, chain)
    for temperature in (0.5, 3.0, 9.0):
        scaled = chain.scaled(1 / temperature)
        np.testing.assert_array_equal(decode(z / temperature, offsets, LEGALITY, scaled), expected)


def test_what_is_always_right_or_always_wrong_stays_within_bounds():
    z = np.eye(5)[[0, 0, 4, 0]] * 3
    probabilities = single_words(z, z.argmax(axis=1), LEGALITY)
    right = np.ones(4, dtype=bool)
    assert fit_temperature(probabilities, right) == pytest.approx(LOWEST, rel=0.01)
    assert fit_temperature(probabilities, ~right) == pytest.approx(HIGHEST, rel=0.01)


def test_without_entities_it_is_1():
    assert fit_temperature(lambda temperature: np.empty(0), np.empty(0, dtype=bool)) == 1
