"""Steps: draw a batch and its dropout masks, compute the gradients, update."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Bools, Ids
from windowner.errors import TrainingError
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.encoding import EncodedText
from windowner.network.activations import Masks
from windowner.network.blocks import Gradients
from windowner.network.model import WindowNetwork
from windowner.platform import keep_freed_memory
from windowner.training.clipping import clip
from windowner.training.diagnostics import Diagnostics, measured_step
from windowner.training.dropout import draw_masks, drop_rare_words
from windowner.training.observer import SILENT, Observer
from windowner.training.optimizers import Optimizer
from windowner.training.schedules import rate_share
from windowner.training.settings import TrainSettings


@dataclass(frozen=True)
class TrainingText:
    """What is trained on.

    Parameters
    ----------
    text
        The encoded sentences, with tags.
    F
        Table rows of all their forms, (forms, tables).
    rare
        For each row of the first table of word vectors that the text can touch, whether the word is rare enough to be
        read as UNK now and then.
    unk_rate
        The probability of that.
    word_columns
        Columns of F that belong to word vectors.
    """

    text: EncodedText
    F: Ids
    rare: Bools
    unk_rate: float
    word_columns: Sequence[int] = (0,)


@dataclass(frozen=True)
class Epoch:
    """What an epoch of steps left behind: mean loss over windows, the last learning rate, and the last step's state."""

    loss: float
    learning_rate: float
    diagnostics: Diagnostics


class Trainer:
    """Trains a network in place, epoch by epoch.

    Parameters
    ----------
    network
        Changed in place.
    training
        What to train on.
    settings
        The `[train]` section.
    rng
        Source of the order of sentences, of dropout, and of which rare words are read as UNK.
    observer
        Hears of every batch.
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
        self.rng, self.observer = rng, observer
        self.epochs = settings.passes(len(training.text))
        self.optimizer = make_optimizer(network, settings)
        self.updated = {block.name for block in network.blocks if block.group in settings.update}

    def train_epoch(self, epoch: int) -> Epoch:
        """Train epoch number `epoch`, from 1.

        Raises
        ------
        TrainingError
            The loss is no longer a finite number.
        """
        batches = self.batches()
        total, seen = 0.0, 0
        for number, batch in enumerate(batches, start=1):
            progress = (epoch - 1 + (number - 1) / len(batches)) / self.epochs
            rate = self.rate(progress)
            loss, gradients, masks = self.gradients(batch)
            if not np.isfinite(loss):
                raise TrainingError(
                    diverged(f"epoch {epoch}, batch {number} of {len(batches)}: the loss is {loss}", rate)
                )
            if number < len(batches):
                self.optimizer.step(gradients, rate)
            else:
                diagnostics = measured_step(self.network, self.optimizer, batch, masks, gradients, rate)
            total += loss * len(batch)
            seen += len(batch)
            self.observer.batch_ends(len(batch), total / seen)
        return Epoch(total / seen, rate, diagnostics)

    def batches(self) -> "Batches":
        """Return the batches of one epoch, in a new order."""
        return Batches(self.training, self.settings.batch, self.rng)

    def rate(self, progress: float) -> float:
        """Return the learning rate at a progress of 0 to 1 through all epochs."""
        settings = self.settings
        return settings.learning_rate * rate_share(settings.schedule, progress, settings.final_rate, settings.warmup)

    def gradients(self, batch: Batch) -> tuple[float, Gradients, Masks]:
        """Return the loss of a batch, the clipped gradients of the blocks that are trained, and the masks drawn."""
        masks = draw_masks(self.rng, self.network, batch, self.settings)
        loss, gradients = self.network.loss(batch, self.settings.l2, masks)
        gradients = {name: gradient for name, gradient in gradients.items() if name in self.updated}
        clip(gradients, self.settings.clip)
        return loss, gradients, masks


class Batches:
    """The batches of one epoch: sentences in random order, cut into runs; each batch is made when it is its turn."""

    def __init__(self, training: TrainingText, size: int, rng: np.random.Generator):
        self.training, self.rng = training, rng
        self.text = training.text.take(rng.permutation(len(training.text.offsets) - 1))
        self.cuts = self.text.cuts(size)

    def __len__(self) -> int:
        return len(self.cuts)

    def __iter__(self) -> Iterator[Batch]:
        training = self.training
        distinct = Distinct(len(training.F))
        for first, last in self.cuts:
            batch = make_batch(self.text.sentences(first, last), training.F, distinct)
            yield drop_rare_words(self.rng, batch, training.rare, training.unk_rate, training.word_columns)


def make_optimizer(network: WindowNetwork, settings: TrainSettings) -> Optimizer:
    """Return the optimizer of a network that the settings name."""
    return Optimizer(
        settings.optimizer,
        network.blocks,
        shares={"words": settings.word_rate, "features": settings.feature_rate},
        weight_decay=settings.weight_decay,
    )


def diverged(what: str, rate: float) -> str:
    """Return the message for values that are no longer finite: where, and what helps."""
    return f"{what} at learning rate {rate:g}; expected a finite number. Try a smaller train.learning_rate"
