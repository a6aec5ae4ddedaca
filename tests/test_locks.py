"""One process at a time holds a lock. It is released when the process ends, also by `kill -9`."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from windowner import locks
from windowner.locks import lock_of, locked

HOLDER = """
import sys, time
from pathlib import Path
from windowner.locks import locked
with locked(Path(sys.argv[1])) as lock:
    print(lock is not None, flush=True)
    time.sleep(300)
"""


def test_a_lock_excludes_others_and_dies_with_its_process(tmp_path, monkeypatch):
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path / "run"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"True\n"
        monkeypatch.setattr(locks, "PATIENCE", 0.1)
        with locked(tmp_path / "run") as lock:
            assert lock is None
        holder.kill()
    monkeypatch.setattr(locks, "PATIENCE", 60)
    with locked(tmp_path / "run") as lock:
        assert lock.is_there
    assert os.listdir(tmp_path) == []


def test_a_lock_waits_for_the_one_who_holds_it(tmp_path, monkeypatch):
    """Those who wait have opened a file that is removed when the lock is released."""
    monkeypatch.setattr(locks, "PATIENCE", 60)
    held = []

    def hold(number):
        with locked(tmp_path / "run") as lock:
            held.append(number)
            assert lock is not None
            assert len(held) == 1
            held.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, range(40)))
    assert os.listdir(tmp_path) == []


def test_nothing_is_beside_the_root_of_the_file_system():
    with pytest.raises(OSError, match="the root of the file system, expected a folder in it: '/'"):
        lock_of(Path("/"))


def test_a_lock_whose_file_was_removed_does_not_remove_that_of_another_process(tmp_path):
    path, first, second = tmp_path / "run", ExitStack(), ExitStack()
    lock = first.enter_context(locked(path))
    path.unlink()
    assert (lock.is_there, lock.is_others) == (False, False)
    other = second.enter_context(locked(path))
    assert (lock.is_there, lock.is_others) == (False, True)
    first.close()
    assert (other.is_there, other.is_others) == (True, False)
    second.close()
    assert os.listdir(tmp_path) == []
