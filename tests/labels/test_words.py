"""How single words are labelled elsewhere, worked out by hand and against counting one by one."""

import numpy as np
import pytest

from windowner.labels.words import is_inside, word_log_frequencies
from windowner.text.spans import TagTable

TAGS = TagTable.of(["O", "B-LOC", "I-LOC", "B-PER", "I-PER"])
OUTSIDE, B_LOC, I_LOC, B_PER, I_PER = range(5)


def frequencies(words, *labellings, offsets=None):
    offsets = np.array([0, len(words)] if offsets is None else offsets)
    return word_log_frequencies(np.array(words), TAGS, np.array(labellings), offsets)


def test_how_often_the_other_places_of_a_word_have_its_label():
    """Word 0 is outside in two places, and a LOC in one. With K = 3 and b = 0.1, none of 2 places is 0.1 / 2.3."""
    gold, other = [OUTSIDE, OUTSIDE, B_LOC, -1], [B_LOC, OUTSIDE, OUTSIDE, OUTSIDE]
    found = np.exp(frequencies([0, 0, 0, 1], gold, other))
    np.testing.assert_allclose(found[0], [1.1 / 2.3, 1.1 / 2.3, 0.1 / 2.3, 0.1 / 0.3])
    np.testing.assert_allclose(found[1], [1.1 / 2.3, 1.1 / 2.3, 2.1 / 2.3, 0.1 / 0.3])


def test_a_first_and_a_later_word_of_an_entity_have_the_same_label():
    found = np.exp(frequencies([0, 1, 1, 0], [B_LOC, I_LOC, B_LOC, I_LOC]))
    np.testing.assert_allclose(found, np.full((1, 4), 1.1 / 1.3))


def test_words_inside_of_an_entity_of_either_side_say_nothing():
    gold, other = [B_PER, I_PER, I_PER, I_PER], [OUTSIDE, OUTSIDE, B_PER, I_PER]
    assert is_inside(TAGS, np.array(gold), np.array([0, 4])).tolist() == [False, True, True, False]
    assert is_inside(TAGS, np.array(other), np.array([0, 4])).tolist() == [False] * 4
    assert is_inside(TAGS, np.array(gold), np.array([0, 2, 2, 4])).tolist() == [False] * 4
    found = frequencies([0, 1, 2, 3], gold, other)
    assert found[:, 1:3].tolist() == [[0, 0], [0, 0]]
    assert (found[:, [0, 3]] < 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_frequencies_are_those_of_counting_one_by_one(seed):
    rng = np.random.default_rng(seed)
    words, labellings = rng.integers(4, size=30), rng.integers(-1, 5, size=(2, 30))
    label = {-1: "unknown", OUTSIDE: "", B_LOC: "LOC", I_LOC: "LOC", B_PER: "PER", I_PER: "PER"}
    found = frequencies(words, *labellings, offsets=range(31))  # sentences of one word: none is inside
    for side, place in np.ndindex(found.shape):
        others = [t for t in range(30) if t != place and words[t] == words[place]]
        same = sum(label[labellings[0, t]] == label[labellings[side, place]] for t in others)
        assert found[side, place] == pytest.approx(np.log((same + 0.1) / (len(others) + 0.3)))
