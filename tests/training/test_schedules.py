"""The share of the first learning rate, from 1 at the start to what is left at the end."""

from itertools import pairwise

import pytest

from windowner.training.schedules import SCHEDULES

FALLING = [name for name in SCHEDULES if name != "constant"]


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("left", [0.01, 0.25, 1.0])
def test_every_schedule_starts_with_the_whole_rate(name, left):
    assert SCHEDULES[name](0.0, left) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("name", FALLING)
@pytest.mark.parametrize("left", [0.01, 0.25, 1.0])
def test_a_falling_schedule_ends_with_what_is_left(name, left):
    """Tolerance: a few roundings of numbers up to 100."""
    assert SCHEDULES[name](1.0, left) == pytest.approx(left, rel=1e-12)


@pytest.mark.parametrize("name", FALLING)
def test_a_falling_schedule_never_rises(name):
    shares = [SCHEDULES[name](step / 50, 0.1) for step in range(51)]
    assert all(before > after for before, after in pairwise(shares))


@pytest.mark.parametrize(
    ("name", "half_way"),
    [
        ("constant", 1),
        ("linear", 0.625),  # 1 - 3/4 * 1/2
        ("exponential", 0.5),  # (1/4)^(1/2)
        ("inverse", 0.4),  # 1 / (1 + 3 * 1/2)
        ("cosine", 0.625),  # 1/4 + 3/4 * (1 + 0) / 2
    ],
)
def test_half_way_when_a_quarter_is_left(name, half_way):
    assert SCHEDULES[name](0.5, 0.25) == pytest.approx(half_way, rel=1e-15)


def test_cosine_falls_slowly_at_both_ends():
    """A quarter of the way: 1/4 + 3/4 (1 + sqrt(1/2)) / 2."""
    assert SCHEDULES["cosine"](0.25, 0.25) == pytest.approx(0.25 + 0.375 * (1 + 0.5**0.5), rel=1e-15)
