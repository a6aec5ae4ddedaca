"""Intervals of scores against scipy's bootstrap, loops over resamples, and texts whose intervals are known."""

from itertools import chain

import numpy as np
import pytest
from scipy import stats

from windowner.scoring.entities import score
from windowner.scoring.intervals import score_intervals, unit_counts, units_of

TYPES = ("PER", "LOC", "ORG")


def drawn_tags(seed, sentences=120):
    """Draw gold tags of sentences of six words, and a tagger's, a quarter of which is drawn again."""
    rng = np.random.default_rng(seed)
    names = np.array(["O", *(f"B-{name}" for name in TYPES)])
    gold = names[rng.choice(4, p=[0.55, 0.25, 0.15, 0.05], size=(sentences, 6))]
    again = rng.random(gold.shape) < 0.25
    predicted = np.where(again, names[rng.choice(4, size=gold.shape)], gold)
    return gold.tolist(), predicted.tolist()


def counts_of(gold, predicted, name):
    """Support, predicted and correct of a type in each sentence, by loops; all entities are of one word."""
    rows = []
    for tags, found in zip(gold, predicted, strict=True):
        pairs = list(zip(tags, found, strict=True))
        both = sum(first == second == f"B-{name}" for first, second in pairs)
        rows.append([tags.count(f"B-{name}"), found.count(f"B-{name}"), both])
    return np.array(rows)


def rates(counts):
    """Precision, recall and F1 of sums of counts, (..., 3)."""
    support, predicted, correct = np.moveaxis(counts, -1, 0)
    return {"precision": correct / predicted, "recall": correct / support, "f1": 2 * correct / (support + predicted)}


@pytest.mark.parametrize("rate", ["precision", "recall", "f1"])
def test_it_is_scipys_percentile_bootstrap(rate):
    """Both draw 10,000 resamples, each its own. Ends move by 0.002 then (four seeds were tried)."""
    gold, predicted = drawn_tags(1)
    counts = counts_of(gold, predicted, "PER")

    def statistic(drawn, axis):
        assert axis == -1
        return rates(counts[drawn].sum(axis=-2))[rate]

    rng = np.random.default_rng(2)
    oracle = stats.bootstrap((np.arange(120),), statistic, method="percentile", n_resamples=10_000, batch=500, rng=rng)
    found = score_intervals(gold, predicted, resamples=10_000).types["PER"]
    assert [*getattr(found, rate)] == pytest.approx([*oracle.confidence_interval], abs=0.006)


def test_all_types_together_are_the_loop_over_resamples():
    gold, predicted = drawn_tags(3)
    counts = sum(counts_of(gold, predicted, name) for name in TYPES)
    rng = np.random.default_rng(4)
    drawn = [rates(counts[rng.choice(120, size=120)].sum(axis=0))["f1"] for _ in range(5000)]
    found = score_intervals(gold, predicted, resamples=5000).overall.f1
    assert [*found] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.006)


def test_counts_of_units_add_up_to_the_scores():
    gold, predicted = drawn_tags(5)
    types, counts = unit_counts(gold, predicted, units_of(120, [0, 7, 80]))
    assert counts.shape == (3, 9)
    sums = dict(zip(types, counts.toarray().sum(axis=0).reshape(-1, 3).tolist(), strict=True))
    for name, of_type in score(gold, predicted).types.items():
        assert sums[name] == [of_type.support, of_type.predicted, of_type.correct]


def test_documents_are_drawn_whole():
    """Sentences joined to documents have the intervals of the documents as sentences."""
    gold, predicted = drawn_tags(6)
    starts = list(range(0, 120, 4))
    joined = [[list(chain(*side[start : start + 4])) for start in starts] for side in (gold, predicted)]
    by_document = score_intervals(gold, predicted, starts)
    as_sentences = score_intervals(*joined)
    assert (by_document.unit, by_document.units, as_sentences.unit) == ("document", 30, "sentence")
    assert (by_document.overall, by_document.types) == (as_sentences.overall, as_sentences.types)


def test_sentences_before_the_first_mark_are_a_document():
    assert units_of(5, [2, 3]).tolist() == [0, 0, 1, 2, 2]
    assert units_of(3).tolist() == [0, 1, 2]


def test_the_seed_decides_and_the_interval_holds_the_score():
    gold, predicted = drawn_tags(7)
    first, again, other = (score_intervals(gold, predicted, seed=seed) for seed in (0, 0, 1))
    assert first == again
    assert first.overall != other.overall
    low, high = first.overall.f1
    assert low < score(gold, predicted).overall.f1 < high


def test_a_rate_without_a_denominator_is_zero_as_in_conlleval():
    found = score_intervals([["B-LOC"], ["O"]], [["O"], ["O"]])
    assert found.overall.precision == (0, 0)
    assert found.types["LOC"].f1 == (0, 0)
    assert score_intervals([], []).overall.f1 == (0, 0)


def test_what_is_not_annotated_is_not_counted():
    found = score_intervals([["B-LOC", "_"]] * 5, [["B-LOC", "B-LOC"]] * 5)
    assert found.overall.precision == (1, 1)
