"""How far words moved, and what they left behind: by hand, and on a tagger that was fine-tuned."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from windowner.report.movement import (
    Movement,
    kept_neighbours,
    left_behind,
    measure_movement,
    neighbours,
)
from windowner.report.weights import count_words, word_table
from windowner.report.word_pictures import Arrow, medians, place_labels


@pytest.fixture
def turned():
    """Paris and London were seen and turned a quarter; Rome and blue were not. Before, the cities lie together."""
    before = np.array([[3.0, 0.1], [2.0, 0.2], [1.0, 0.3], [-0.1, 1.0]])
    after = before.copy()
    after[:2] = before[:2] @ np.array([[0, 1], [-1, 0]])
    rows = np.arange(4)
    return Movement(["Paris", "London", "Rome", "blue"], before, after, rows[:2], rows[2:], np.array([7, 1]))


def test_a_quarter_turn_is_the_root_of_two(turned):
    assert turned.distance == pytest.approx([np.sqrt(2), np.sqrt(2)])


def test_the_farthest_comes_first(turned):
    turned.after[0] = turned.before[0] + 0.1
    assert turned.farthest.tolist() == [1, 0]


def test_neighbours_before_and_after(turned):
    assert neighbours(turned, np.array([0]), 2) == [(["London", "Rome"], ["London", "blue"])]
    assert kept_neighbours(turned, 2) == pytest.approx(1 / 2)
    assert left_behind(turned, 0) == 2


def test_where_all_words_were_seen_none_is_left_behind(turned):
    assert left_behind(replace(turned, left=np.array([], dtype=np.intp)), 0) is None


@pytest.fixture(scope="module")
def fine_tuned(fine_tuned_run):
    return fine_tuned_run, measure_movement(
        fine_tuned_run.tagger.model, fine_tuned_run.config, fine_tuned_run.training_forms
    )


def test_words_that_training_saw_moved_from_their_pretrained_vectors(fine_tuned, tiny_vectors):
    _, movement = fine_tuned
    assert movement.before == pytest.approx(np.array([tiny_vectors[word] for word in movement.words]))
    assert (movement.distance > 0).all()
    assert (movement.after == movement.before).all(axis=1).tolist() == [
        row in movement.left for row in range(len(movement.words))
    ]
    assert {"paris", "smith", "."} <= {movement.words[row] for row in movement.moved}
    assert "zurich" in {movement.words[row] for row in movement.left}  # the twin of paris that training never sees
    assert movement.words[left_behind(movement, movement.words.index("paris"))] == "zurich"


def test_counts_are_tokens_of_the_training_text(fine_tuned):
    run, movement = fine_tuned
    text = run.config.path(run.config.data.train).read_text(encoding="utf-8")
    tokens = Counter(line.split()[0].lower() for line in text.splitlines() if line)
    assert movement.counts.tolist() == [tokens[movement.words[row]] for row in movement.moved]


def test_forms_that_share_a_word_are_counted_together(fine_tuned):
    """The vectors know `paris`, which `Paris` shares. `Xyz` is unknown."""
    run, _ = fine_tuned
    counts = count_words(run.tagger.model, {"paris": 2, "Paris": 3, "Xyz": 9})
    assert counts == {word_table(run.tagger.model).words.index("paris"): 5}


def test_medians_by_how_often():
    """1 | 2, 3 | 4: the geometric middle of 2 and 3 is the root of 6."""
    x, middle = medians(np.array([1, 2, 3, 4, 1]), np.array([1.0, 4.0, 6.0, 9.0, 3.0]))
    assert x == pytest.approx([1, np.sqrt(6), 4])
    assert middle == [2.0, 5.0, 9.0]


def test_labels_stand_where_arrows_point_and_give_way():
    arrows = [Arrow("left", (1, 0), (0, 0)), Arrow("right", (0, 0), (1, 0)), Arrow("on top", (0, 0), (1, 0))]
    assert place_labels(arrows, np.array([100.0, 100.0])) == [(False, 0.0), (True, 0.0), (True, 18.0)]
