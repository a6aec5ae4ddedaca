"""The state of a training between two epochs, as plain values and arrays, and back.

    now.NAME       values of a block, of the rows that training may move
    best.NAME      the same after the best epoch so far, unless that was the last one
    rule.NAME.i    state i of the update rule, such as m and v of Adam

With the state of the generator and the number of steps, this is all that the next epoch depends on. So a training that
goes on from it gives the same bytes as one that was never interrupted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from windowner.arrays import Array
from windowner.errors import TrainingError
from windowner.training.best import Best, BestEpoch
from windowner.training.observer import EpochRecord
from windowner.training.trainer import Trainer

REMEDY = "train without --resume"


@dataclass(frozen=True)
class Snapshot:
    """The state of a training.

    Parameters
    ----------
    steps
        Steps of the optimizer.
    generator
        State of the generator, as NumPy gives it.
    best
        The best epoch so far. None where no epoch is scored.
    records
        The records of all epochs.
    arrays
        The arrays that the head of this module lists.
    """

    steps: int
    generator: dict[str, Any]
    best: BestEpoch | None
    records: Sequence[EpochRecord]
    arrays: Mapping[str, Array]


Keep = Callable[[Callable[[], Snapshot]], None]
"""Called after each epoch with a function that takes the snapshot, which not every epoch needs."""


def keep_nothing(take: Callable[[], Snapshot]) -> None:
    """Take no snapshot."""


def take_snapshot(trainer: Trainer, best: Best | None = None, records: Sequence[EpochRecord] = ()) -> Snapshot:
    """Return the state of a training. Its arrays are those of the training, which the next step changes."""
    blocks, optimizer = trainer.network.blocks, trainer.optimizer
    arrays = {f"now.{block.name}": block.moving for block in blocks}
    if best is not None and best.reached.epoch < len(records):
        arrays |= {f"best.{name}": values for name, values in best.kept.items()}
    for block in blocks:
        arrays |= {f"rule.{block.name}.{i}": state for i, state in enumerate(optimizer.state(block.name))}
    reached = None if best is None else best.reached
    return Snapshot(optimizer.steps, _plain(trainer.rng.bit_generator.state), reached, list(records), arrays)


def restore_snapshot(snapshot: Snapshot, trainer: Trainer, best: Best | None = None) -> list[EpochRecord]:
    """Bring a trainer, and its best epoch, into the state of a snapshot, and return the records of the epochs.

    Raises
    ------
    TrainingError
        The snapshot is of another network, update rule or generator.
    """
    arrays = dict(snapshot.arrays)
    is_last = snapshot.best is None or snapshot.best.epoch == len(snapshot.records)
    _check(arrays, trainer, ["now"] if best is None or is_last else ["now", "best"])
    _restore_generator(snapshot.generator, trainer)
    for block in trainer.network.blocks:
        block.moving[...] = arrays[f"now.{block.name}"]
        for i, state in enumerate(trainer.optimizer.state(block.name)):
            state[...] = arrays[f"rule.{block.name}.{i}"]
    trainer.optimizer.steps = snapshot.steps
    if best is not None and snapshot.best is not None:
        best.take_over(snapshot.best, lambda name: arrays[f"{'now' if is_last else 'best'}.{name}"])
    return list(snapshot.records)


def _restore_generator(state: Mapping[str, Any], trainer: Trainer) -> None:
    try:
        trainer.rng.bit_generator.state = state
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TrainingError(f"the state of the generator cannot be used: {error}; {REMEDY}") from None


def _check(arrays: Mapping[str, Array], trainer: Trainer, kinds: Sequence[str]) -> None:
    """Check types and shapes of the arrays of the update rule, and of the blocks' values of each kind."""
    expected: dict[str, Array] = {}
    for name, array in take_snapshot(trainer).arrays.items():
        kind, _, block = name.partition(".")
        expected |= {f"{each}.{block}": array for each in kinds} if kind == "now" else {name: array}
    for name, array in expected.items():
        found = arrays.get(name)
        if found is None or (found.shape, found.dtype) != (array.shape, array.dtype):
            described = "nothing" if found is None else f"{found.dtype} of the shape {found.shape}"
            raise TrainingError(f"{name} is {described}, expected {array.dtype} of the shape {array.shape}; {REMEDY}")


def _plain(state: Any) -> dict[str, Any]:
    """Return the state of a generator in values that JSON has. Some generators have arrays in it."""
    plain = {key: _plain(value) if isinstance(value, dict) else value for key, value in state.items()}
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in plain.items()}
