"""Steps: draw a batch and its dropout masks, compute the gradients, update."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Bools, Ids
from windowner.errors import TrainingError
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.encoding import EncodedText
from windowner.network.chain.scores import CHAIN
from windowner.network.model import Gradients, Masks, WindowNetwork
from windowner.platform import keep_freed_memory
from windowner.training.averaging import Average
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
    table
        F of all their forms.
    rare
        For each word row that the text can touch, whether the word is rare enough to be read as UNK now and then.
    unk_rate
        The probability of that.
    sets
        Sets of word vectors: the first columns of F.
    """

    text: EncodedText
    table: Ids
    rare: Bools
    unk_rate: float
    sets: int = 1


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
        self.average = make_average(network, settings, len(training.text))
        groups = {**_groups(network), **dict.fromkeys(CHAIN, "chain")}
        self.updated = {name for name in network.parameters if groups.get(name, name) in settings.update}

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
            if self.average is not None:
                self.average.before_step(gradients)
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
        distinct = Distinct(len(training.table))
        for first, last in self.cuts:
            batch = make_batch(self.text.sentences(first, last), training.table, distinct)
            yield drop_rare_words(self.rng, batch, training.rare, training.unk_rate, training.sets)


def make_optimizer(network: WindowNetwork, settings: TrainSettings) -> Optimizer:
    """Return the optimizer of a network that the settings name."""
    share = {"words": settings.word_rate, "features": settings.feature_rate}
    return Optimizer(
        settings.optimizer,
        network.parameters,
        {f"E.{name}": rows for name, rows in network.trainable.items()},
        shares={name: share[group] for name, group in _groups(network).items()},
        weight_decay=settings.weight_decay,
    )


def make_average(network: WindowNetwork, settings: TrainSettings, windows: int) -> Average | None:
    """Return the moving average of a network's parameters, if the settings want one; an epoch has so many windows."""
    if not settings.average:
        return None
    horizon = settings.average * max(1.0, windows / settings.batch)
    return Average(network.parameters, {f"E.{name}": rows for name, rows in network.trainable.items()}, horizon)


def diverged(what: str, rate: float) -> str:
    """Say that training has left the numbers, and what helps."""
    return f"{what} at learning rate {rate:g}; expected a finite number. Try a smaller train.learning_rate"


def _groups(network: WindowNetwork) -> dict[str, str]:
    """Return the group of each table: `words`, `words2` and so on hold word vectors."""
    return {f"E.{name}": "words" if name.startswith("words") else "features" for name in network.tables}
