"""The bookkeeping of one mapping: which item is next, which one is done again, and whose result may be handed over."""

import traceback
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from windowner import errors
from windowner.errors import WindownerError

ATTEMPTS = 3
"""An item that has lost this many workers is a failure, because it probably kills them."""


@dataclass(frozen=True)
class Failure:
    """How an item failed: the exception's type, its message, and the traceback as text."""

    type: str
    message: str
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Describe an exception."""
        return cls(type(error).__name__, str(error), "".join(traceback.format_exception(error)))

    @property
    def user_error(self) -> WindownerError | None:
        """The error again if a user caused it; None if it is anything else."""
        kind = getattr(errors, self.type, None)
        return kind(self.message) if isinstance(kind, type) and issubclass(kind, WindownerError) else None


@dataclass(frozen=True)
class Lost:
    """What comes from a worker that died, in place of a result; `how` says what is known about its end."""

    how: str


@dataclass
class Task:
    """An item under way: its index, and the number of workers that died while they worked on it."""

    index: int
    item: Any
    lost: int = 0


class Tasks:
    """Items that wait for a worker, and results that wait to be handed over.

    Parameters
    ----------
    items
        Taken one by one, when a worker asks for the next task.
    ahead
        If given, results are handed over in the order of the items, and at most this many items are under way or wait
        to be handed over. By default results are handed over as they come.
    """

    def __init__(self, items: Iterable[Any], ahead: int | None = None):
        self._fresh = enumerate(items)
        self._lost: deque[Task] = deque()
        self._ahead = ahead
        self._taken = self._delivered = 0
        self._results: dict[int, Any] = {}

    def next(self) -> Task | None:
        """Take a task, first those that lost their worker; None when no task may start now."""
        if self._lost:
            return self._lost.popleft()
        if self._ahead is not None and self._taken - self._delivered >= self._ahead:
            return None
        for index, item in self._fresh:
            self._taken += 1
            return Task(index, item)
        return None

    def finish(self, task: Task, outcome: Any) -> None:
        """Keep a result or a failure of a task; queue the task again if its worker was lost."""
        if isinstance(outcome, Lost):
            task.lost += 1
            if task.lost < ATTEMPTS:
                self._lost.append(task)
                return
            outcome = Failure("WorkerDied", f"{task.lost} workers died of it, the last one: {outcome.how}")
        self._results[task.index] = outcome

    def deliver(self) -> tuple[int, Any] | None:
        """Take the next index and result that may be handed over; None when there is none."""
        index = next(iter(self._results), -1) if self._ahead is None else self._delivered
        if index not in self._results:
            return None
        self._delivered += 1
        return index, self._results.pop(index)
