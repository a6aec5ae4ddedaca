"""Signals to real commands: the exit status that shells expect, no traceback, and what is kept is said."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGTERM
from time import monotonic, sleep

import pytest
from every_command import CALLS, Places, make_places
from forked import changed_path, forked, once, opened_path
from synthetic import succeed, write_tiny

from windowner.cli.main import COMMANDS
from windowner.files import UNFINISHED
from windowner.whole_folders import WORK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX sends these signals")
WINDOWNER = Path(sys.executable).with_name("windowner")
EXPERIMENT = """\
base = "tiny.toml"
seeds = [1, 2, 3]

[grid]
"train.epochs" = [300, 301]

[compare]
by = "train.epochs"
"""


def interrupted(number, begun, *args) -> subprocess.CompletedProcess:
    """Start a command, send it a signal as soon as `begun` says so, and return what it printed."""
    process = subprocess.Popen(
        [WINDOWNER, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = monotonic() + 120
    while not begun() and process.poll() is None and monotonic() < deadline:
        sleep(0.01)
    if number == SIGINT:
        os.killpg(process.pid, number)  # a terminal sends it to the workers too
    else:
        process.send_signal(number)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.parametrize(("number", "status", "word"), [(SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")])
def test_compare_ends_with_its_workers(tmp_path, number, status, word):
    """The lock that workers inherit can be had at once, so none of them lives."""
    write_tiny(tmp_path)
    (tmp_path / "e.toml").write_text(EXPERIMENT, encoding="utf-8")
    out = tmp_path / "out"
    done = interrupted(
        number,
        lambda: len(list(out.glob(f"trials/.*{WORK}/history.jsonl"))) == 2,
        *("compare", tmp_path / "e.toml", "--out", out, "--jobs", "2"),
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.splitlines()[-2:] == [
        "finished trials are kept; the same command continues with the others",
        word,
    ]
    assert not list(tmp_path.glob(".out.lock"))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "status", "word"), [(SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")])
def test_tagging_into_a_folder_keeps_what_is_tagged(tiny, tmp_path, number, status, word):
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    for place in range(4):
        (texts / f"{place}.txt").write_text("John Smith lives in Paris .\n" * (200_000 if place else 1))
    command = ["tag", tiny.model, texts, "--input", "tokens", "--out", out, "--jobs", "2"]
    done = interrupted(number, lambda: list(out.glob(".*.unfinished")), *command)
    assert done.returncode == status
    assert done.stderr.splitlines()[-2:] == [
        "tagged files are kept; the same command continues with the others",
        word,
    ]
    assert "Traceback" not in done.stderr
    assert not (out / ".lock").exists()
    assert "4 shards, " in succeed(*command).stderr
    assert len(list(out.glob("*.conll"))) == 4


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Places:
    return make_places(tmp_path_factory.getbasetemp())


def test_each_command_is_called():
    assert {call.split()[0] for call in CALLS.values()} == set(COMMANDS)


@pytest.mark.parametrize("call", CALLS)
def test_a_signal_ends_every_command_in_one_line(places, tmp_path, call):
    """Ctrl-C comes when the first file of the test is opened, and SIGTERM when something is written, or also then."""
    out = tmp_path / "out"

    def is_read(event, arguments):
        path = opened_path(event, arguments)
        return path is not None and path.is_relative_to(places.home.parent)

    def is_written(event, arguments):
        path = changed_path(event, arguments)
        return path is not None and path.is_relative_to(out)

    for number, status, word in ((SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")):
        places.filled(call, out)
        moment = is_written if number == SIGTERM and "OUT" in CALLS[call] else is_read
        hook = once(moment, lambda number=number: os.kill(os.getpid(), number))
        ended = forked(places.arguments(call, out), tmp_path / "errors", hook=hook, cwd=places.home)
        assert (ended.status, ended.stderr.splitlines()[-1:]) == (status, [word]), ended.stderr
        assert "Traceback" not in ended.stderr
        assert not [path for path in out.rglob("*") if path.name.endswith(UNFINISHED)]
        shutil.rmtree(out)
