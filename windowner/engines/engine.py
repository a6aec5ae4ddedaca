"""One interface for work that is done side by side, and what all engines have in common.

    map_items(factory, items, *shared)       f = factory(*shared) once per worker, then f(item) for each item
    map_in_order(factory, items, *shared)    the same; results come in the order of the items
    map_trials(function, items, *shared)     function(item, *shared) for each item

All three yield (index, result or Failure), and take items from the iterable as workers become free. An item that raises
becomes a Failure and disturbs no other item. An item whose worker died is done again by another worker.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from windowner.engines.tasks import Failure, Lost, Task, Tasks

AHEAD = 2
"""Items per worker that `map_in_order` keeps under way or waiting, so that others continue while one item is slow."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Worker:
    """What a worker keeps between items: the function, made at the first item, and the limit of one BLAS thread."""

    def __init__(self, factory: Callable[..., Callable[[Any], Any]], *shared: Any):
        for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[variable] = "1"  # for libraries that are loaded later
        self._limits = threadpool_limits(1)  # for those that are loaded already
        self._factory, self._shared = factory, shared
        self._function: Callable[[Any], Any] | None = None

    def run(self, item: Any) -> Any:
        """Return the function's result for an item, or a Failure."""
        try:
            if self._function is None:
                self._function = self._factory(*self._shared)
            return self._function(item)
        except Exception as error:  # the function is not known here, and so are its errors
            return Failure.of(error)


class Workers(ABC):
    """The workers of one mapping, which an engine starts as they are needed."""

    @property
    @abstractmethod
    def busy(self) -> int:
        """Number of workers that have a task."""

    @abstractmethod
    def give(self, task: Task) -> None:
        """Give a task to a free worker, or to a new one if none is free."""

    @abstractmethod
    def finished(self) -> Iterator[tuple[Task, Any | Failure | Lost]]:
        """Wait until a task is done; yield it, and others that are done too, each with what came of it."""

    @abstractmethod
    def close(self) -> None:
        """End all workers, whatever they are doing."""


class Engine(ABC):
    """Does work side by side.

    Functions and factories are sent to the workers. They must be module-level functions, or `functools.partial` of
    such functions.
    """

    jobs: int
    """Number of workers."""

    @abstractmethod
    def _workers(self, factory: Callable[..., Callable[[Any], Any]], shared: tuple[Any, ...]) -> Workers:
        """Return workers that call `factory(*shared)` once each, and what it returns with each item."""

    def map_items(
        self, factory: Callable[..., Callable[[Item], Result]], items: Iterable[Item], *shared: Any
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """Call `factory(*shared)` once per worker, and what it returns with each item; yield results as they come.

        Closing the generator ends the workers.
        """
        return self._map(factory, Tasks(items), shared)

    def map_in_order(
        self, factory: Callable[..., Callable[[Item], Result]], items: Iterable[Item], *shared: Any
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """Do the same as `map_items`, and yield results in the order of the items.

        Memory is bounded even when one item is slow: at most `AHEAD * jobs` items are under way or wait for their turn.
        """
        return self._map(factory, Tasks(items, AHEAD * self.jobs), shared)

    def map_trials(
        self, function: Callable[..., Result], items: Iterable[Item], *shared: Any
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """Call `function(item, *shared)` for each item; what is shared is sent once per worker, not once per item."""
        return self.map_items(partial(_bind, function), items, *shared)

    def _map(
        self, factory: Callable[..., Callable[[Any], Any]], tasks: Tasks, shared: tuple[Any, ...]
    ) -> Generator[tuple[int, Any], None, None]:
        with closing(self._workers(factory, shared)) as workers:

            def employ() -> None:
                """Give tasks to workers until all are busy or no task may start."""
                while workers.busy < self.jobs and (task := tasks.next()) is not None:
                    workers.give(task)

            employ()
            while workers.busy:
                for task, outcome in workers.finished():
                    tasks.finish(task, outcome)
                    while (ready := tasks.deliver()) is not None:
                        employ()  # before the result is looked at, so that no worker waits for that
                        yield ready
                    employ()


def _bind(function: Callable[..., Result], *shared: Any) -> Callable[[Any], Result]:
    return lambda item: function(item, *shared)
