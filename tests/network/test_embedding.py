"""Tables side by side: a worked example by hand, and which forms and columns of dX are asked for."""

import numpy as np
import pytest

from windowner.inputs.tables import Table
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
