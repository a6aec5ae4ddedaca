"""Folders are written whole, and take the place of others."""

import errno
import os
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest

from windowner import whole_folders
from windowner.whole_folders import folder_written_whole, heal, parents_of, take_place, work_folder


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
            patch.setattr(whole_folders.Path, "rename", count(whole_folders.Path.rename))
            patch.setattr(whole_folders.shutil, "rmtree", count(whole_folders.shutil.rmtree))
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
    right = whole_folders.Path.rename

    def removing(self, target):
        shutil.rmtree(work_folder(folder))
        monkeypatch.setattr(whole_folders.Path, "rename", right)
        return right(self, target)

    if renames:
        monkeypatch.setattr(whole_folders.Path, "rename", removing)
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
