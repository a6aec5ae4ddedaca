"""The learning-rate range test: the learning rate rises from step to step, and the loss is recorded.

    rate_i     = low * (high / low)^((i - 1) / (steps - 1))        i = 1, 2, ..., one batch per step
    average_i  = 0.9 average_i-1 + 0.1 loss_i                      average_0 = 0
    smoothed_i = average_i / (1 - 0.9^i)
    suggestion = rate_i / 10 for the i with the smallest smoothed_i

If the rate is too small, the loss hardly falls. If it is too large, the loss explodes. The loss is smoothed because
each step has another batch. At the rate with the smallest smoothed loss, training is about to explode, so a tenth of it
is suggested. Another usual choice is the rate at which the loss falls fastest. This rate is far too small here. The
loss falls fastest while the network learns that most words are no entity (docs/choices.md shows both).
Source: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from windowner.arrays import Float64
from windowner.errors import TrainingError
from windowner.training.trainer import Trainer, diverged

SMOOTHING = 0.9
EXPLODED = 4.0
"""The test ends when the smoothed loss exceeds this many times its minimum."""

MARGIN = 10
"""The suggestion is the rate with the smallest smoothed loss, divided by this."""


@dataclass(frozen=True)
class RateTest:
    """The rates that were tried, the loss and the smoothed loss at each of them, (steps,) each, and the suggestion."""

    rates: Float64
    losses: Float64
    smoothed: Float64
    suggestion: float


@np.errstate(over="ignore", invalid="ignore")  # the test ends where the loss explodes
def rate_test(
    trainer: Trainer,
    low: float = 1e-5,
    high: float = 1.0,
    steps: int = 200,
    tick: Callable[[], object] = lambda: None,
) -> RateTest:
    """Return the result of a range test on a trainer's network. The test changes the network.

    Parameters
    ----------
    trainer
        Draws the batches, computes the gradients and applies them.
    low, high
        The first and the last learning rate.
    steps
        Number of steps. The test ends earlier if the loss explodes.
    tick
        Called after each step.

    Raises
    ------
    TrainingError
        If the loss of the first batch is not a finite number.
    """
    rates = np.geomspace(low, high, steps)
    losses: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    batches = chain.from_iterable(trainer.batches() for _ in count())  # epoch after epoch
    for step, (rate, batch) in enumerate(zip(rates, batches, strict=False), start=1):
        loss, gradients, _ = trainer.gradients(batch)
        average = SMOOTHING * average + (1 - SMOOTHING) * loss
        corrected = average / (1 - SMOOTHING**step)
        if not np.isfinite(loss) or corrected > EXPLODED * min(smoothed, default=np.inf):
            break
        losses.append(loss)
        smoothed.append(corrected)
        trainer.optimizer.step(gradients, float(rate))
        tick()
    tried = rates[: len(losses)]
    if not losses:
        raise TrainingError(diverged("the first batch: the loss", low))
    return RateTest(tried, np.array(losses), np.array(smoothed), float(tried[np.argmin(smoothed)]) / MARGIN)
