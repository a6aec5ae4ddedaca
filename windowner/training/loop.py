"""The epoch loop: train, look at dev, keep the best epoch, stop when dev gets no better."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from windowner.errors import TrainingError
from windowner.network.model import WindowNetwork
from windowner.training.best import Best
from windowner.training.observer import SILENT, EpochRecord, Observer
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer, TrainingText, diverged


@np.errstate(over="ignore", invalid="ignore")  # what overflows shows in the loss
def train_network(
    network: WindowNetwork,
    training: TrainingText,
    settings: TrainSettings,
    rng: np.random.Generator,
    *,
    dev_f1: Callable[[], float],
    dev_loss: Callable[[], float] = lambda: 0.0,
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
    dev_loss
        Returns the network's loss on dev, as it was when `dev_f1` was last called. It decides between epochs with the
        same F1.
    on_best
        Called whenever an epoch is the best so far.
    observer
        Hears of every batch and epoch.

    Raises
    ------
    TrainingError
        The loss or a parameter is no longer a finite number.
    """
    trainer = Trainer(network, training, settings, rng, observer)
    best = Best(network)
    history: list[EpochRecord] = []
    for epoch in range(1, trainer.epochs + 1):
        observer.epoch_begins(epoch, trainer.epochs, len(training.text))
        start = perf_counter()
        trained = trainer.train_epoch(epoch)
        if not best.is_finite():
            raise TrainingError(diverged(f"epoch {epoch}: a parameter is not finite", trained.learning_rate))
        end = perf_counter()
        f1 = dev_f1()
        record = EpochRecord(
            epoch=epoch,
            loss=trained.loss,
            dev_f1=f1,
            learning_rate=trained.learning_rate,
            train_seconds=end - start,
            dev_seconds=perf_counter() - end,
            windows_per_second=len(training.text) / (end - start),
            best=best.offer(f1, dev_loss, epoch),
            diagnostics=trained.diagnostics,
        )
        if record.best:
            on_best()
        history.append(record)
        observer.epoch_ends(record)
        if 0 < settings.patience <= epoch - best.improved:
            observer.note(f"stopped: no better dev F1 in {settings.patience} epochs (train.patience)")
            break
    best.restore()
    return history
