"""Diagnostics of the last step of each epoch, and the warnings that follow from them.

    gradient norm      |g| of each block, where g is the gradient of the loss without L2 penalty and before clipping.
                       L2 would hide gradients that vanish. Clipping would hide gradients that explode.
    update ratio       |p after the step - p before it| / |p before it| of each block p. Of a table, p are the rows
                       that the batch touched. A healthy ratio is about 1e-3. If |p before it| is 0, it counts as 1.
    touched rows       the share of a table's trainable rows that the batch touched
    stuck units        the share of hidden units with |f'(z1)| < 0.01 in at least 99 % of the windows. Such a unit is
                       saturated (sigmoid, tanh) or dead (ReLU). Its gradient is almost 0, so it stays stuck.

The thresholds of the warnings are rules of thumb. docs/lecture.md explains them.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array
from windowner.inputs.batches import Batch
from windowner.network.activations import Masks
from windowner.network.blocks import Gradients
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import RowGradient
from windowner.training.clipping import entries, euclidean_norm
from windowner.training.optimizers import Optimizer

VANISHED, EXPLODED = 1e-7, 1e3
"""A gradient norm of W below the first, or above the second, gives a warning."""

FLAT, MOST_WINDOWS = 0.01, 0.99
"""A unit is stuck if |f'(z1)| is below the first in at least this share of windows."""

MOST_STUCK = 0.5
"""A larger share of stuck units gives a warning."""


@dataclass(frozen=True)
class Diagnostics:
    """The diagnostics of one step. The dictionaries have the names of blocks as keys."""

    gradient_norms: dict[str, float]
    update_ratios: dict[str, float]
    touched_rows: dict[str, float]
    stuck_units: float

    def warnings(self) -> list[str]:
        """Return warnings: what is wrong, and what usually helps. A healthy training has none."""
        found = []
        norm = self.gradient_norms.get("W", 1.0)  # W has no norm if it is not trained
        if norm < VANISHED:
            found.append(
                f"the gradient of W has almost vanished (norm {norm:.1e}): try tanh or leaky-relu, "
                "model.initializer = auto, or a smaller learning rate from the start"
            )
        if not norm < EXPLODED:
            found.append(
                f"the gradient of W explodes (norm {norm:.1e}): try a smaller train.learning_rate, or train.clip = 5"
            )
        if self.stuck_units > MOST_STUCK:
            found.append(
                f"{self.stuck_units:.0%} of the hidden units are saturated or dead: try a smaller train.learning_rate, "
                "an initializer with a smaller deviation, or leaky-relu in place of relu"
            )
        return found


def measured_step(
    network: WindowNetwork, optimizer: Optimizer, batch: Batch, masks: Masks, gradients: Gradients, rate: float
) -> Diagnostics:
    """Take a step of the optimizer, and return its diagnostics.

    Parameters
    ----------
    network, optimizer
        The network, and the optimizer of its parameters.
    batch, masks
        The batch of the step, and its dropout masks.
    gradients
        The gradients that the step applies.
    rate
        The learning rate.
    """
    forward = network.forward(batch, masks)
    _, unclipped = network.loss(batch, masks=masks)
    parameters = network.parameters
    before = {name: _touched(parameters[name], gradient) for name, gradient in gradients.items()}
    optimizer.step(gradients, rate)
    after = {name: _touched(parameters[name], gradient) for name, gradient in gradients.items()}
    return Diagnostics(
        gradient_norms={name: euclidean_norm(entries(unclipped[name])) for name in gradients},
        update_ratios={
            name: euclidean_norm(after[name] - before[name]) / (euclidean_norm(before[name]) or 1.0)
            for name in gradients
        },
        touched_rows={
            table.parameter: len(gradient.rows) / (table.trainable or 1)
            for table in network.tables
            if isinstance(gradient := gradients.get(table.parameter), RowGradient)
        },
        stuck_units=stuck_units(network, forward.z1, forward.h),
    )


def stuck_units(network: WindowNetwork, z1: Array, h: Array) -> float:
    """Return the share of stuck units, given z1 and h, (N, H)."""
    flat = np.abs(NONLINEARITIES[network.nonlinearity].derivative(z1, h)) < FLAT
    return float(np.mean(flat.mean(axis=0) >= MOST_WINDOWS))


def _touched(p: Array, gradient: Array | RowGradient) -> Array:
    """Return a copy of the values of p that a step with this gradient changes."""
    return p[gradient.rows] if isinstance(gradient, RowGradient) else p.copy()
