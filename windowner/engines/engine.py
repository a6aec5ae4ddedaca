"""One interface for work that is done side by side, and what all engines have in common.

    map_trials(function, specs, *shared)    function(spec, *shared) for each spec
    map_shards(factory, shards, *shared)    f = factory(*shared) once a worker, then f(shard) for each shard

Both yield (index, result or Failure) as items finish, in no order, and take items from the iterable as workers become
free. An item that raises is a Failure and takes nothing down; an item whose worker died is done again by another one.
"""

import os
import traceback
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

ATTEMPTS = 3
"""How often an item may lose its worker; one that always does is likely to be what kills it."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Failure:
    """What went wrong with an item: the exception's type, its message, and the traceback as text."""

    type: str
    message: str
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Describe an exception."""
        return cls(type(error).__name__, str(error), "".join(traceback.format_exception(error)))


@dataclass
class Task:
    """An item on its way: its index, and how many workers it has lost."""

    index: int
    item: Any
    lost: int = 0


class Tasks:
    """Items that wait for a worker, first of all those that lost theirs."""

    def __init__(self, items: Iterable[Any]):
        self._fresh = enumerate(items)
        self._lost: deque[Task] = deque()

    def next(self) -> Task | None:
        """Take a task; None when none waits."""
        if self._lost:
            return self._lost.popleft()
        return next((Task(index, item) for index, item in self._fresh), None)

    def lose(self, task: Task, how: str) -> Failure | None:
        """Queue a task again whose worker died, or return the failure when that happened too often."""
        task.lost += 1
        if task.lost < ATTEMPTS:
            self._lost.append(task)
            return None
        return Failure("WorkerDied", f"{task.lost} workers died of it, the last one: {how}")


class Worker:
    """What a process keeps between items: the factory's function, made at the first item; one BLAS thread."""

    def __init__(self, factory: Callable[..., Callable[[Any], Any]], *shared: Any):
        for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[variable] = "1"  # for libraries that are loaded later
        self._limits = threadpool_limits(1)  # for those that are loaded already
        self._factory, self._shared = factory, shared
        self._function: Callable[[Any], Any] | None = None

    def run(self, item: Any) -> Any:
        """Return what the function makes of an item, or how it failed."""
        try:
            if self._function is None:
                self._function = self._factory(*self._shared)
            return self._function(item)
        except Exception as error:  # handed over whole: here nobody can know what the function may raise
            return Failure.of(error)


class Engine(ABC):
    """Does work side by side.

    Functions and factories are sent to the workers, so that they are module-level functions or `functools.partial` of
    such.
    """

    jobs: int
    """Workers."""

    @abstractmethod
    def map_shards(
        self, factory: Callable[..., Callable[[Item], Result]], shards: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Call `factory(*shared)` once a worker, and what it returns with each shard."""

    def map_trials(
        self, function: Callable[..., Result], specs: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Call `function(spec, *shared)` for each spec; what is shared is sent once a worker, not once a trial."""
        return self.map_shards(partial(_bind, function), specs, *shared)


def _bind(function: Callable[..., Result], *shared: Any) -> Callable[[Any], Result]:
    return lambda spec: function(spec, *shared)
