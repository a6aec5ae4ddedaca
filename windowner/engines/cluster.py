"""Actors of Ray, on this machine or on a cluster. No other module imports Ray, which the extra `cluster` installs.

What is shared is put into Ray's object store once. The workers of one machine map its arrays and do not copy them.
"""

import logging
import os
import socket
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
    raise EngineError("--engine ray: ray is not installed; pip install 'windowner[cluster]'") from None

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


class _Actors(Workers):
    def __init__(self, factory: Callable[..., Any], shared: tuple[Any, ...]):
        self._factory, self._stored = factory, [ray.put(value) for value in shared]
        self._free: list[Any] = []
        self._busy: dict[Any, tuple[Any, Task]] = {}  # by the reference of the result

    @property
    def busy(self) -> int:
        return len(self._busy)

    def give(self, task: Task) -> None:
        actor = self._free.pop() if self._free else self._start()
        self._busy[actor.run.remote(task.item)] = actor, task

    def _start(self) -> Any:
        kind: Any = ray.remote(num_cpus=1)(_Actor)
        return kind.remote(self._factory, *self._stored)

    def finished(self) -> Iterator[tuple[Task, Any]]:
        (reference, *_), _ = ray.wait(list(self._busy), num_returns=1)
        actor, task = self._busy.pop(reference)
        outcome: Any
        try:
            outcome = ray.get(reference)
        except RayTaskError as error:  # a result that cannot be sent
            outcome = Failure(type(error.cause).__name__, str(error.cause), error.traceback_str)
        except RayError as error:  # the actor, or its machine, is gone
            outcome = Lost(" ".join(str(error).split()))
        if not isinstance(outcome, Lost):
            self._free.append(actor)
        yield task, outcome

    def close(self) -> None:
        for actor, _ in self._busy.values():
            ray.kill(actor)
        self._free.clear()  # an actor that nobody holds ends


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
