"""Which sentences are chosen, against choosing one by one, and near-duplicates."""

from collections import Counter

import numpy as np
import pytest

from windowner.labels.choosing import ALIKE, Likes, Rule, choose
from windowner.labels.uncertainty import MEASURES


def choose_one_by_one(sentences, uncertainty, rule):
    """As the module defines it: the best gain of all that are left, again and again."""
    met, left, order = Counter(), list(range(len(sentences))), []
    counts = Counter(token for each in sentences for token in each)

    def gain(n):
        weights = [counts[token] ** rule.frequency * rule.fading ** met[token] for token in sentences[n]]
        return float(uncertainty[n] @ np.array(weights)) / len(sentences[n]) ** rule.price

    while left:
        best = max(left, key=lambda n: (gain(n), -n))
        order.append((best, gain(best)))
        met.update(set(sentences[best]))
        left.remove(best)
    return order


@pytest.mark.parametrize("price", [0.0, 0.5, 1.0])
def test_the_heap_finds_what_looking_at_all_finds(price):
    rng = np.random.default_rng(4)
    sentences = [[f"w{rng.integers(12)}x" for _ in range(rng.integers(1, 9))] for _ in range(40)]
    sentences = [[token.translate(str.maketrans("0123456789", "abcdefghij")) for token in each] for each in sentences]
    uncertainty = [rng.random(len(each)) for each in sentences]
    rule = Rule(0.5, price, 0.5, without_duplicates=False)
    found = list(choose(sentences, uncertainty, rule))
    expected = choose_one_by_one(sentences, uncertainty, rule)
    assert [number for number, _ in found] == [number for number, _ in expected]
    np.testing.assert_allclose([gain for _, gain in found], [gain for _, gain in expected])


def test_sentences_that_differ_in_a_number_are_one():
    sentences = ["Born in 1950 .".split(), "Born in 1951 .".split(), "He died .".split()]
    uncertainty = [np.ones(len(each)) for each in sentences]
    assert sorted(number for number, _ in choose(sentences, uncertainty)) == [0, 2]
    assert [number for number, _ in choose(sentences, uncertainty, known=[sentences[1]])] == [2]


@pytest.mark.parametrize("seed", range(5))
def test_near_duplicates_are_those_of_comparing_all_pairs(seed):
    rng = np.random.default_rng(seed)
    sets = [{f"w{n}" for n in rng.choice(9, rng.integers(1, 9), replace=False)} for _ in range(60)]
    likes = Likes()
    for number, forms in enumerate(sets):
        alike = any(len(forms & other) >= ALIKE * len(forms | other) for other in sets[:number])
        assert likes.has_like(forms) == alike
        likes.add(forms)


@pytest.mark.parametrize("name", MEASURES)
def test_a_sure_token_is_0_and_an_open_one_is_largest(name):
    log_p = np.log([[1 - 2e-12, 1e-12, 1e-12], [0.6, 0.3, 0.1], [1 / 3, 1 / 3, 1 / 3]])
    sure, unsure, unknown = MEASURES[name](log_p)
    assert abs(sure) < 1e-9
    assert sure < unsure < unknown


def test_measures_by_hand():
    """P = 0.5, 0.25, 0.25: entropy 1.5 log 2, margin 1 - 0.25, confidence 1 - 0.5."""
    log_p = np.log([[0.5, 0.25, 0.25]])
    found = {name: float(measure(log_p)[0]) for name, measure in MEASURES.items()}
    assert found == pytest.approx({"entropy": 1.5 * np.log(2), "margin": 0.75, "confidence": 0.5})
    assert MEASURES["entropy"](np.array([[0.0, -np.inf]]))[0] == pytest.approx(0.0)
