"""Actors of Ray, on this machine or on a cluster. No other module imports Ray, which the extra `cluster` installs.

What is shared is put into Ray's object store once. The workers of one machine map its arrays and do not copy them.
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from windowner.engines.engine import Engine, Worker, Workers
from windowner.engines.tasks import Failure, Lost, Task
from windowner.errors import EngineError
from windowner.platform import end_with_starter

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no report to Ray's makers; read when Ray starts

try:
    import ray
    from ray.exceptions import RayError, RayTaskError
except ImportError:
    raise EngineError('--engine ray needs the cluster extra: pip install "windowner[cluster]"') from None

STORE = 200_000_000
"""Bytes of the object store where Ray is started here; Ray's own default is 30 % of the memory."""


class RayEngine(Engine):
    """Does work in actors of Ray.

    Parameters
    ----------
    jobs
        Number of workers, at most one per processor of the cluster; by default one per processor.
    address
        Address of the cluster. By default RAY_ADDRESS; if that is not set, Ray is started on this machine.

    Raises
    ------
    EngineError
        There is no cluster at the address.
    """

    def __init__(self, jobs: int | None = None, address: str | None = None):
        self._started = not ray.is_initialized()
        if self._started:
            _connect(jobs, address or os.environ.get("RAY_ADDRESS"))
        processors = max(1, int(ray.cluster_resources().get("CPU", 1)))  # type: ignore[no-untyped-call]
        self.jobs = min(jobs or processors, processors)

    def close(self) -> None:
        """Leave the cluster, or end Ray if it was started here."""
        if self._started:
            ray.shutdown()

    def _workers(self, factory: Callable[..., Callable[[Any], Any]], shared: tuple[Any, ...]) -> Workers:
        return _Actors(factory, shared)


class _Actor(Worker):
    """A worker that ends with the process of Ray that has started it, which ends with the command on one machine."""

    def __init__(self, factory: Callable[..., Any], *shared: Any):
        end_with_starter()
        super().__init__(factory, *shared)

    def ready(self) -> None:
        """Return when the actor is there."""


class _Actors(Workers):
    """Actors, and the tasks that wait for one.

    A new actor waits for a processor. If a machine is gone, it may wait for ever. So a task is bound to no actor before
    the actor is there, and another actor that becomes free takes it.
    """

    def __init__(self, factory: Callable[..., Any], shared: tuple[Any, ...]):
        self._factory, self._stored = factory, [ray.put(value) for value in shared]
        self._free: list[Any] = []
        self._waiting: deque[Task] = deque()
        self._starting: dict[Any, Any] = {}  # actors by the reference that is ready when they are
        self._busy: dict[Any, tuple[Any, Task]] = {}  # by the reference of the result

    @property
    def busy(self) -> int:
        return len(self._busy) + len(self._waiting)

    def give(self, task: Task) -> None:
        self._waiting.append(task)
        self._hand_out()
        if len(self._starting) < len(self._waiting):
            actor = self._start()
            self._starting[actor.ready.remote()] = actor

    def _hand_out(self) -> None:
        """Give waiting tasks to free actors."""
        while self._free and self._waiting:
            actor, task = self._free.pop(), self._waiting.popleft()
            self._busy[actor.run.remote(task.item)] = actor, task

    def _start(self) -> Any:
        kind: Any = ray.remote(num_cpus=1)(_Actor)
        return kind.remote(self._factory, *self._stored)

    def finished(self) -> Iterator[tuple[Task, Any]]:
        (reference, *_), _ = ray.wait([*self._busy, *self._starting], num_returns=1)
        outcome = _outcome(reference)
        if reference in self._starting:
            actor = self._starting.pop(reference)
            if not isinstance(outcome, Lost | Failure):
                self._free.append(actor)
            elif self._waiting:  # the actor died before it was ready
                yield self._waiting.popleft(), outcome
        else:
            actor, task = self._busy.pop(reference)
            if not isinstance(outcome, Lost):
                self._free.append(actor)
            yield task, outcome
        self._hand_out()

    def close(self) -> None:
        for actor in [*self._starting.values(), *(actor for actor, _ in self._busy.values())]:
            ray.kill(actor)
        self._free.clear()  # an actor that nobody holds ends


def _outcome(reference: Any) -> Any:
    """Return what came of a call of an actor."""
    try:
        return ray.get(reference)
    except RayTaskError as error:  # a result that cannot be sent
        return Failure(type(error.cause).__name__, str(error.cause), error.traceback_str)
    except RayError as error:  # the actor, or its machine, is gone
        return Lost(" ".join(str(error).split()))


def _connect(jobs: int | None, address: str | None) -> None:
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address in (None, "", "local"):
        options |= {"address": "local", "num_cpus": jobs, "include_dashboard": False, "object_store_memory": STORE}
    else:
        options |= {"address": address}
    try:
        _knock(address or "")
        ray.init(**options)
    except (OSError, ValueError, RuntimeError) as error:
        where = f"no cluster at {address}, expected host:port of one that runs" if address else "cannot start here"
        raise EngineError(f"--engine ray: {where}: {error}") from None


def _knock(address: str) -> None:
    """Connect to host:port for a moment; where nothing listens, Ray itself would wait for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
