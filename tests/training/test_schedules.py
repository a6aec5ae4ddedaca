"""The share of `train.learning_rate` at progress x, down to what is left at the end, and the warm-up before it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.training.schedules import CYCLES, SCHEDULES, rate_share

FALLING = [name for name in SCHEDULES if name not in ("constant", "cyclic")]
STEPS = ["halving"]  # falls by steps, so it stands still in between
drawn = settings(derandomize=True, max_examples=200, deadline=None)
progress = st.floats(0, 1)
left = st.floats(1e-6, 1)


def test_every_schedule_is_under_its_name():
    assert set(SCHEDULES) == {"constant", "linear", "halving", "exponential", "inverse", "cosine", "cyclic"}


@pytest.mark.parametrize(
    ("name", "start", "half_way", "end"),
    [
        ("constant", 1, 1, 1),
        ("linear", 1, 0.625, 0.25),  # 1 - 3/4 * 1/2
        ("halving", 1, 0.5, 0.25),  # two halvings make a quarter: at 1/3 and at 2/3
        ("exponential", 1, 0.5, 0.25),  # (1/4)^(1/2)
        ("inverse", 1, 0.4, 0.25),  # 1 / (1 + 3 * 1/2)
        ("cosine", 1, 0.625, 0.25),  # 1/4 + 3/4 * (1 + 0) / 2
        ("cyclic", 0.25, 0.25, 0.25),  # between two of its four cycles
    ],
)
def test_a_quarter_is_left(name, start, half_way, end):
    shares = [SCHEDULES[name](x, 0.25) for x in (0.0, 0.5, 1.0)]
    assert shares == pytest.approx([start, half_way, end], rel=1e-15)


@pytest.mark.parametrize("name", SCHEDULES)
@drawn
@given(progress, left)
def test_no_schedule_leaves_its_bounds(name, x, r):
    """Tolerance: a rounding of 1, and of inverse's 1/r up to 1e6."""
    assert r * (1 - 1e-9) <= SCHEDULES[name](x, r) <= 1 + 1e-15


@pytest.mark.parametrize("name", FALLING)
@drawn
@given(left)
def test_a_falling_schedule_goes_from_the_whole_rate_to_what_is_left(name, r):
    """Tolerance: 1 - (1 - r) loses the last 1e-16 of r >= 1e-6."""
    assert SCHEDULES[name](0.0, r) == 1
    assert SCHEDULES[name](1.0, r) == pytest.approx(r, rel=1e-9)


@pytest.mark.parametrize("name", FALLING)
def test_a_falling_schedule_never_rises(name):
    shares = [SCHEDULES[name](step / 50, 0.1) for step in range(51)]
    assert all(before >= after for before, after in pairwise(shares))
    assert name in STEPS or len(set(shares)) == 51


@pytest.mark.parametrize("name", SCHEDULES)
def test_when_all_is_left_every_schedule_is_constant(name):
    assert [SCHEDULES[name](x, 1.0) for x in (0.0, 0.3, 1.0)] == [1, 1, 1]


def test_cosine_falls_slowly_at_both_ends():
    """A quarter of the way: 1/4 + 3/4 (1 + sqrt(1/2)) / 2."""
    assert SCHEDULES["cosine"](0.25, 0.25) == pytest.approx(0.25 + 0.375 * (1 + 0.5**0.5), rel=1e-15)


# Halving


@pytest.mark.parametrize(
    ("r", "shares"),
    [
        (0.5, [1, 0.5]),
        (0.125, [1, 0.5, 0.25, 0.125]),
        (0.1, [1, 0.5, 0.25, 0.125, 0.1]),  # a fourth halving would go below
        (0.05, [1, 0.5, 0.25, 0.125, 0.0625, 0.05]),
        (0.9, [1, 0.9]),
    ],
)
def test_halvings_come_at_equal_intervals_as_often_as_it_takes(r, shares):
    """n shares: each holds for an n-th of the training."""
    n = len(shares)
    assert [SCHEDULES["halving"]((i + 0.01) / n, r) for i in range(n)] == shares
    assert [SCHEDULES["halving"]((i + 0.99) / n, r) for i in range(n)] == shares


@drawn
@given(progress, left)
def test_a_halved_rate_is_a_power_of_a_half_or_what_is_left(x, r):
    assert SCHEDULES["halving"](x, r) in {r} | {0.5**n for n in range(21)}


# Cycles


def test_a_cycle_goes_up_and_down_linearly():
    """Four of them, so that one takes a quarter: up from 1/4 to 1 at its middle, 1/8, and down again."""
    shares = [SCHEDULES["cyclic"](x, 0.25) for x in (0, 1 / 32, 1 / 16, 3 / 32, 1 / 8, 3 / 16, 1 / 4)]
    assert shares == pytest.approx([1 / 4, 7 / 16, 5 / 8, 13 / 16, 1, 5 / 8, 1 / 4], rel=1e-15)


@drawn
@given(st.floats(0, 1 - 1 / CYCLES), left)
def test_cycles_repeat(x, r):
    """Tolerance: x + 1/4 is rounded, and the slope is 2 * 4."""
    assert SCHEDULES["cyclic"](x + 1 / CYCLES, r) == pytest.approx(SCHEDULES["cyclic"](x, r), abs=1e-14)


# Warm-up


@pytest.mark.parametrize("name", SCHEDULES)
def test_without_warmup_the_share_is_the_schedules(name):
    assert all(rate_share(name, i / 20, 0.1, 0.0) == SCHEDULES[name](i / 20, 0.1) for i in range(21))


def test_warmup_by_hand():
    """Over the first fifth the share rises from 0, linearly where the schedule is constant; then it is the whole."""
    assert [rate_share("constant", x, 0.1, 0.2) for x in (0.0, 0.05, 0.1, 0.2, 0.7, 1.0)] == pytest.approx(
        [0, 1 / 4, 1 / 2, 1, 1, 1], rel=1e-15
    )
    assert rate_share("linear", 0.1, 0.5, 0.4) == pytest.approx(0.95 / 4, rel=1e-15)  # (1 - 0.5 * 0.1) * 0.1 / 0.4


@pytest.mark.parametrize("name", SCHEDULES)
@drawn
@given(progress, left, progress)
def test_warmup_only_lowers_the_rate_and_only_before_its_end(name, x, r, warmup):
    share, whole = rate_share(name, x, r, warmup), SCHEDULES[name](x, r)
    assert 0 <= share <= whole
    assert share == whole or x < warmup


@pytest.mark.parametrize("warmup", [0.1, 0.5, 1.0])
def test_warmup_ends_without_a_jump(warmup):
    before, after = (rate_share("cosine", warmup + step, 0.1, warmup) for step in (-1e-9, 0.0))
    assert before == pytest.approx(after, abs=1e-7)
