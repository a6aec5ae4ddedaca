"""Tables side by side: a worked example by hand, and which forms and columns of dX are asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.tables import Table
from windowner.network import embedding as module
from windowner.network.embedding import Embedding

WORDS = np.array([[0, 0], [1, 2], [3, 4], [5, 6]], dtype=np.float64)
CAPITALS = np.array([[0], [10], [20]], dtype=np.float64)
F = np.array([[0, 0], [1, 2], [3, 2]], dtype=np.int32)  # the padding and two forms
DX = np.array([[0, 0, 0], [1, 2, 3], [4, 5, 6]], dtype=np.float64)


def embedding(words: int) -> Embedding:
    """Tables of which training may move the first `words` word vectors, and all of the other one."""
    return Embedding([Table("words", WORDS, words), Table("capitals", CAPITALS, 3)])


def test_rows_stand_side_by_side():
    np.testing.assert_array_equal(embedding(4).look_up(F), [[0, 0, 0], [1, 2, 20], [5, 6, 20]])


@pytest.mark.parametrize(
    ("words", "rows", "values"), [(4, [0, 1, 3], [[0, 0], [1, 2], [4, 5]]), (2, [0, 1], [[0, 0], [1, 2]])]
)
def test_gradients_are_sums_of_the_rows_that_may_move(words, rows, values):
    gradients = embedding(words).gradients(F, lambda forms, columns: DX[forms, columns])
    np.testing.assert_array_equal(gradients["E.words"].rows, rows)
    np.testing.assert_array_equal(gradients["E.words"].values, values)
    np.testing.assert_array_equal(gradients["E.capitals"].rows, [0, 2])
    np.testing.assert_array_equal(gradients["E.capitals"].values, [[0], [9]])  # 3 + 6: both forms have row 2


@pytest.mark.parametrize(("words", "numbers"), [(4, 9), (2, 2 * 2 + 3), (0, 3)])
def test_only_what_may_move_is_asked_for(words, numbers):
    """Three numbers per form where all may move; frozen, those of the other table, and of the words that do move."""
    asked = []

    def dX(forms, columns):
        asked.append(DX[forms, columns].size)
        return DX[forms, columns]

    embedding(words).gradients(F, dX)
    assert sum(asked) == numbers


# Stacks


def tables(*shapes_and_trainable):
    """Tables named a, b, c, ..., each (rows, width, trainable rows)."""
    rng = np.random.default_rng(0)
    return [
        Table(name, rng.normal(size=(rows, width)), trainable)
        for name, (rows, width, trainable) in zip("abcdefg", shapes_and_trainable, strict=False)
    ]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([(5, 2, 5), (4, 3, 4), (6, 3, 6), (2, 3, 2)], ["a", "bcd"]),
        ([(5, 3, 5), (4, 3, 3), (6, 3, 6)], ["a", "b", "c"]),  # b has a frozen row
        ([(5, 3, 0), (4, 3, 0)], ["a", "b"]),
        ([(5, 3, 5), (4, 2, 4), (6, 3, 6)], ["a", "b", "c"]),  # the neighbours of b are not neighbours
    ],
)
def test_a_stack_is_of_neighbours_of_one_width_without_frozen_rows(shapes, expected):
    stacks = Embedding(tables(*shapes)).stacks
    assert ["".join(table.name for table in stack.tables) for stack in stacks] == expected


@pytest.mark.parametrize("largest", [module.LARGEST_MARKER, 0])
@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 2), st.integers(0, 6)), min_size=1, max_size=6),
    st.integers(1, 12),
    st.integers(0, 2**32 - 1),
)
def test_gradients_of_all_tables_are_sums_over_their_own_rows(largest, shapes, R, seed):
    """The formula of the module, table after table, whichever tables are stacked; sums of whole numbers are exact."""
    rng = np.random.default_rng(seed)
    some = tables(*((rows, width, min(rows, trainable)) for rows, width, trainable in shapes))
    ids = np.stack([rng.integers(0, len(table.E), R) for table in some], axis=1).astype(np.int32)
    dX = rng.integers(-9, 9, (R, sum(table.size for table in some))).astype(float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LARGEST_MARKER", largest)
        embedded = Embedding(some)
        gradients = embedded.gradients(ids, lambda forms, columns: dX[forms, columns])
    assert list(gradients) == [table.parameter for table in some]
    for column, (table, part) in enumerate(zip(some, embedded.parts, strict=True)):
        expected = np.zeros_like(table.E)
        np.add.at(expected, ids[:, column], dX[:, part])
        expected[table.trainable :] = 0
        gradient = gradients[table.parameter]
        moving = np.unique(ids[ids[:, column] < table.trainable, column])
        np.testing.assert_array_equal(np.sort(gradient.rows), moving)  # each once
        np.testing.assert_array_equal(gradient.dense(table.E.shape), expected)
