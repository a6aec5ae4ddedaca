"""Forked workers. They need a process with one thread, which that of the tests is not once Ray has run in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")

HERE = str(Path(__file__).parent)
BEGIN = """
import sys
import engine_work as work
from windowner import platform
from windowner.engines.local import LocalEngine

method = platform.start_method
def watched():
    print(method(), file=sys.stderr)
    return method()
platform.start_method = watched
"""


def run(script: str) -> tuple[str, int]:
    """Run a script; return what it prints, and the number of workers, which must all have been forked."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([HERE, *sys.path])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    methods = done.stderr.split()
    assert set(methods) == {"fork"}, done.stderr
    return done.stdout, len(methods)


def test_workers_that_wait_see_the_end_of_their_pipes():
    """Each worker inherits the pipes of those before it; a copy that stays open would let them wait for ever."""
    printed, workers = run("print(sorted(LocalEngine(3).map_trials(work.fail_at, range(6), -1)))")
    assert printed == f"{[(item, 10 * item) for item in range(6)]}\n"
    assert workers == 3


def test_two_mappings_side_by_side():
    """Workers of the second one inherit the pipes of the first, which ends before it."""
    printed, workers = run("""
engine = LocalEngine(2)
first, second = (engine.map_trials(work.fail_at, range(4), -1) for _ in range(2))
next(first), next(second)
first.close()
print(len(list(second)))
""")
    assert (printed, workers) == ("3\n", 4)


def test_a_killed_worker_is_replaced(tmp_path):
    printed, workers = run(f"print(sorted(LocalEngine(1).map_trials(work.die_once, range(6), {str(tmp_path)!r})))")
    assert printed == f"{[(item, item * item) for item in range(6)]}\n"
    assert workers == 2


def test_a_worker_has_what_was_loaded_before():
    """What is shared is inherited, not sent: a lambda, which cannot be sent, arrives."""
    printed, _ = run("print(list(LocalEngine(1).map_items(lambda shared: shared, [3], lambda item: item + 1)))")
    assert printed == "[(0, 4)]\n"
