"""Ray: actors on this machine or on a cluster; the only module that imports it (extra `cluster`).

What is shared is put into the object store once; on one machine workers map its arrays instead of copying them.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from windowner.engines.engine import Engine, Failure, Item, Result, Task, Tasks, Worker
from windowner.errors import EngineError

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody; read when Ray starts

try:
    import ray
    from ray.exceptions import RayError, RayTaskError
except ImportError:
    raise EngineError("--engine ray: ray is not installed; pip install 'windowner[cluster]'") from None

STORE = 200_000_000
"""Bytes of a local object store; Ray's own default is 30 % of the memory."""


class RayEngine(Engine):
    """Does work in actors of Ray.

    Parameters
    ----------
    jobs
        Workers, at most one a processor of the cluster; by default as many.
    address
        Of the cluster; by default that of RAY_ADDRESS, or Ray is started on this machine with `jobs` processors.

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
        """Leave the cluster, or end it if it was started here."""
        if self._started:
            ray.shutdown()

    def map_shards(
        self, factory: Callable[..., Callable[[Item], Result]], shards: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[int, Result | Failure]]:
        """See `Engine.map_shards`."""
        tasks = Tasks(shards)
        stored = [ray.put(value) for value in shared]
        busy: dict[Any, tuple[Any, Task]] = {}  # the reference of a result: who makes it, of what

        def give(actor: Any = None) -> None:
            """Give a task to an actor, a new one if none is free; an actor that nobody holds ends."""
            task = tasks.next()
            if task is not None:
                actor = actor or ray.remote(num_cpus=1)(Worker).remote(factory, *stored)
                busy[actor.run.remote(task.item)] = actor, task

        try:
            for _ in range(self.jobs):
                give()
            while busy:
                (reference, *_), _ = ray.wait(list(busy), num_returns=1)
                actor, task = busy.pop(reference)
                try:
                    result = ray.get(reference)
                except RayTaskError as error:  # a result that cannot be sent
                    give(actor)
                    yield task.index, Failure(type(error.cause).__name__, str(error.cause), error.traceback_str)
                except RayError as error:  # the actor, or its machine, is gone
                    failure = tasks.lose(task, " ".join(str(error).split()))
                    give()
                    if failure is not None:
                        yield task.index, failure
                else:
                    give(actor)
                    yield task.index, result
        finally:
            for actor, _ in busy.values():
                ray.kill(actor)


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
    """See that somebody listens at host:port; Ray itself would wait for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
