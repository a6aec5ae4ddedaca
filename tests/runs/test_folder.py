"""A run's folder read back; missing and damaged files are reported by name."""

import os
import shutil
from collections import Counter

import pytest
from synthetic import train_tiny

from windowner.errors import DataError
from windowner.runs.file_names import CHECKPOINT_NAME, DEV_NAME, FINISHED_NAMES, HISTORY_NAME, METRICS_NAME
from windowner.runs.folder import read_run
from windowner.runs.training import train


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture
def copied(tiny, tmp_path):
    """A copy of the run that a test may damage."""
    return shutil.copytree(tiny.run.folder, tmp_path / "run")


def test_a_finished_run_holds_the_listed_files_and_no_others(tiny, tmp_path):
    folder = train(tiny.config, tmp_path / "run").folder
    assert sorted(os.listdir(folder)) == sorted(FINISHED_NAMES)
    assert CHECKPOINT_NAME not in FINISHED_NAMES


def test_what_training_returned_is_read_back(tiny):
    run = read_run(tiny.run.folder)
    assert [(epoch.epoch, epoch.loss, epoch.dev_f1, epoch.best) for epoch in run.history] == [
        (record.epoch, record.loss, record.dev_f1, record.best) for record in tiny.run.history
    ]
    assert run.metrics["dev"]["overall"]["f1"] == tiny.run.scores["dev"].overall.f1
    assert run.config.as_dict() == tiny.run.tagger.model.config.with_absolute_paths().as_dict()
    assert run.tagger.tag([run.dev[0].tokens]) == [run.dev[0].predicted]


def test_training_forms_are_counted_in_the_training_text(tiny):
    rows = (tiny.folder / "train.conll").read_text(encoding="utf-8").splitlines()
    words = Counter(row.split()[0] for row in rows if row and not row.startswith("-DOCSTART-"))
    assert read_run(tiny.run.folder).training_forms == words


@pytest.mark.parametrize("name", [METRICS_NAME, HISTORY_NAME, DEV_NAME])
@pytest.mark.parametrize(("content", "message"), [(None, "no such file"), (b"{", "damaged"), (b"[1]\n", "damaged")])
def test_a_missing_or_damaged_file_is_named(copied, name, content, message):
    (copied / name).unlink()
    if content is not None:
        (copied / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_run(copied)
    assert str(caught.value).startswith(str(copied / name))


@pytest.mark.parametrize("name", [HISTORY_NAME, DEV_NAME])
def test_a_file_without_lines_is_refused(copied, name):
    (copied / name).write_bytes(b"")
    with pytest.raises(DataError, match=f"{name}:1: empty, expected at least one line"):
        read_run(copied)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="none: no such folder; expected a run"):
        read_run(tmp_path / "none")
