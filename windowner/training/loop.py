"""The epoch loop: train, score dev, keep the best epoch, and stop when dev does not improve.

Where the number of steps is known, `train_steps` trains without a dev.
"""

from collections.abc import Callable
from itertools import islice
from time import perf_counter

import numpy as np

from windowner.errors import TrainingError
from windowner.text.wording import count_of
from windowner.training.best import Best
from windowner.training.observer import EpochRecord
from windowner.training.trainer import Trainer, diverged


@np.errstate(over="ignore", invalid="ignore")  # an overflow shows in the loss, which is checked
def train_network(
    trainer: Trainer,
    *,
    dev_f1: Callable[[], float],
    dev_loss: Callable[[], float] = lambda: 0.0,
    on_best: Callable[[], None] = lambda: None,
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
    on_best
        Called after each epoch that is the best so far.

    Returns
    -------
    list of EpochRecord
        One record per epoch.

    Raises
    ------
    TrainingError
        If the loss or a parameter is no longer a finite number.
    """
    observer, patience = trainer.observer, trainer.settings.patience
    best = Best(trainer.network)
    history: list[EpochRecord] = []
    try:
        for epoch in range(1, trainer.epochs + 1):
            record = _train_epoch(trainer, epoch, best, dev_f1, dev_loss)
            if record.best:
                on_best()
            history.append(record)
            observer.epoch_ends(record)
            if 0 < patience <= epoch - best.improved:
                observer.note(f"stopped: no better dev F1 in {count_of(patience, 'epoch')} (train.patience)")
                break
    finally:  # after an interrupt too
        best.restore()
    return history


@np.errstate(over="ignore", invalid="ignore")
def train_steps(trainer: Trainer, steps: int, total: int) -> None:
    """Train a trainer's network in place for a number of steps, at the learning rates of the first of `total` steps.

    Raises
    ------
    TrainingError
        If the loss or a parameter is no longer a finite number.
    """
    step, rate = 0, trainer.rate(0.0)
    while step < steps:
        for batch in islice(trainer.batches(), steps - step):
            rate = trainer.rate(step / total)
            loss, gradients, _ = trainer.gradients(batch, step / total)
            if not np.isfinite(loss):
                raise TrainingError(diverged(f"step {step + 1} of {steps}: the loss is {loss}", rate))
            trainer.optimizer.step(gradients, rate)
            step += 1
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
