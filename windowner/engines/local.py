"""Processes of this machine, each with a pipe of its own.

`concurrent.futures` has one queue for all processes, and when a process dies it gives up the others too. Here a process
that dies closes its pipe. Its item is then known, and the other processes continue.
"""

from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from windowner.engines.engine import Engine, Worker, Workers
from windowner.engines.tasks import Failure, Lost, Task
from windowner.platform import follow_parent, inherits, signals_held, worker_context

_pipes: set[Connection] = set()  # this process's ends of its workers' pipes


class LocalEngine(Engine):
    """Does work in processes of this machine.

    Parameters
    ----------
    jobs
        Number of processes, at least 1.
    """

    def __init__(self, jobs: int):
        if jobs < 1:
            raise ValueError(f"{jobs} jobs, expected at least 1")
        self.jobs = jobs

    def _workers(self, factory: Callable[..., Callable[[Any], Any]], shared: tuple[Any, ...]) -> Workers:
        return _Processes(factory, shared)


class _Processes(Workers):
    def __init__(self, factory: Callable[..., Any], shared: tuple[Any, ...]):
        self._factory, self._shared = factory, shared
        self._free: list[_Process] = []
        self._busy: dict[Any, tuple[_Process, Task]] = {}  # by connection, which `wait` returns

    @property
    def busy(self) -> int:
        return len(self._busy)

    def give(self, task: Task) -> None:
        process = self._free.pop() if self._free else _Process(self._factory, self._shared)
        self._busy[process.connection] = process, task
        process.send(task.item)

    def finished(self) -> Iterator[tuple[Task, Any]]:
        for connection in wait(list(self._busy)):
            process, task = self._busy[connection]
            outcome = process.receive()
            del self._busy[connection]
            if not isinstance(outcome, Lost):
                self._free.append(process)
            yield task, outcome

    def close(self) -> None:
        busy = [process for process, _ in self._busy.values()]
        for process in busy:
            process.terminate()
        for process in [*busy, *self._free]:
            process.stop()


class _Process:
    """A worker process, and this end of its pipe."""

    def __init__(self, factory: Callable[..., Any], shared: tuple[Any, ...]):
        context = worker_context()
        self.connection, theirs = context.Pipe()
        _pipes.add(self.connection)
        # A forked process gets copies of these ends and closes them. Otherwise no worker would see the end of its pipe.
        inherited = tuple(_pipes) if inherits(context) else ()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, inherited, factory, shared), daemon=True
        )
        with signals_held():
            self._process.start()
        theirs.close()  # so that the pipe ends when the process does

    def send(self, item: Any) -> None:
        try:
            self.connection.send(item)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the process is dead, which `receive` finds

    def receive(self) -> Any:
        """Return what came of the item that was sent."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):  # nothing came, or not all of it
            return Lost(f"exit code {self.stop()}")

    def stop(self) -> int | None:
        """Close the pipe, which ends a process that waits for an item; return the exit code."""
        _pipes.discard(self.connection)
        self.connection.close()
        self._process.join()
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()


def _serve(
    connection: Connection, inherited: tuple[Connection, ...], factory: Callable[..., Any], shared: tuple[Any, ...]
) -> None:
    """Do what comes through the pipe, until the pipe ends."""
    for other in inherited:
        other.close()
    _pipes.clear()
    follow_parent()
    worker = Worker(partial(_packing, factory), *shared)
    while True:
        try:
            item = connection.recv()
        except EOFError:
            return
        result = worker.run(item)
        connection.send_bytes(ForkingPickler.dumps(result) if isinstance(result, Failure) else result)


def _packing(factory: Callable[..., Any], *shared: Any) -> Callable[[Any], memoryview]:
    """Pickle results where the function is called, so that a result that cannot be sent is a failure of its item."""
    function = factory(*shared)
    return lambda item: ForkingPickler.dumps(function(item))
