"""What the last step of each epoch shows about the state of training, and when to worry.

    gradient norm      |g| of each block, of the mean cross-entropy alone: L2 would hide that gradients vanish, and
                       clipping that they explode
    update ratio       |change of the step| / |block|, of the rows that it touched; healthy is about 1e-3
    touched rows       share of a table's trainable rows that the batch touched
    stuck units        share of hidden units whose derivative f'(z) is below 0.01 in 99 % of the windows: saturated
                       (sigmoid, tanh), or dead (ReLU). Their gradient is next to nothing, so they stay that way

Healthy numbers are rules of thumb; see docs/lecture.md.
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

VANISHED = 1e-7
EXPLODED = 1e3
FLAT = 0.01  # a derivative below it passes next to nothing back
MOST_WINDOWS = 0.99


@dataclass(frozen=True)
class Diagnostics:
    """What one step shows; blocks by name."""

    gradient_norms: dict[str, float]
    update_ratios: dict[str, float]
    touched_rows: dict[str, float]
    stuck_units: float

    def warnings(self) -> list[str]:
        """Return what is wrong and what usually helps; nothing in a healthy training."""
        found = []
        norm = self.gradient_norms.get("W", 1.0)  # no W where it is not trained
        if norm < VANISHED:
            found.append(
                f"the gradient of W has all but vanished (norm {norm:.1e}): try tanh or leaky-relu, "
                "model.initializer = auto, or a smaller learning rate from the start"
            )
        if not norm < EXPLODED:
            found.append(
                f"the gradient of W explodes (norm {norm:.1e}): try a smaller train.learning_rate, or train.clip = 5"
            )
        if self.stuck_units > 0.5:
            found.append(
                f"{self.stuck_units:.0%} of the hidden units are saturated or dead: try a smaller train.learning_rate, "
                "a smaller initializer, or leaky-relu in place of relu"
            )
        return found


def measured_step(
    network: WindowNetwork, optimizer: Optimizer, batch: Batch, masks: Masks, gradients: Gradients, rate: float
) -> Diagnostics:
    """Take a step of the optimizer, and return what it shows."""
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
    """Return the share of hidden units whose derivative is flat in nearly all windows."""
    flat = np.abs(NONLINEARITIES[network.nonlinearity].derivative(z1, h)) < FLAT
    return float(np.mean(flat.mean(axis=0) >= MOST_WINDOWS))


def _touched(p: Array, gradient: Array | RowGradient) -> Array:
    """Return a copy of what a step with this gradient changes."""
    return p[gradient.rows] if isinstance(gradient, RowGradient) else p.copy()
