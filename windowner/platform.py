"""Functions that depend on the operating system.

windowner is developed and tested on Linux. macOS and Windows are not tested. Known differences:

- Worker processes are spawned: Windows cannot fork, and on macOS a forked process may crash in the system's libraries.
  A spawned process imports the main script again. Therefore a script that starts workers needs
  `if __name__ == "__main__":`. It needs this on Linux too if it starts workers while several threads run.
- Windows has no signals between processes. It has SIGINT for Ctrl-C. A process can end itself by raising SIGTERM. A
  process that another one terminates ends at once: no exception is raised, and nothing is said. What is kept on disk
  is the same. Other signals are used on Linux alone.
- Workers of Ray end with the process that has started them on Linux alone. Workers of this machine do so everywhere.
- Windows does not replace, rename or remove a file that a process has open. So a training
  ends with an error when it wants to take the place of a run of which another program has a file open. Models are read
  at once and closed, so a loaded model is no hindrance. The file of a lock stays after the lock is released.
- Windows locks one byte of a file, and Linux and macOS lock the file. Both locks end with the process.
- The number of processors is that of the machine, except on Linux, where it is that of the process.
- Windows does not say how much memory it has. A config is then refused only if its network exceeds all addresses.
- Paths in files that windowner writes are those of the system, with its separators.
- `keep_freed_memory` has an effect only with glibc. With other C libraries it allocates one block and frees it.

All code that asks for the system, or uses what some system lacks, is in this module. `tests/test_platform.py` fails on
any other.
"""

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Literal, Never

if TYPE_CHECKING:  # every command imports this module, and few start workers
    from multiprocessing.context import BaseContext, ForkContext, SpawnContext

PR_SET_PDEATHSIG = 1
"""An option of prctl(2)."""

WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)
"""Errors of file systems that have no locks."""

ADDRESSABLE = 1 << 47
"""Bytes that a process can address on the usual processors."""

LARGEST_LEARNT = 31 << 20
"""Size of a block in bytes. glibc learns nothing from blocks above 32 MiB."""

HELD = {signal.SIGINT, signal.SIGTERM}
"""Signals that end a command."""

STATUS_OF_CTRL_C = 128 + signal.SIGINT
STATUS_OF_SIGTERM = 128 + signal.SIGTERM
"""Exit statuses that shells expect: 128 and the number of the signal."""


class Terminated(KeyboardInterrupt):
    """SIGTERM. Whatever is kept on Ctrl-C is kept then too."""


@contextmanager
def terminated_as_exception() -> Iterator[None]:
    """Turn SIGTERM into `Terminated` while the block runs. Only the main thread receives signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> Never:
    raise Terminated


def worker_context() -> "ForkContext | SpawnContext":
    """Return what starts worker processes, by `start_method`."""
    from multiprocessing import get_context

    if start_method() == "fork":
        return get_context("fork")
    if sys.platform != "win32":
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()  # spawned processes need it; it starts here, because that ends `signals_held`
    return get_context("spawn")


def inherits(context: "BaseContext") -> bool:
    """Return whether a process of this context inherits all open files and pipes."""
    return context.get_start_method() == "fork"


def start_method() -> Literal["fork", "spawn"]:
    """Return the way to start worker processes: `fork` on Linux while this process has one thread, else `spawn`.

    A forked process starts at once, and already has every import and all loaded data. It also gets a copy of each lock
    that another thread holds at that moment. No thread of the forked process ever releases that lock.
    """
    return "fork" if sys.platform == "linux" and _count_threads() == 1 else "spawn"


def _count_threads() -> int:
    """Return the number of threads of this process. On Linux it includes the threads of libraries."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def count_processors() -> int:
    """Return the number of processors that this process may use. On other systems than Linux it counts them all."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Return the bytes of memory of this machine. Where the system does not say, it is all that addresses reach."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return ADDRESSABLE


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM while the block runs. In a process that it starts they wait for `follow_parent`.

    Before that, such a process would react to them as its parent does, or as Python does. Windows does not hold them.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent() -> None:
    """Make this worker process ignore Ctrl-C, and end as soon as its parent process ends for any reason."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the parent too, which reacts
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a forked process inherits its parent's handler
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def end_with_starter() -> None:
    """Make the system kill this process when the one that has started it ends. Only Linux does that."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process, and return whether nobody else holds the lock.

    It is released when the last process that has the file open ends. On file systems without locks it is always had.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in WITHOUT_LOCKS
    return True


def keep_freed_memory() -> None:
    """Make glibc's allocator keep up to 62 MiB of freed memory in this process, for the next training step.

    The arrays of a training step take megabytes. By default the allocator returns them to the operating system after
    the step, and the next step has to get new pages. With 4,096 windows this took longer than the computation itself.
    When the allocator frees a block that it had mapped from the system, it learns two things: it no longer maps blocks
    of this size, and it keeps up to twice this size of free memory (mallopt(3), M_MMAP_THRESHOLD). Therefore it is
    enough to allocate one large block and to free it.
    """
    import numpy as np

    np.empty(LARGEST_LEARNT, dtype=np.uint8)  # freed at once; no page of it is written
