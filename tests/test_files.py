"""Files are written whole: under their own name stands the old content or the new, never a part."""

import errno
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from windowner import files
from windowner.files import (
    folder_written_whole,
    heal,
    parents_of,
    read_file,
    shown_path,
    take_place,
    work_folder,
    write_new,
    write_whole,
    written_whole,
)
from windowner.stores.address import Address


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


def test_a_folder_is_written_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "a"
    with pytest.raises(IsADirectoryError), folder_written_whole(folder) as unfinished:
        unfinished.write_text("a folder is no file")
    assert list(tmp_path.iterdir()) == []
    with folder_written_whole(folder) as unfinished, folder_written_whole(tmp_path / "b") as other:
        assert unfinished != other
        (unfinished / "x").touch()
    assert [path.name for path in folder.iterdir()] == ["x"]
    with pytest.raises(FileExistsError), folder_written_whole(folder):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


# A folder that takes the place of another one


def make(folder, content):
    folder.mkdir()
    (folder / "a").write_text(content)
    return folder


def test_a_folder_takes_the_place_of_another_one(tmp_path):
    folder = tmp_path / "run"
    for content in ("first", "second"):
        make(work_folder(folder), content)
        take_place(folder)
        assert os.listdir(tmp_path) == ["run"]
        assert (folder / "a").read_text() == content


@pytest.mark.parametrize("name", ["run", "run[1]", "run.d"])
def test_killed_at_any_step_it_leaves_the_old_folder_or_the_new_one(tmp_path, monkeypatch, name):
    """The process ends before each of its renames, and before the old folder is removed."""
    for step in range(4):
        folder = tmp_path / str(step) / name
        folder.parent.mkdir()
        make(folder, "old")
        make(work_folder(folder), "new")
        left = [step]

        def count(function, left=left):
            def counted(*args, **options):
                if not left[0]:
                    raise SystemExit
                left[0] -= 1
                return function(*args, **options)

            return counted

        with monkeypatch.context() as patch:
            patch.setattr(files.Path, "rename", count(files.Path.rename))
            patch.setattr(files.shutil, "rmtree", count(files.shutil.rmtree))
            with pytest.raises(SystemExit):
                take_place(folder)
        assert heal(folder)
        assert (folder / "a").read_text() == ("old" if step == 0 else "new")
        if step:
            make(work_folder(folder), "newest")
        take_place(folder)
        assert (os.listdir(folder.parent), (folder / "a").read_text()) == ([name], "newest" if step else "new")


@pytest.mark.parametrize("renames", [0, 1])
def test_a_work_folder_that_was_removed_is_an_error_and_the_old_folder_stays(tmp_path, monkeypatch, renames):
    """Removed before the renames, or between them."""
    folder = make(tmp_path / "run", "old")
    make(work_folder(folder), "new")
    right = files.Path.rename

    def removing(self, target):
        shutil.rmtree(work_folder(folder))
        monkeypatch.setattr(files.Path, "rename", right)
        return right(self, target)

    if renames:
        monkeypatch.setattr(files.Path, "rename", removing)
    else:
        shutil.rmtree(work_folder(folder))
    with pytest.raises(FileNotFoundError):
        take_place(folder)
    assert (folder / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["run"]


def test_nothing_is_healed_where_nothing_is(tmp_path):
    make(tmp_path / ".run.work", "unfinished")
    assert not heal(tmp_path / "run")
    assert os.listdir(tmp_path) == [".run.work"]


def test_folders_above_are_made_and_removed_if_they_stay_empty(tmp_path):
    with parents_of(tmp_path / "a" / "b" / "c"):
        assert (tmp_path / "a" / "b").is_dir()
    assert not (tmp_path / "a").exists()
    with parents_of(tmp_path / "a" / "b" / "c"):
        (tmp_path / "a" / "kept").touch()
    assert os.listdir(tmp_path / "a") == ["kept"]


def test_a_path_is_shown_relative_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / "runs" / "a") == os.path.join("runs", "a")
    assert shown_path(tmp_path.parent / "a") == str(tmp_path.parent / "a")


def test_a_new_file_is_written_once(tmp_path):
    path = tmp_path / "a"
    assert write_new(path, b"mine")
    assert not write_new(path, b"theirs")
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("is_faster", [True, False])
def test_another_process_may_heal_at_the_same_time(tmp_path, monkeypatch, is_faster):
    """It may rename the folder between the look and the renaming."""
    folder = tmp_path / "run"
    (tmp_path / ".run.old").mkdir()

    def rename(path, target):
        if is_faster:
            target.mkdir()
        raise OSError(errno.ENOENT, "gone")

    monkeypatch.setattr(Path, "rename", rename)
    with nullcontext() if is_faster else pytest.raises(OSError, match="gone"):
        assert heal(folder)


def test_a_file_is_read_whole_and_a_device_is_not(tmp_path):
    """/dev/zero has no end."""
    (tmp_path / "a").write_bytes(b"content")
    assert read_file(tmp_path / "a") == b"content"
    if os.path.exists("/dev/zero"):
        with pytest.raises(OSError, match="a device, expected a file: '/dev/zero'"):
            read_file(Path("/dev/zero"))


def test_an_address_is_shown_without_credentials():
    assert shown_path(Address("ftp://me:secret@host/a")) == "ftp://host/a"
