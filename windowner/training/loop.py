"""The epoch loop: shuffle sentences, cut them into batches, step, look at dev, keep the best epoch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from windowner.errors import TrainingError
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.encoding import EncodedText
from windowner.inputs.forms import Ids
from windowner.network.model import WindowNetwork
from windowner.training.dropout import draw_masks, drop_rare_words
from windowner.training.observer import SILENT, EpochRecord, Observer
from windowner.training.optimizers import Optimizer
from windowner.training.schedules import SCHEDULES
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
    """

    text: EncodedText
    table: Ids
    rare: NDArray[np.bool_]
    unk_rate: float


@np.errstate(over="ignore", invalid="ignore")  # what overflows shows in the loss
def train_network(
    network: WindowNetwork,
    training: TrainingText,
    settings: TrainSettings,
    rng: np.random.Generator,
    *,
    dev_f1: Callable[[], float],
    on_best: Callable[[], None] = lambda: None,
    observer: Observer = SILENT,
) -> list[EpochRecord]:
    """Train a network in place, and leave it as it was after its best epoch on dev.

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
    dev_f1
        Returns the network's entity F1 on dev, as it is now.
    on_best
        Called whenever an epoch is the best so far.
    observer
        Hears of every batch and epoch.

    Raises
    ------
    TrainingError
        The loss is no longer a finite number.
    """
    trainable = {f"E.{name}": rows for name, rows in network.trainable.items()}
    optimizer = Optimizer(settings.optimizer, network.parameters, trainable)
    best = _Best(network)
    history: list[EpochRecord] = []
    for epoch in range(1, settings.epochs + 1):
        observer.epoch_begins(epoch, settings.epochs, len(training.text))
        start = perf_counter()
        loss, rate = _train_epoch(network, training, settings, rng, optimizer, epoch, observer)
        trained = perf_counter()
        f1 = dev_f1()
        record = EpochRecord(
            epoch=epoch,
            loss=loss,
            dev_f1=f1,
            learning_rate=rate,
            train_seconds=trained - start,
            dev_seconds=perf_counter() - trained,
            windows_per_second=len(training.text) / (trained - start),
            best=best.offer(f1, epoch),
        )
        history.append(record)
        if record.best:
            on_best()
        observer.epoch_ends(record)
        if epoch - best.epoch >= settings.patience:
            break
    best.restore()
    return history


def _train_epoch(
    network: WindowNetwork,
    training: TrainingText,
    settings: TrainSettings,
    rng: np.random.Generator,
    optimizer: Optimizer,
    epoch: int,
    observer: Observer,
) -> tuple[float, float]:
    """Train one epoch; return its mean loss and the learning rate of its last step."""
    text = training.text.take(rng.permutation(len(training.text.offsets) - 1))
    cuts = text.cuts(settings.batch)
    total, seen, rate = 0.0, 0, 0.0
    for number, batch in enumerate(_batches(text, cuts, training, rng), start=1):
        progress = (epoch - 1 + (number - 1) / len(cuts)) / settings.epochs
        rate = settings.learning_rate * SCHEDULES[settings.schedule](progress, settings.final_rate)
        loss, gradients = network.loss(batch, settings.l2, draw_masks(rng, network, batch, settings))
        if not np.isfinite(loss):
            raise TrainingError(
                f"epoch {epoch}, batch {number} of {len(cuts)}: the loss is {loss} at learning rate {rate:g}; "
                f"expected a finite number. Try a smaller train.learning_rate"
            )
        optimizer.step(gradients, rate)
        windows = batch.S.shape[0]
        total += loss * windows
        seen += windows
        observer.batch_ends(windows, total / seen)
    return total / seen, rate


def _batches(
    text: EncodedText, cuts: list[tuple[int, int]], training: TrainingText, rng: np.random.Generator
) -> Iterator[Batch]:
    distinct = Distinct(len(training.table))
    for first, last in cuts:
        batch = make_batch(text.sentences(first, last), training.table, distinct)
        yield drop_rare_words(rng, batch, training.rare, training.unk_rate)


class _Best:
    """The best epoch so far, and a copy of what training may have changed since."""

    def __init__(self, network: WindowNetwork):
        tables = {f"E.{name}": rows for name, rows in network.trainable.items()}
        self._live = {name: p[: tables.get(name)] for name, p in network.parameters.items()}
        self._kept: dict[str, NDArray[Any]] = {}
        self.epoch = 0
        self.f1 = -1.0

    def offer(self, f1: float, epoch: int) -> bool:
        """Keep this epoch if it is better than all before."""
        if f1 <= self.f1:
            return False
        self.epoch, self.f1 = epoch, f1
        self._kept = {name: p.copy() for name, p in self._live.items()}
        return True

    def restore(self) -> None:
        """Put the best epoch's values back."""
        for name, values in self._kept.items():
            self._live[name][...] = values
