"""The checkpoint: a file from which an interrupted training goes on to the same bytes.

A training trains one or more networks, one after the other: those of an ensemble, then those of `train.refit`. The file
holds the networks that are done, each with the values that it ended with, and a snapshot of the one that is trained
(`training/snapshot.py`). Of a table, it holds the rows that training may move.

    done.I.NAME    values of a block of network I
    now., best., rule.    the arrays of the snapshot

It is a file of arrays with a digest, as a model file is (`tagger/model_file.py`). It cannot tag.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from windowner.arrays import Array
from windowner.errors import ConfigError, ModelError
from windowner.network.model import WindowNetwork
from windowner.runs.identity import differences
from windowner.schemas import fitted
from windowner.tagger.model_file import read_model_file, write_model_file
from windowner.training.best import BestEpoch
from windowner.training.observer import EpochRecord
from windowner.training.snapshot import Snapshot

PAUSE = 30
"""After a write that took t seconds, the next one waits for at least this many times t. So writes take at most 3 %."""

LEAST = 1.0
"""Seconds before the first write. A training that takes less writes none."""


class Moment(msgspec.Struct):
    """A snapshot as the file describes it, without its arrays."""

    steps: Annotated[int, Meta(ge=0)]
    generator: dict[str, Any]
    best: BestEpoch | None
    records: list[EpochRecord]


class Description(msgspec.Struct):
    """What the description of a checkpoint must hold: the records of each network that is done, and the moment."""

    identity: dict[str, Any]
    done: list[list[EpochRecord]]
    moment: Moment


class Checkpoint:
    """What an interrupted training goes on from.

    Parameters
    ----------
    path
        The file.
    identity
        What the training depends on.
    writes
        Whether the file is written at all.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any], *, writes: bool = True):
        self.path, self.identity = path, identity
        self._done: list[tuple[list[EpochRecord], Mapping[str, Array]]] = []
        self._under_way: Snapshot | None = None
        self._ended = 0  # networks whose training has ended in this process, or was taken over as ended
        self._next_write = perf_counter() + LEAST if writes else inf

    def read(self) -> None:
        """Take over what the file holds.

        Raises
        ------
        ConfigError
            It is the checkpoint of another training, or damaged.
        """
        try:
            description, arrays = read_model_file(self.path)
        except ModelError as error:
            raise ConfigError(f"{error}; train without --resume") from None
        try:
            described = fitted(description["checkpoint"], Description, self.path, "train without --resume", ConfigError)
        except KeyError as error:
            raise ConfigError(f"{self.path}: not a checkpoint ({error}); train without --resume") from None
        differing = differences(described.identity, self.identity)
        if differing:
            raise ConfigError(
                f"{self.path}: belongs to another training: {differing}. Expected the same config and data; "
                "train without --resume to begin anew"
            )
        owned = {name: np.array(array) for name, array in arrays.items()}  # the file will be replaced
        for place, records in enumerate(described.done):
            prefix = f"done.{place}."
            values = {name.removeprefix(prefix): array for name, array in owned.items() if name.startswith(prefix)}
            self._done.append((records, values))
        moment = described.moment
        own = {name: array for name, array in owned.items() if not name.startswith("done.")}
        self._under_way = Snapshot(moment.steps, moment.generator, moment.best, moment.records, own)

    @property
    def records(self) -> list[list[EpochRecord]]:
        """The records of the epochs that were taken over, network by network."""
        moment = self._under_way
        return [records for records, _ in self._done] + ([] if moment is None else [list(moment.records)])

    def take_over(self, network: WindowNetwork) -> list[EpochRecord] | None:
        """Give the next network the values that its training ended with, and return its records.

        None if its training has not ended.
        """
        if self._ended >= len(self._done):
            return None
        records, values = self._done[self._ended]
        for block in network.blocks:
            kept = values.get(block.name)
            if kept is None or (kept.shape, kept.dtype) != (block.moving.shape, block.moving.dtype):
                raise ConfigError(f"{self.path}: not of this network: {block.name}; train without --resume")
            block.moving[...] = kept
        self._ended += 1
        return records

    def begin(self) -> Snapshot | None:
        """Return the state from which the next network goes on. None if its training has not begun."""
        snapshot, self._under_way = self._under_way, None
        return snapshot

    def end(self, network: WindowNetwork, records: Sequence[EpochRecord]) -> None:
        """Take the end of a network's training."""
        self._done.append((list(records), {block.name: block.moving for block in network.blocks}))
        self._ended += 1

    def offer(self, take: Callable[[], Snapshot]) -> None:
        """Write the state of the training if the last write is long enough ago."""
        begin = perf_counter()
        if begin >= self._next_write:
            self._write(take())
            end = perf_counter()
            self._next_write = end + PAUSE * (end - begin)

    def _write(self, snapshot: Snapshot) -> None:
        done = {
            f"done.{place}.{name}": array
            for place, (_, values) in enumerate(self._done)
            for name, array in values.items()
        }
        moment = Moment(snapshot.steps, snapshot.generator, snapshot.best, list(snapshot.records))
        described = Description(dict(self.identity), [records for records, _ in self._done], moment)
        write_model_file(self.path, {"checkpoint": msgspec.to_builtins(described)}, {**done, **snapshot.arrays})
