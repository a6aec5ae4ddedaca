"""Counts of the same words elsewhere, against counting one by one."""

from itertools import pairwise

import numpy as np
import pytest

from windowner.labels.elsewhere import count_elsewhere, number_forms, number_runs
from windowner.labels.inconsistent import Place, suggested_tags, unusual_places


def count_one_by_one(words, tags, offsets, place, length):
    """As `count_elsewhere` is defined, for one place."""
    sides = [tags[side, place : place + length].tolist() for side in (0, 1)]
    total, same = 0, [0, 0]
    for first, last in pairwise(offsets):
        for other in range(first, last - length + 1):
            if other != place and (words[other : other + length] == words[place : place + length]).all():
                total += 1
                for side in (0, 1):
                    same[side] += tags[0, other : other + length].tolist() == sides[side]
    return total, same


@pytest.mark.parametrize("seed", range(5))
def test_counts_are_those_of_counting_one_by_one(seed):
    rng = np.random.default_rng(seed)
    offsets = np.array([0, 1, 1, 9, 30, 60])
    words, tags = rng.integers(3, size=60), rng.integers(-1, 2, size=(2, 60))
    for runs in number_runs(words, tags, offsets, 4):
        counts = count_elsewhere(runs, runs.places)
        for number, place in enumerate(runs.places.tolist()):
            total, same = count_one_by_one(words, tags, offsets, place, runs.length)
            assert counts.total[number] == total
            assert counts.same[:, number].tolist() == same


def test_runs_do_not_reach_into_the_next_sentence():
    runs = list(number_runs(np.arange(4), np.zeros((2, 4), int), np.array([0, 3, 4]), 3))
    assert [each.places.tolist() for each in runs] == [[0, 1, 2, 3], [0, 1], [0]]


OUTSIDE, B, E, S = range(4)


def unusual(sentences, tags, spans, suspicious=()):
    words = number_forms(sentences)
    offsets = np.cumsum([0, *map(len, sentences)])
    starts, ends = np.array(spans).reshape(-1, 2).T
    found = unusual_places(words, np.array(tags), offsets, (starts, ends), suspicious)
    return sorted(found), suggested_tags(np.array(tags), found).tolist()


def test_a_label_that_most_other_places_do_not_have_is_unusual():
    """`New York` is an entity three times and none once; `York` alone is looked at for itself."""
    places, suggested = unusual([["New", "York"]] * 4, [B, E, B, E, OUTSIDE, OUTSIDE, B, E], [(0, 2), (2, 4), (6, 8)])
    assert places == [(4, 2)]
    assert suggested == [B, E] * 4


def test_an_unusual_place_may_be_suspicious_but_overlaps_no_other_suspicious_one():
    text = [["New", "York"]] * 4, [B, E, B, E, OUTSIDE, OUTSIDE, B, E], [(0, 2), (2, 4), (6, 8)]
    assert unusual(*text, [Place(4, 2)])[0] == [(4, 2)]
    assert unusual(*text, [Place(4, 1)])[0] == []
    assert unusual(*text, [Place(3, 2)])[0] == []


def test_a_single_other_place_is_not_enough_and_neither_is_a_tie():
    assert unusual([["York"]] * 2, [S, OUTSIDE], [(0, 1)])[0] == []
    assert unusual([["York"]] * 4, [S, S, OUTSIDE, OUTSIDE], [(0, 1), (1, 2)])[0] == []


def test_a_part_of_an_entity_is_not_compared_with_the_whole():
    """`York` in `New York` is no place of `York`."""
    sentences = [["York"], ["York"], ["New", "York"]]
    assert unusual(sentences, [S, S, B, E], [(0, 1), (1, 2), (2, 4)])[0] == []
