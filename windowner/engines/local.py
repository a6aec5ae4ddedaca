"""Processes of this machine, each at the end of a pipe.

A pipe a worker, rather than one queue for all as in `concurrent.futures`: when a process dies, its pipe closes, so that
it is known which item was lost, and the other processes go on.
"""

import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from windowner.engines.engine import Engine, Failure, Item, Result, Task, Tasks, Worker

# Spawned, not forked: a fork copies the threads' locks, not the threads, and the pipes of the other workers.
SPAWN = get_context("spawn")


class LocalEngine(Engine):
    """Does work in `jobs` processes of this machine."""

    def __init__(self, jobs: int):
        self.jobs = jobs

    def map_shards(
        self, factory: Callable[..., Callable[[Item], Result]], shards: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[int, Result | Failure]]:
        """See `Engine.map_shards`."""
        tasks = Tasks(shards)
        busy: dict[Connection, _Process] = {}

        def give(process: _Process | None = None) -> None:
            """Give a task to a process, a new one if none is free; end it when there is nothing left to do."""
            task = tasks.next()
            if task is None:
                if process is not None:
                    process.stop()
                return
            process = process or _Process.start(factory, shared)
            busy[process.connection] = process
            process.give(task)

        try:
            for _ in range(self.jobs):
                give()
            while busy:
                for connection in wait(list(busy)):
                    process = busy[connection]  # type: ignore[index]  # wait returns what it was given
                    task = process.task
                    try:
                        result = process.connection.recv()
                    except (EOFError, OSError):  # nothing came, or not all of it
                        del busy[process.connection]
                        failure = tasks.lose(task, f"exit code {process.stop()}")
                        give()
                        if failure is not None:
                            yield task.index, failure
                    else:
                        del busy[process.connection]
                        give(process)  # before the result is looked at, so that no worker waits for that
                        yield task.index, result
        finally:
            for process in busy.values():
                process.process.terminate()
                process.stop()


@dataclass
class _Process:
    process: SpawnProcess
    connection: Connection
    task: Task

    @classmethod
    def start(cls, factory: Callable[..., Any], shared: tuple[Any, ...]) -> "_Process":
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=_serve, args=(theirs, factory, shared), daemon=True)
        process.start()
        theirs.close()  # so that the pipe ends when the process does
        return cls(process, ours, Task(-1, None))

    def give(self, task: Task) -> None:
        self.task = task
        try:
            self.connection.send(task.item)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it is dead already, which is found where its result is awaited

    def stop(self) -> int | None:
        self.connection.close()
        self.process.join()
        return self.process.exitcode


def _serve(connection: Connection, factory: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    worker = Worker(partial(_packing, factory), *shared)
    while True:
        try:
            item = connection.recv()
        except EOFError:
            return
        result = worker.run(item)
        connection.send_bytes(ForkingPickler.dumps(result) if isinstance(result, Failure) else result)


def _packing(factory: Callable[..., Any], *shared: Any) -> Callable[[Any], memoryview]:
    """Pack results where the function is called, so that one that cannot be sent is that item's failure."""
    function = factory(*shared)
    return lambda item: ForkingPickler.dumps(function(item))
