"""The trainer: for each step it makes a batch, draws dropout masks, computes gradients and changes the parameters."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from windowner.errors import TrainingError
from windowner.inputs.batches import Batch
from windowner.network.activations import Masks
from windowner.network.blocks import Gradients
from windowner.network.model import WindowNetwork
from windowner.platform import keep_freed_memory
from windowner.training.clipping import clip
from windowner.training.diagnostics import Diagnostics, measured_step
from windowner.training.dropout import draw_masks
from windowner.training.observer import SILENT, Observer
from windowner.training.optimizers import Optimizer
from windowner.training.schedules import rate_share
from windowner.training.settings import TrainSettings
from windowner.training.text import Batches, TrainingText
from windowner.training.thaw import before_thaw


@dataclass(frozen=True)
class Epoch:
    """The results of one epoch: the mean loss over its windows, and learning rate and diagnostics of its last step."""

    loss: float
    learning_rate: float
    diagnostics: Diagnostics


class Trainer:
    """Trains a network in place, epoch by epoch.

    Parameters
    ----------
    network
        The network. It is changed in place.
    training
        The training text.
    settings
        The `[train]` section.
    rng
        Draws the order of sentences, the dropout masks, and the rare words that are read as UNK.
    observer
        Called after each batch.
    """

    def __init__(
        self,
        network: WindowNetwork,
        training: TrainingText,
        settings: TrainSettings,
        rng: np.random.Generator,
        observer: Observer = SILENT,
    ):
        keep_freed_memory()
        self.network, self.training, self.settings = network, training, settings
        self._before_thaw = before_thaw(network)
        self.rng, self.observer = rng, observer
        self.epochs = settings.passes(len(training.text))
        self.optimizer = make_optimizer(network, settings)
        self.updated = {block.name for block in network.blocks if block.group in settings.update}

    def train_epoch(self, epoch: int) -> Epoch:
        """Train for one epoch, whose number counts from 1, and return its results.

        Raises
        ------
        TrainingError
            If the loss is no longer a finite number.
        """
        batches = self.batches()
        total, seen = 0.0, 0
        for number, batch in enumerate(batches, start=1):
            progress = (epoch - 1 + (number - 1) / len(batches)) / self.epochs
            rate = self.rate(progress)
            loss, gradients, masks = self.gradients(batch, progress)
            if not isfinite(loss):
                raise TrainingError(
                    diverged(f"epoch {epoch}, batch {number} of {len(batches)}: the loss is {loss}", rate)
                )
            if number < len(batches):
                self.optimizer.step(gradients, rate)
            else:
                diagnostics = measured_step(self.network_at(progress), self.optimizer, batch, masks, gradients, rate)
            total += loss * len(batch)
            seen += len(batch)
            self.observer.batch_ends(len(batch), total / seen)
        return Epoch(total / seen, rate, diagnostics)

    def batches(self) -> Batches:
        """Return the batches of one epoch, in a new random order."""
        return Batches(self.training, self.settings.windows(len(self.training.text)), self.rng)

    def rate(self, progress: float) -> float:
        """Return the learning rate at a progress from 0 to 1 through all epochs."""
        settings = self.settings
        return settings.learning_rate * rate_share(settings.schedule, progress, settings.final_rate, settings.warmup)

    def network_at(self, progress: float) -> WindowNetwork:
        """Return the network with the rows that a step may move at a progress from 0 to 1 through all epochs."""
        return self._before_thaw if progress < self.settings.thaw else self.network

    def gradients(self, batch: Batch, progress: float = 1.0) -> tuple[float, Gradients, Masks]:
        """Return the loss of a batch, the clipped gradients of the trained blocks, and the masks that were drawn."""
        masks = draw_masks(self.rng, self.network, batch, self.settings)
        loss, gradients = self.network_at(progress).loss(batch, self.settings.l2, masks)
        gradients = {name: gradient for name, gradient in gradients.items() if name in self.updated}
        clip(gradients, self.settings.clip)
        return loss, gradients, masks


def make_optimizer(network: WindowNetwork, settings: TrainSettings) -> Optimizer:
    """Return the optimizer that the settings name, for a network."""
    return Optimizer(
        settings.optimizer,
        network.blocks,
        shares={"words": settings.word_rate, "features": settings.feature_rate},
        weight_decay=settings.weight_decay,
    )


def diverged(what: str, rate: float) -> str:
    """Return the message about a value that is not finite: what it is, and what usually helps."""
    return f"{what} at learning rate {rate:g}; expected a finite number. Try a smaller train.learning_rate"
