"""The learning-rate range test: raise the rate from step to step, and watch the loss.

    rate_i = low * (high / low)^(i / (steps - 1))      one batch a step

Where the rate is too small the loss hardly falls, and where it is too large it explodes. The loss is smoothed by an
exponential moving average, since each step sees another batch. The suggestion is a tenth of the rate at which the
smoothed loss is least: at the rate itself, training is about to explode. The rate at which the loss falls fastest, the
other usual choice, is far too small here, since what falls so fast is the loss of learning that most words are no
entity (docs/choices.md has both).
Source: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Float64
from windowner.errors import TrainingError
from windowner.training.trainer import Trainer, diverged

SMOOTHING = 0.9
EXPLODED = 4.0  # times the smallest smoothed loss
MARGIN = 10  # of the suggestion to the rate at which the loss is least


@dataclass(frozen=True)
class RateTest:
    """Rates tried, the loss at each and the smoothed loss, (steps,) each, and the suggested rate."""

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
    """Try rates from `low` to `high` on a trainer's network, which is changed; stop early when the loss explodes.

    Raises
    ------
    TrainingError
        The loss of the first batch is not a finite number.
    """
    rates = np.geomspace(low, high, steps)
    losses: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    batches = iter(trainer.batches())
    for step, rate in enumerate(rates, start=1):
        batch = next(batches, None)
        if batch is None:
            batches = iter(trainer.batches())
            batch = next(batches)
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
