"""The average against its defining sum, step by step; rows that rest are made up for and never looked at."""

from dataclasses import replace

import numpy as np
import pytest

from windowner.network.rows import RowGradient
from windowner.training import averaging
from windowner.training.averaging import Average
from windowner.training.settings import TrainSettings

HORIZON = 5.0


def weighted_mean(history, horizon=HORIZON):
    """The docstring's sum over the values after each step."""
    b, t = 1 - 1 / horizon, len(history)
    weights = [(1 - b) / (1 - b**t) * b ** (t - i) for i in range(1, t + 1)]
    assert sum(weights) == pytest.approx(1, rel=1e-12)
    return sum(weight * values for weight, values in zip(weights, history, strict=True))


def inside(average, p):
    """What stands in the parameter's place."""
    with average.in_place():
        return p.copy()


def test_by_hand():
    """Horizon 2, b = 1/2: after 1 and 4 the weights are 1/3 and 2/3, so 3; after 1, 4 and 8: 1/7, 2/7, 4/7, so 41/7."""
    p = np.array([[100.0]])  # where it started has no weight
    average = Average({"E": p}, {"E": 1}, horizon=2)
    for value, expected in ((1.0, 1.0), (4.0, 3.0), (8.0, 41 / 7)):
        average.before_step({"E": RowGradient(np.array([0]), np.zeros((1, 1)))})
        p[:] = value
        assert inside(average, p)[0, 0] == pytest.approx(expected, rel=1e-14)
        assert p[0, 0] == value


@pytest.mark.parametrize("look_often", [True, False])
def test_rows_touched_now_and_then_have_the_average_over_all_steps(look_often):
    """Tolerance: roundings of numbers near 1 over 40 steps. Looking in between changes nothing."""
    rng = np.random.default_rng(1)
    p = rng.normal(size=(6, 3))
    average = Average({"E": p}, {"E": 6}, HORIZON)
    history = []
    for _ in range(40):
        rows = np.flatnonzero(rng.random(5) < 0.2)  # row 5 is never touched
        average.before_step({"E": RowGradient(rows, np.zeros((len(rows), 3)))})
        p[rows] += rng.normal(size=(len(rows), 3))
        history.append(p.copy())
        if look_often:
            inside(average, p)
    expected = weighted_mean(history)
    np.testing.assert_allclose(inside(average, p), expected, rtol=0, atol=1e-13)
    assert np.abs(expected - p)[:5].max() > 0.1


def test_other_parameters_are_looked_at_every_few_steps(monkeypatch):
    """With a stride of 1 the average is the sum; with 4, the sum where each value counts for the steps before it."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=(22, 2, 3))
    for stride in (1, 4):
        monkeypatch.setattr(averaging, "STRIDE", stride)
        W = np.zeros((2, 3))
        average = Average({"W": W}, {}, HORIZON)
        for value in values:
            average.before_step({"W": W})
            W[:] = value
        seen = [values[min(i // stride * stride + stride, len(values)) - 1] for i in range(len(values))]
        np.testing.assert_allclose(inside(average, W), weighted_mean(seen), rtol=0, atol=1e-13)


def test_what_did_not_change_is_its_own_average_bit_for_bit():
    rng = np.random.default_rng(3)
    parameters = {"E": rng.normal(size=(9, 3)).astype(np.float32), "b1": rng.normal(size=4).astype(np.float32)}
    before = {name: p.copy() for name, p in parameters.items()}
    average = Average(parameters, {"E": 5}, HORIZON)
    for _ in range(30):
        average.before_step({"E": RowGradient(np.array([1]), np.zeros((1, 3)))})
        parameters["E"][1] += 1
    with average.in_place():
        rest = np.delete(parameters["E"], 1, axis=0)
        assert rest.tobytes() == np.delete(before["E"], 1, axis=0).tobytes()
        assert parameters["b1"].tobytes() == before["b1"].tobytes()
        assert (parameters["E"][1] != before["E"][1]).all()
        assert parameters["E"].dtype == np.float32


def test_rows_that_cannot_change_are_not_copied():
    average = Average({"E": np.ones((1000, 3))}, {"E": 2}, HORIZON)
    assert average._averages["E"].shape == (2, 3)


def test_parameters_come_back_when_scoring_fails():
    p = np.array([[1.0]])
    average = Average({"E": p}, {"E": 1}, HORIZON)
    for value in (2.0, 6.0):
        average.before_step({"E": RowGradient(np.array([0]), np.zeros((1, 1)))})
        p[:] = value

    def fail():
        with average.in_place():
            assert 2 < p[0, 0] < 6
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert p[0, 0] == 6


# In training


PLAIN = TrainSettings(epochs=4, batch=5, average=0.5)


def test_averaging_changes_what_is_scored_and_kept_and_not_how_training_goes(subject):
    f1s = (0.1, 0.2, 0.3, 0.4)
    averaged, plain = subject(), subject()
    scored = []

    def dev_f1():
        scored.append(averaged.copy())
        return f1s[len(scored) - 1]

    history = averaged.train(PLAIN, dev_f1=dev_f1)
    values = iter(f1s)
    expected = plain.train(replace(PLAIN, average=0.0), dev_f1=lambda: next(values))
    assert [record.loss for record in history] == [record.loss for record in expected]
    assert averaged.unchanged(scored[-1]) == set(averaged.network.parameters)  # the last epoch, as it was scored
    assert averaged.unchanged(plain.copy()) == set()


def test_frozen_rows_and_rows_outside_the_text_keep_every_bit(subject):
    trained = subject(frozen=6)
    before = trained.copy()["E.words"]
    touched = trained.touched()
    trained.train(PLAIN)
    changed = np.flatnonzero((trained.network.tables["words"] != before).any(axis=1))
    np.testing.assert_array_equal(changed, touched[touched < 6])
