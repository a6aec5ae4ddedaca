"""The learning-rate range test, on a loss that is known: it falls until a rate and explodes from another one on."""

from types import SimpleNamespace

import numpy as np
import pytest

from windowner.errors import TrainingError
from windowner.training.rate_test import rate_test


class Scripted:
    """A trainer whose loss is a function of the last rate that it was stepped with."""

    def __init__(self, loss):
        self.loss, self.rate, self.rates = loss, 0.0, []
        self.optimizer = SimpleNamespace(step=self.step)

    def batches(self):
        return [None] * 3  # so that an epoch ends every three steps, and another begins

    def gradients(self, batch):
        return self.loss(self.rate), {}, None

    def step(self, gradients, rate):
        self.rate = rate
        self.rates.append(rate)


def test_rates_rise_geometrically_one_a_batch():
    trainer = Scripted(lambda rate: 1.0)
    found = rate_test(trainer, 1e-4, 1.0, 41)
    np.testing.assert_allclose(found.rates, 10 ** np.linspace(-4, 0, 41))
    np.testing.assert_array_equal(trainer.rates, found.rates)
    np.testing.assert_allclose(found.smoothed, 1.0)  # the average of a constant, from the first step on


def test_the_smoothed_loss_by_hand():
    """Losses 1, 3, 2: the averages are 0.1, 0.39 and 0.551, divided by 1 - 0.9, 1 - 0.81 and 1 - 0.729."""
    losses = iter([1.0, 3.0, 2.0])
    found = rate_test(Scripted(lambda rate: next(losses)), 1e-4, 1e-2, 3)
    np.testing.assert_array_equal(found.losses, [1, 3, 2])
    np.testing.assert_allclose(found.smoothed, [1, 0.39 / 0.19, 0.551 / 0.271], rtol=1e-12)
    assert found.suggestion == pytest.approx(1e-4 / 10, rel=1e-12)


def test_the_suggestion_is_a_tenth_of_the_rate_of_least_loss():
    """A parabola in log rate with its minimum at 0.1: smoothing over ten steps of 1/50 decade shifts it."""
    trainer = Scripted(lambda rate: 1 + (np.log10(max(rate, 1e-6)) + 1) ** 2)
    assert rate_test(trainer, 1e-4, 1.0, 200).suggestion == pytest.approx(0.01, rel=0.6)


def test_the_test_ends_where_the_loss_explodes():
    found = rate_test(Scripted(lambda rate: 1.0 if rate < 0.01 else 1e6 * rate), 1e-4, 1.0, 100)
    assert 0.01 <= found.rates[-1] < 0.02
    assert found.losses.max() < 1e6


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_loss_that_is_no_number_ends_it_too(bad):
    assert rate_test(Scripted(lambda rate: 1.0 if rate < 0.01 else bad), 1e-4, 1.0, 100).rates[-1] < 0.02
    with pytest.raises(TrainingError, match=r"the first batch: the loss at learning rate 0\.0001; expected a finite"):
        rate_test(Scripted(lambda rate: bad), 1e-4, 1.0, 100)
