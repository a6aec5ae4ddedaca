"""The epoch loop: train, score dev, keep the best epoch, and stop when dev does not improve.

Where the number of steps is known, `train_steps` trains without a dev.
"""

from collections.abc import Callable
from functools import partial
from itertools import islice
from time import perf_counter

import numpy as np

from windowner.errors import TrainingError
from windowner.text.wording import count_of
from windowner.training.best import Best
from windowner.training.observer import EpochRecord
from windowner.training.snapshot import Keep, Snapshot, keep_nothing, restore_snapshot, take_snapshot
from windowner.training.trainer import Trainer, diverged


@np.errstate(over="ignore", invalid="ignore")  # an overflow shows in the loss, which is checked
def train_network(
    trainer: Trainer,
    *,
    dev_f1: Callable[[], float],
    dev_loss: Callable[[], float] = lambda: 0.0,
    start: Snapshot | None = None,
    keep: Keep = keep_nothing,
) -> list[EpochRecord]:
    """Train a trainer's network in place, and leave it with the values of its best epoch on dev, also after an error.

    Parameters
    ----------
    trainer
        Trains the network for one epoch at a time.
    dev_f1
        Returns the entity F1 on dev of the network as it is when called.
    dev_loss
        Returns the loss on dev of the network as it was when `dev_f1` was last called. It decides between epochs with
        the same F1.
    start
        The state to go on from. By default the training begins.
    keep
        Called after each epoch.

    Returns
    -------
    list of EpochRecord
        One record per epoch, with those before `start`.

    Raises
    ------
    TrainingError
        If the loss or a parameter is no longer a finite number.
    """
    observer, patience = trainer.observer, trainer.settings.patience
    best = Best(trainer.network)
    history = [] if start is None else restore_snapshot(start, trainer, best)
    take = partial(take_snapshot, trainer, best, history)
    try:
        while len(history) < trainer.epochs:
            if 0 < patience <= len(history) - best.reached.improved:
                observer.note(f"stopped: no better dev F1 in {count_of(patience, 'epoch')} (train.patience)")
                break
            history.append(_train_epoch(trainer, len(history) + 1, best, dev_f1, dev_loss))
            observer.epoch_ends(history[-1])
            keep(take)
    finally:  # after an interrupt too
        best.restore()
    return history


@np.errstate(over="ignore", invalid="ignore")
def train_steps(
    trainer: Trainer, steps: int, total: int, *, start: Snapshot | None = None, keep: Keep = keep_nothing
) -> None:
    """Train a trainer's network in place for a number of steps, at the learning rates of the first of `total` steps.

    Parameters
    ----------
    trainer
        Computes and applies the gradients.
    steps, total
        Number of steps, and the number over which the learning rate changes.
    start
        The state to go on from. By default the training begins.
    keep
        Called after each pass over the training text.

    Raises
    ------
    TrainingError
        If the loss or a parameter is no longer a finite number.
    """
    optimizer, rate = trainer.optimizer, trainer.rate(0.0)
    if start is not None:
        restore_snapshot(start, trainer)
    while optimizer.steps < steps:
        for batch in islice(trainer.batches(), steps - optimizer.steps):
            rate = trainer.rate(optimizer.steps / total)
            loss, gradients, _ = trainer.gradients(batch, optimizer.steps / total)
            if not np.isfinite(loss):
                raise TrainingError(diverged(f"step {optimizer.steps + 1} of {steps}: the loss is {loss}", rate))
            optimizer.step(gradients, rate)
        keep(partial(take_snapshot, trainer))
    if not Best(trainer.network).is_finite():
        raise TrainingError(diverged(f"step {steps}: a parameter is not finite", rate))


def _train_epoch(
    trainer: Trainer, epoch: int, best: Best, dev_f1: Callable[[], float], dev_loss: Callable[[], float]
) -> EpochRecord:
    """Train for one epoch, score the network on dev, and offer it as the best one."""
    windows = len(trainer.training.text)
    trainer.observer.epoch_begins(epoch, trainer.epochs, windows)
    start = perf_counter()
    trained = trainer.train_epoch(epoch)
    if not best.is_finite():
        raise TrainingError(diverged(f"epoch {epoch}: a parameter is not finite", trained.learning_rate))
    end = perf_counter()
    f1 = dev_f1()
    return EpochRecord(
        epoch=epoch,
        loss=trained.loss,
        dev_f1=f1,
        learning_rate=trained.learning_rate,
        train_seconds=end - start,
        dev_seconds=perf_counter() - end,
        windows_per_second=windows / (end - start),
        best=best.offer(f1, dev_loss, epoch),
        diagnostics=trained.diagnostics,
    )
