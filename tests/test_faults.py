"""A disk that fails at any write: what was there stays or is replaced whole, and the next start gives equal bytes."""

import errno
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from synthetic import Tiny, invoke, succeed, train_tiny, write_tiny

from windowner import files
from windowner.engines.engine import Worker
from windowner.engines.tasks import Failure
from windowner.tagging.finding import find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.task import TagTask

FAULTS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


class Fault:
    """Fails at step number `left` of all steps of all files that are written whole."""

    def __init__(self, number: int, left: int):
        self.number, self.left = number, left
        self.happened = False

    def fail(self):
        raise OSError(self.number, os.strerror(self.number))

    def before(self, function):
        def counted(*args, **options):
            self.left -= 1
            if self.left < 0 and not self.happened:
                self.happened = True
                self.fail()
            return function(*args, **options)

        return counted


@contextmanager
def failing(number: int, step: int) -> Iterator[Fault]:
    fault = Fault(number, step)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_flush", fault.before(files._flush))
        patch.setattr(files.os, "replace", fault.before(os.replace))
        patch.setattr(files.Path, "rename", fault.before(files.Path.rename))
        yield fault


def content(folder):
    """Return what stands in a folder, without what only times decide."""
    timed = ("metrics.json", "history.jsonl")
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in timed)
    return {path.relative_to(folder): path.read_bytes() for path in paths}


@pytest.mark.parametrize("number", FAULTS)
def test_a_training_that_cannot_write_leaves_the_old_run_or_the_new_one(tmp_path, number):
    write_tiny(tmp_path)
    run = tmp_path / "run"
    train = ("train", tmp_path / "tiny.toml", "--set", "train.epochs=1", "--out")
    succeed(*train, tmp_path / "new", "--seed", "2")
    succeed(*train, run)
    old, new = content(run), content(tmp_path / "new")
    for step in range(100):
        with failing(number, step) as fault:
            result = invoke(*train, run, "--seed", "2")
        if not fault.happened:
            break
        assert "Traceback" not in result.output
        if result.exit_code:
            assert result.exit_code == 1
            assert os.strerror(number) in result.output
            files.heal(run)
        assert content(run).keys() == old.keys()
        assert content(run)[files.Path("model.safetensors")] in (
            old[files.Path("model.safetensors")],
            new[files.Path("model.safetensors")],
        )
        succeed(*train, run)
        assert content(run) == old
    assert step > 4
    succeed(*train, run, "--seed", "2")
    assert content(run)[files.Path("model.safetensors")] == new[files.Path("model.safetensors")]


class Serial:
    """An engine in this process, so that its work meets the fault."""

    def map_items(self, factory, items, *shared):
        worker = Worker(factory, *shared)
        for number, item in enumerate(items):
            yield number, worker.run(item)


def killed_at(step: int, *arguments) -> bool:
    """Run a command in a process that is killed before this step of its writes, or whose workers are; return whether.

    Workers inherit the fault. A command whose workers die ends with status 1.
    """
    child = os.fork()
    if child == 0:
        with failing(errno.EIO, step) as fault:
            fault.fail = lambda: os.kill(os.getpid(), signal.SIGKILL)
            result = invoke(*arguments)
        os._exit(result.exit_code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) in (0, 1)
    return os.WEXITSTATUS(status) == 1


COMMANDS = {
    "convert": ["convert", "TEXT", "OUT/new.jsonl"],
    "cutoff": ["cutoff", "OUT/run", "--target", "precision=0.5"],
    "tag": ["tag", "OUT/run", "TEXT", "--out", "OUT/new"],
    "train": ["train", "CONFIG", "--out", "OUT/run", "--seed", "2", "--set", "train.epochs=1"],
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_before_any_write_it_goes_on_to_the_same_bytes(tiny, tmp_path, command):
    """After the kill, each file is the old one or the new one. Then the command gives what it gives undisturbed."""

    def filled(name):
        shutil.copytree(tiny.run.folder, tmp_path / name / "run")
        return tmp_path / name

    def arguments(out):
        values = {"TEXT": str(tiny.folder / "dev.conll"), "CONFIG": str(tiny.config), "OUT": str(out)}
        return [re.sub("TEXT|CONFIG|OUT", lambda found: values[found[0]], part) for part in COMMANDS[command]]

    old, new = content(filled("old")), filled("new")
    succeed(*arguments(new))
    expected = content(new)
    for step in range(100):
        out = filled(f"out{step}")
        if not killed_at(step, *arguments(out)):
            break
        files.heal(out / "run")
        for path, found in content(out).items():
            hidden = any(part.startswith(".") for part in path.parts)
            assert hidden or found in (old.get(path), expected.get(path)), path
        if command == "train" and step % 4:  # which takes long
            continue
        succeed(*arguments(out))
        assert content(out).keys() >= expected.keys()
        assert all(content(out)[path] == expected[path] for path in expected)
    assert step > 0


@pytest.mark.parametrize("number", FAULTS)
def test_tagging_into_a_folder_that_cannot_be_written_goes_on(tiny, tmp_path, number):
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in ("a", "b"):
        (texts / f"{name}.txt").write_text("John Smith lives in Paris .\n", encoding="utf-8")

    def tag(out):
        task = TagTask(tiny.model, input_format="tokens")
        found = list(tag_files(Serial(), task, find_shards(str(texts), out, "tokens"), out))
        return [result for _, result in found if isinstance(result, Failure)]

    assert not tag(tmp_path / "whole")
    expected = {path.name: path.read_bytes() for path in (tmp_path / "whole").glob("*.conll")}
    for step in range(100):
        out = tmp_path / f"out{step}"
        with failing(number, step) as fault:
            try:
                failures = tag(out)
            except OSError:  # of the record; the command line makes it one line
                failures = []
        if not fault.happened:
            break
        assert all(os.strerror(number) in str(failure.user_error) for failure in failures)
        found = {path.name: path.read_bytes() for path in out.glob("*.conll")}
        assert found.items() < expected.items()
        assert not tag(out)
        assert {path.name: path.read_bytes() for path in out.glob("*.conll")} == expected
    assert step >= 6
