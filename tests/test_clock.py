"""The clock of the machine may step forward or back while a command runs. Nothing but times depends on it."""

import ast
import time
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
import tqdm.std
from every_command import Places, content, make_places
from forked import forked

import windowner

PACKAGE = Path(windowner.__file__).parent
CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.strftime",
    "datetime.now",
    "datetime.today",
}
TIMES_OF_FILES = {"st_mtime", "st_mtime_ns", "st_ctime", "st_ctime_ns", "st_atime", "st_atime_ns", "getmtime"}
USES = {
    "cli/log.py": {"datetime.now"},  # the times of lines
    "tagging/folders.py": {"st_mtime"},  # the age of a leftover
}


def uses(tree: ast.Module) -> set[str]:
    """What in a module depends on the clock."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found |= {ast.unparse(node)} & CLOCKS | {node.attr} & TIMES_OF_FILES
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & (CLOCKS | TIMES_OF_FILES)
    return found


def test_what_depends_on_the_clock_is_known():
    found = {
        path.relative_to(PACKAGE).as_posix(): uses(ast.parse(path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: what for name, what in found.items() if what} == USES


@pytest.mark.parametrize("line", ["from time import time", "time.time()", "datetime.now(UTC)", "path.stat().st_mtime"])
def test_what_depends_on_the_clock_is_seen(line):
    assert uses(ast.parse(line))


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Places:
    return make_places(tmp_path_factory.getbasetemp())


@pytest.fixture
def jumping(monkeypatch):
    """A clock that steps by days, forward and back, at each look."""
    now, looks = time.time(), count()

    def jumping_time() -> float:
        place = next(looks)
        return now + (-1) ** place * 86_400 * (place % 30)

    class Jumping(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(jumping_time(), tz)

    monkeypatch.setattr(time, "time", jumping_time)
    monkeypatch.setattr(tqdm.std, "time", jumping_time)
    monkeypatch.setattr("windowner.cli.log.datetime", Jumping)
    return looks


@pytest.mark.parametrize("call", ["train", "tag a folder", "convert", "cv", "vectors", "lr-find", "graph"])
def test_the_same_bytes_while_the_clock_steps(places, tmp_path, request, call):
    for name in ("before", "while"):
        if name == "while":
            request.getfixturevalue("jumping")
        out = places.filled(call, tmp_path / name)
        log = ["--log", "json"] * (call in ("train", "tag a folder", "cv"))
        ended = forked([*places.arguments(call, out), *log], tmp_path / "errors", cwd=places.home)
        assert ended.status == 0, ended.stderr
    assert content(tmp_path / "before") == content(tmp_path / "while")
