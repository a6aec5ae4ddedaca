"""Numbers that stand in order, each of them once."""

import numpy as np
import pytest

from windowner.arrays import distinct


@pytest.mark.parametrize("numbers", [[], [3], [3, 3], [1, 2, 3], [0, 0, 1, 5, 5, 5, 7], [-2, -2, 0]])
def test_distinct_is_what_numpy_finds_by_sorting(numbers):
    ascending = np.array(numbers, dtype=np.intp)
    found = distinct(ascending)
    assert found.dtype == ascending.dtype
    np.testing.assert_array_equal(found, np.unique(ascending))
