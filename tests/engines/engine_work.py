"""What the tests' workers do. They import it by name; `ray_engine` puts its folder on their path."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from windowner import files
from windowner.files import UNFINISHED
from windowner.tagging import folders

file_tagger = folders._file_tagger  # a forked worker has what the test puts in its place


class OddError(Exception):
    """Cannot be unpickled: its message alone does not make it."""

    def __init__(self, where, what):
        super().__init__(f"{where}: {what}")


def mean_of_products(seed, array):
    rng = np.random.default_rng(seed)
    return float(np.mean(array @ rng.normal(size=array.shape[1])))


def fail_at(spec, bad):
    if spec == bad:
        raise OddError("f:3", "no tag")
    return 10 * spec


def unsendable_at(spec, bad):
    return (lambda: spec) if spec == bad else spec


def counted(folder):
    """A factory that leaves a file for each of its calls."""
    Path(folder, f"made-{os.getpid()}").touch()
    return lambda item: (item, os.getpid())


def slow_first(folder, others):
    """A factory; item 0 is done when this many other items are done."""

    def work(item):
        deadline = time.monotonic() + 60
        while item == 0 and len(list(Path(folder).iterdir())) < others:
            if time.monotonic() > deadline:
                raise TimeoutError(f"fewer than {others} other items are done")
            time.sleep(0.01)
        Path(folder, f"done-{item}").touch()
        return 10 * item

    return work


def broken(_):
    raise ValueError("no model")


def die_once(spec, folder):
    """Kill the worker at spec 2, the first time."""
    mark = Path(folder, "died")
    if spec == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return spec * spec


def always_die(spec, bad):
    if spec == bad:
        os.kill(os.getpid(), signal.SIGKILL)
    return spec


def blas_threads(_):
    return [library["num_threads"] for library in threadpool_info()]


def killing_tagger(marks, shared):
    """A factory of `tag_files` whose worker is killed before each write of each file, once."""

    def killed_before(function):
        def killed(path, *more):
            mark = Path(marks, f"{function.__name__}{Path(path).name.rsplit('.', 2)[0]}")
            if Path(path).name.endswith(UNFINISHED) and not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return function(path, *more)

        return killed

    files._flush, files.os.replace = killed_before(files._flush), killed_before(os.replace)
    return file_tagger(shared)
