"""Files are written whole: under their own name stands the old content or the new, never a part."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select

import pytest

from windowner.config.toml_file import read_toml
from windowner.errors import WindownerError
from windowner.files import read_file, shown_path, write_new, write_whole, written_whole
from windowner.runs.folder import read_run
from windowner.stores.address import Address
from windowner.tagger.tagger import Tagger


def test_what_was_written_stands_under_the_name(tmp_path):
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def interrupted():
        with written_whole(path) as unfinished:
            unfinished.write_bytes(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_until_the_end_the_old_file_is_seen(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with written_whole(path) as unfinished:
        unfinished.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_file_has_the_permissions_of_the_umask(tmp_path, mask):
    before = os.umask(mask)
    try:
        with written_whole(tmp_path / "a") as unfinished:
            unfinished.unlink()
            os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))  # as libraries do that make private files
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~mask


def test_threads_that_write_one_file_do_not_mix(tmp_path):
    contents = [bytes([65 + number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write_whole(tmp_path / "a", content), contents))
    assert (tmp_path / "a").read_bytes() in contents
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_that_is_not_there(tmp_path):
    """The error has the name that the user knows."""
    with pytest.raises(FileNotFoundError) as caught:
        write_whole(tmp_path / "no" / "a", b"")
    assert caught.value.filename == str(tmp_path / "no" / "a")


def test_a_folder_that_is_removed_meanwhile(tmp_path):
    (tmp_path / "a").mkdir()

    def write():
        with written_whole(tmp_path / "a" / "b") as unfinished:
            unfinished.unlink()
            (tmp_path / "a").rmdir()

    with pytest.raises(FileNotFoundError) as caught:
        write()
    assert caught.value.filename == str(tmp_path / "a" / "b")
    assert os.listdir(tmp_path) == []


def test_a_link_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far" / "a")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "a").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_stays(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit((tmp_path / "pipe").read_bytes)
        write_whole(tmp_path / "pipe", b"new")
        assert read.result() == b"new"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_folder_in_the_place_is_an_error_before_anything_is_written(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "a", b"new")
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_link_to_a_pipe_is_written_to(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit((tmp_path / "pipe").read_bytes)
        write_whole(tmp_path / "link", b"new")
        assert read.result() == b"new"


def test_a_path_is_shown_relative_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / "runs" / "a") == os.path.join("runs", "a")
    assert shown_path(tmp_path.parent / "a") == str(tmp_path.parent / "a")


def test_a_new_file_is_written_once(tmp_path):
    path = tmp_path / "a"
    assert write_new(path, b"mine")
    assert not write_new(path, b"theirs")
    assert path.read_bytes() == b"mine"


def test_a_file_is_read_whole_and_a_device_is_not(tmp_path):
    """/dev/zero has no end."""
    (tmp_path / "a").write_bytes(b"content")
    assert read_file(tmp_path / "a") == b"content"
    if os.path.exists("/dev/zero"):
        with pytest.raises(OSError, match="a device, expected a file: '/dev/zero'"):
            read_file(Path("/dev/zero"))


def test_a_file_of_a_store_is_read_whole():
    write_whole(Address("memory://files/a"), b"content")
    assert read_file(Address("memory://files/a")) == b"content"


def test_an_address_is_shown_without_credentials():
    assert shown_path(Address("ftp://me:secret@host/a")) == "ftp://host/a"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("written", [b"content", b"c", b"x" * 1_000_000])
def test_a_pipe_is_read_whole(tmp_path, written):
    """Its writer may have written all and ended before it is opened."""
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)  # keeps what is written
    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit((tmp_path / "pipe").write_bytes, written)
        select([held], [], [])
        if len(written) < 100:
            assert writing.result() == len(written)
        assert read_file(tmp_path / "pipe") == written
    os.close(held)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_whose_writer_is_late_is_read_whole(tmp_path, monkeypatch):
    """It writes when the pipe is open, and was found to hold nothing yet."""
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDWR)
    wait = os.set_blocking

    def wait_and_write(descriptor, blocking):
        wait(descriptor, blocking)
        os.write(held, b"content")
        os.close(held)

    monkeypatch.setattr("windowner.files.os.set_blocking", wait_and_write)
    assert read_file(tmp_path / "pipe") == b"content"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("read", [read_file, read_toml, Tagger.load, lambda path: read_run(path.parent)])
def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path, read):
    """The reader does not wait for a writer."""
    for name in ("pipe", "metrics.json", "history.jsonl"):
        os.mkfifo(tmp_path / name)
    with pytest.raises((OSError, WindownerError), match="a pipe that nobody writes to, expected a file"):
        read(tmp_path / "pipe")
