"""The work folder of a run: which folders a training replaces, and that one process works on a run at a time."""

import os
import shutil
from pathlib import Path

import pytest

from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.locks import lock_of, locked
from windowner.runs.cutoffs import keep_cutoffs
from windowner.runs.file_names import CHECKPOINT_NAME, CONFIG_NAME, FINISHED_NAMES, MODEL_NAME, OWN_NAMES
from windowner.runs.folder import read_run
from windowner.runs.training import train
from windowner.runs.work import check_replaceable, work_on
from windowner.tagger.tagger import Tagger
from windowner.training.observer import SILENT
from windowner.whole_folders import work_folder


def refused(folder) -> str:
    with pytest.raises(ConfigError) as caught:
        check_replaceable(folder)
    return str(caught.value).removeprefix(f"{folder}: ")


def test_a_runs_own_files_may_be_replaced(tmp_path):
    """Its report and pictures are such, and so is what a killed process left."""
    check_replaceable(tmp_path / "none")
    (tmp_path / "run").mkdir()
    check_replaceable(tmp_path / "run")
    for name in OWN_NAMES:
        (tmp_path / "run" / name).touch()
    for name in (".model.safetensors.12.unfinished", ".tmpdV844i"):
        (tmp_path / "run" / name).touch()
    (tmp_path / "run" / "pictures").mkdir()
    (tmp_path / "run" / "pictures" / "curves.svg").touch()
    check_replaceable(tmp_path / "run")


@pytest.mark.parametrize("name", ["notes.txt", ".git", "pictures/me.jpg", "dev.conll", ".tmp", ".tmpdV844i.txt"])
def test_a_users_file_is_not_replaced(tmp_path, name):
    (tmp_path / "run" / name).parent.mkdir(parents=True)
    (tmp_path / "run" / name).touch()
    assert refused(tmp_path / "run").startswith(f"holds {name}, which is not a file of a run")


def test_links_files_and_the_working_directory_are_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "run")
    (tmp_path / "file").touch()
    assert refused(tmp_path / "link") == "a link, expected a folder or a new name: --out"
    assert refused(tmp_path / "file") == "a file, expected a folder or a new name: --out"
    (tmp_path / "run" / MODEL_NAME).symlink_to(tmp_path / "file")
    assert refused(tmp_path / "run").startswith(f"holds {MODEL_NAME}, which is not a file of a run")
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    assert refused(tmp_path / "here").startswith("the working directory, or above it, which no run can replace")
    assert "a mount point" in refused(tmp_path.__class__("/"))


def test_the_root_of_the_file_system_is_no_run():
    with pytest.raises(ConfigError, match="/: the root of the file system, expected a folder in it"):
        work_on(Path("/"), SILENT).__enter__()


def test_a_refused_folder_costs_no_training_and_stays(path, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "dev.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"holds dev\.txt"):
        train(path, tmp_path / "run")
    assert sorted(os.listdir(tmp_path)) == ["project", "run"]
    assert (tmp_path / "run" / "dev.txt").read_text() == "mine"


def test_a_file_that_appears_while_training_is_not_lost(path, tmp_path):
    """The new run stays in the work folder."""
    with work_on(tmp_path / "run", SILENT) as work:
        work.checkpoint.touch()
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "mine.txt").touch()
        with pytest.raises(ConfigError, match=r"holds mine\.txt"):
            work.finish()
    assert os.listdir(tmp_path / "run") == ["mine.txt"]
    assert os.listdir(work_folder(tmp_path / "run")) == [CHECKPOINT_NAME]


def test_what_a_killed_process_left_is_removed_when_the_training_goes_on(tmp_path):
    """safetensors has temporary names of its own."""
    work = work_folder(tmp_path / "run")
    work.mkdir()
    for name in (CHECKPOINT_NAME, ".checkpoint.safetensors.12.unfinished", ".tmpdV844i"):
        (work / name).touch()
    with work_on(tmp_path / "run", SILENT, resume=True):
        assert os.listdir(work) == [CHECKPOINT_NAME]


def test_one_training_at_a_time(path, tmp_path, monkeypatch):
    monkeypatch.setattr("windowner.locks.PATIENCE", 0.1)
    with (
        work_on(tmp_path / "run", SILENT),
        pytest.raises(ConfigError, match="run: another process is training there; wait for it, or choose another"),
    ):
        train(path, tmp_path / "run")
    train(path, tmp_path / "run")
    assert sorted(os.listdir(tmp_path / "run")) == sorted(FINISHED_NAMES)


def test_a_reader_sees_one_run(path, tmp_path):
    """What is read first and what is read when it is needed belong together, or it is an error."""
    train(path, tmp_path / "run")
    run = read_run(tmp_path / "run")
    train(path, tmp_path / "run")
    for look in (lambda: run.tagger, lambda: run.config, lambda: keep_cutoffs(run, {})):
        with pytest.raises(
            DataError, match=r"run: another training took its place meanwhile\. Start the command again"
        ):
            look()
    assert read_run(tmp_path / "run").tagger


def test_a_run_that_was_removed_since_it_was_read(path, tmp_path):
    train(path, tmp_path / "run")
    run = read_run(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    with pytest.raises(DataError, match=r"run: was removed meanwhile, expected the folder of a run; train again"):
        run.check_same()


def test_a_reader_that_comes_between_two_runs_reads_the_new_one(path, tmp_path):
    train(path, tmp_path / "run")
    (tmp_path / "run").rename(work_folder(tmp_path / "run"))
    train(path, tmp_path / "other")
    (tmp_path / "other").rename(tmp_path / ".run.old")
    assert read_run(tmp_path / "run").tagger
    assert sorted(os.listdir(tmp_path)) == [".run.old", "project", "run"]


@pytest.mark.parametrize("read", [Tagger.load, lambda folder: load_config(folder / CONFIG_NAME)])
def test_whoever_reads_a_part_of_a_run_heals_it(path, tmp_path, read):
    train(path, tmp_path / "run")
    (tmp_path / "run").rename(work_folder(tmp_path / "run"))
    (tmp_path / ".run.old").mkdir()
    assert read(tmp_path / "run")


def test_an_interrupted_run_is_called_that(tmp_path):
    work_folder(tmp_path / "run").mkdir()
    (work_folder(tmp_path / "run") / CHECKPOINT_NAME).touch()
    with pytest.raises(DataError, match="run: its training has not finished; resume it: `windowner train`"):
        read_run(tmp_path / "run")


def test_text_from_memory_stays_when_its_run_is_trained_again(tmp_path):
    """The config of the run names it by its place in the folder."""
    texts = {"train": [(["Paris", "is"], ["B-LOC", "O"])] * 9, "dev": [(["Paris"], ["B-LOC"])]}
    train({"train": {"epochs": 1}, "features": {"min_count": 1}}, tmp_path / "run", **texts)
    model = (tmp_path / "run" / MODEL_NAME).read_bytes()
    train(tmp_path / "run" / CONFIG_NAME, tmp_path / "run")
    assert (tmp_path / "run" / MODEL_NAME).read_bytes() == model
    assert read_run(tmp_path / "run").training_forms["Paris"] == 9


def test_cutoffs_are_not_written_while_a_training_is_about_to_take_the_place(path, tmp_path, monkeypatch):
    train(path, tmp_path / "run")
    run = read_run(tmp_path / "run")
    monkeypatch.setattr("windowner.locks.PATIENCE", 0.1)
    with locked(lock_of(tmp_path / "run")), pytest.raises(DataError, match="another process is training there"):
        keep_cutoffs(run, {"PER": 0.5})
