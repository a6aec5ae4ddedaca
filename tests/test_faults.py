"""A disk that fails at any write: what was there stays or is replaced whole, and the next start gives equal bytes."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns

import pytest
from every_command import Places, content, make_places
from forked import changed_path, forked
from synthetic import Tiny, invoke, succeed, train_tiny, write_tiny

from windowner import files, whole_folders
from windowner.engines.engine import Worker
from windowner.engines.tasks import Failure
from windowner.experiments.folder import SHARED_NAME
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
            whole_folders.heal(run)
        assert content(run).keys() == old.keys()
        assert content(run)[Path("model.safetensors")] in (
            old[Path("model.safetensors")],
            new[Path("model.safetensors")],
        )
        succeed(*train, run)
        assert content(run) == old
    assert step > 4
    succeed(*train, run, "--seed", "2")
    assert content(run)[Path("model.safetensors")] == new[Path("model.safetensors")]


class Serial:
    """An engine in this process, so that its work meets the fault."""

    def map_items(self, factory, items, *shared):
        worker = Worker(factory, *shared)
        for number, item in enumerate(items):
            yield number, worker.run(item)


class Snapshots:
    """An audit hook that copies a folder before each event that changes something in it.

    A copy is what a `kill -9` at that moment leaves, because a killed process changes nothing any more. No copy is made
    while a file is being written. So the names of files that are opened for writing are kept, in `opened`.
    """

    def __init__(self, folder, copies):
        self.folder, self.copies = folder, copies
        self.opened = copies.with_name("opened")
        self.opened.touch()
        self.is_copying = False

    def __call__(self, event, arguments):
        if self.is_copying:
            return
        path = changed_path(event, arguments)
        if path is None or not path.is_relative_to(self.folder):
            return
        self.is_copying = True
        shutil.copytree(self.folder, self.copies / f"{monotonic_ns():020d}", symlinks=True)
        if event == "open":
            with self.opened.open("a", encoding="utf-8") as file:
                file.write(f"{path.relative_to(self.folder)}\n")
        self.is_copying = False


KILLED = {  # how many of the copies each call goes on from, at most
    **dict.fromkeys(("convert", "convert to brat", "review --apply", "suggest", "card", "cutoff", "score"), 100),
    **dict.fromkeys(("train", "compare", "cv", "tag a folder", "diff", "vectors", "export", "review"), 3),
    **dict.fromkeys(("init", "graph", "lr-find", "explain a picture", "report"), 1),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Places:
    return make_places(tmp_path_factory.getbasetemp())


def is_passing(path: Path) -> bool:
    """Return whether a file is not one of those that a command leaves."""
    return any(part.startswith(".") or part == SHARED_NAME for part in path.parts)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("call", KILLED)
def test_killed_before_any_change_it_goes_on_to_the_same_bytes(places, tmp_path, monkeypatch, call):
    """After the kill, each file is the old one or the new one. Then the command gives what it gives undisturbed."""
    monkeypatch.chdir(places.home)
    monkeypatch.setattr("windowner.cli.compare.find_spec", lambda _: None)  # no page, which `report` writes, too
    out, copies = places.filled(call, tmp_path / "out"), tmp_path / "copies"
    old = content(out, call)
    snapshots = Snapshots(out, copies)
    ended = forked(places.arguments(call, out), tmp_path / "errors", hook=snapshots)
    assert ended.status == 0, ended.stderr
    opened = snapshots.opened.read_text(encoding="utf-8").splitlines()
    assert [name for name in opened if not is_passing(Path(name))] == []
    expected = content(out, call)
    assert expected.keys() > old.keys() or expected != old
    killed = sorted(copies.iterdir())
    for copy in killed:
        for path, found in content(copy, call).items():
            assert is_passing(path) or found in (old.get(path), expected.get(path)), path
    unfinished = [copy for copy in killed if not expected.items() <= content(copy, call).items()]
    assert unfinished
    step = -(-len(unfinished) // KILLED[call])
    for copy in unfinished[step // 2 :: step]:
        ended = forked(places.arguments(call, copy), tmp_path / "errors")
        assert ended.status == 0, ended.stderr
        after = content(copy, call)
        assert [path for path in expected if after.get(path) != expected[path]] == []


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
