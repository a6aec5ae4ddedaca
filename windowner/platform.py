"""What differs between systems, and nothing else.

windowner is developed and tested on Linux. macOS and Windows are not tested. This is what is known about them:

- Worker processes are spawned: Windows cannot fork, and on macOS a forked process may crash in the system's libraries.
  A spawned process imports the main script again. A script that starts workers therefore needs
  `if __name__ == "__main__":`. The same holds on Linux when a process with several threads starts workers.
- Windows has no signals between processes. SIGINT exists for Ctrl-C, and a process can raise SIGTERM in itself, which
  ends it. Nothing else is used here.
- `keep_freed_memory` has an effect with glibc alone. Elsewhere it allocates one block and frees it.
"""

import os
import signal
import sys
import threading
from multiprocessing import parent_process
from typing import Literal

import numpy as np

LARGEST_LEARNT = 31 << 20
"""Bytes; glibc does not learn from blocks above 32 MiB."""


def start_method() -> Literal["fork", "spawn"]:
    """Return how a worker process is to be started: forked on Linux while this process has one thread, else spawned.

    A forked process starts at once, with everything that was imported and loaded here. It also gets a copy of each
    lock that another thread holds at that moment, and nobody in it ever releases that lock.
    """
    return "fork" if sys.platform == "linux" and _count_threads() == 1 else "spawn"


def _count_threads() -> int:
    """Count this process's threads, those of libraries included where the system lists them."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def count_processors() -> int:
    """Count the processors that this process may use; where the system does not say, all of the machine."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def follow_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when that one ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all processes at once
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a forked process has its parent's handler
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def keep_freed_memory() -> None:
    """Let the allocator keep up to 62 MiB of what is freed from now on, for the next training step.

    The arrays of a training step add up to megabytes. glibc's allocator gives them back to the operating system when
    the step is over. The next step then pays for fresh pages, which took longer than the step's own work at 4,096
    windows. The allocator learns from what is freed: when a block that was mapped from the system is freed, blocks of
    its size are no longer mapped, and twice its size may stay free (mallopt(3), M_MMAP_THRESHOLD). One large block that
    is freed untouched is therefore enough.
    """
    np.empty(LARGEST_LEARNT, dtype=np.uint8)  # freed at once, and never touched
