"""What differs between systems. What needs a process of its own, or one that is killed, runs as a script."""

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from windowner import platform

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks and lists threads")


def run(script: str, **options) -> str:
    """Run a script in a process whose libraries start no threads; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


METHOD = """
import threading
from windowner import platform
print(platform.start_method())
end = threading.Event()
threading.Thread(target=end.wait).start()
print(platform.start_method())
end.set()
"""


@linux
def test_a_process_with_one_thread_forks():
    assert run(METHOD).split() == ["fork", "spawn"]


@linux
def test_threads_of_libraries_count(monkeypatch):
    """Python does not know them, and forking copies their locks too."""
    monkeypatch.setattr(os, "listdir", {"/proc/self/task": ["1", "2"]}.__getitem__)
    assert platform.start_method() == "spawn"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_spawn(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "_count_threads", lambda: 1)
    assert platform.start_method() == "spawn"


@linux
def test_processors_are_those_of_this_process():
    script = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    assert run(script + "from windowner import platform; print(platform.count_processors())") == "1\n"


FOLLOWING = """
import signal, sys, time
from multiprocessing import get_context
from windowner import platform

def child():
    getattr(platform, sys.argv[2])()
    print("here", flush=True)
    time.sleep(300)

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: None)
    get_context(sys.argv[1]).Process(target=child).start()
    time.sleep(300)
"""


@pytest.mark.parametrize(
    ("method", "how"),
    [
        pytest.param("fork", "follow_parent", marks=linux),
        ("spawn", "follow_parent"),
        pytest.param("fork", "end_with_starter", marks=linux),
        pytest.param("spawn", "end_with_starter", marks=linux),
    ],
)
def test_a_worker_ends_with_a_parent_that_is_killed(tmp_path, method, how):
    """The worker holds its parent's stdout, which ends with the last process that holds it."""
    script = tmp_path / "following.py"
    script.write_text(FOLLOWING, encoding="utf-8")
    with subprocess.Popen([sys.executable, script, method, how], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"here\n"
        process.kill()
        assert process.communicate(timeout=60) == (b"", None)


SIGNALS = """
import signal
from windowner.platform import follow_parent
signal.signal(signal.SIGTERM, lambda *_: print("the parent's handler"))
follow_parent()
signal.raise_signal(signal.SIGINT)
print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
"""


def test_a_worker_leaves_ctrl_c_to_its_parent_and_can_be_terminated():
    assert run(SIGNALS) == "True\n"


HELD = """
import os, signal
from windowner import platform

def child(number):
    signal.raise_signal(number)
    platform.follow_parent()
    print("not ended", flush=True)

if __name__ == "__main__":
    for method in ("fork", "spawn"):
        platform.start_method = lambda: method
        for number in (signal.SIGINT, signal.SIGTERM):
            process = platform.worker_context().Process(target=child, args=(number,))
            with platform.signals_held():
                process.start()
            process.join()
            print(process.exitcode, flush=True)
"""


@linux
def test_a_worker_that_starts_reacts_to_no_signal_as_its_parent_does(tmp_path):
    """It ignores Ctrl-C, and SIGTERM ends it without a traceback."""
    (tmp_path / "held.py").write_text(HELD, encoding="utf-8")
    done = subprocess.run([sys.executable, tmp_path / "held.py"], capture_output=True, text=True, timeout=60)
    assert (done.stdout.split("\n"), done.stderr) == (["not ended", "0", "-15"] * 2 + [""], "")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX locks whole files")
def test_a_lock_is_had_once(tmp_path):
    """By one open file; another one of the same process has to wait, too."""
    with (tmp_path / "a").open("w") as first, (tmp_path / "a").open("w") as second:
        assert platform.try_lock(first.fileno())
        assert not platform.try_lock(second.fileno())


@pytest.mark.parametrize(("number", "had"), [(errno.ENOLCK, True), (errno.EWOULDBLOCK, False)])
def test_a_file_system_without_locks_is_one_where_nobody_else_writes(monkeypatch, number, had):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert platform.try_lock(0) == had


PAGES = """
import resource
import numpy as np
from windowner.platform import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        arrays = [np.ones(1_000_000) for _ in range(5)]  # 40 MB, as the arrays of a step
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(faults())
keep_freed_memory()
faults()
print(faults())
"""


@linux
def test_freed_memory_is_kept():
    """Counted in pages of 4 KB that the system provides: thousands for each of ten steps, or none."""
    if os.confstr("CS_GNU_LIBC_VERSION") is None:
        pytest.skip("the allocator is not glibc's")
    before, after = map(int, run(PAGES).split())
    assert before > 10_000
    assert after < 1000


OF_SOME_SYSTEMS = {"ctypes", "fcntl", "msvcrt", "posix", "pwd", "resource", "signal", "termios", "winreg"}
OF_SYSTEMS = {"sys.platform", "os.name", "platform.system"}
LACKING_SOMEWHERE = {
    *("os.fork", "os.getuid", "os.geteuid", "os.kill", "os.killpg", "os.setsid", "os.sysconf", "os.uname", "os.nice"),
    *("os.getloadavg", "os.sched_getaffinity", "os.mkfifo", "os.chown", "os.statvfs", "os.wait", "os.O_DIRECTORY"),
}


def system_dependent(tree: ast.Module):
    """Yield what in a module depends on the system: modules, names, the files of Linux, and ways to start processes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ({alias.name for alias in node.names} & OF_SOME_SYSTEMS)
        elif isinstance(node, ast.ImportFrom):
            yield from ({node.module} & OF_SOME_SYSTEMS)
            yield from ({f"{node.module}.{alias.name}" for alias in node.names} & (OF_SYSTEMS | LACKING_SOMEWHERE))
        elif isinstance(node, ast.Attribute):
            yield from ({ast.unparse(node)} & (OF_SYSTEMS | LACKING_SOMEWHERE))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in ("fork", "spawn", "forkserver") or node.value.startswith("/proc/"):
                yield repr(node.value)


def test_what_differs_between_systems_is_in_one_module():
    home = Path(platform.__file__)
    found = {
        str(path.relative_to(home.parent)): sorted(system_dependent(ast.parse(path.read_text(encoding="utf-8"))))
        for path in home.parent.rglob("*.py")
    }
    assert {"fcntl", "msvcrt", "signal", "sys.platform", "os.sysconf", "'fork'", "'/proc/self/task'"} <= {
        *found.pop(home.name)
    }
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "line", ["from os import name", "from signal import SIGTERM", "open('/proc/stat')", "os.fork()"]
)
def test_what_depends_on_the_system_is_seen(line):
    assert list(system_dependent(ast.parse(line)))
