"""A run's folder read back; missing and damaged files are reported by name."""

import json
import os
import shutil
from collections import Counter

import pytest
from synthetic import train_tiny, write_unsealed

from windowner.errors import DataError, WindownerError
from windowner.runs import folder
from windowner.runs.file_names import (
    CHECKPOINT_NAME,
    CONFIG_NAME,
    DEV_NAME,
    FINISHED_NAMES,
    HISTORY_NAME,
    METRICS_NAME,
)
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
    written = train(tiny.config, tmp_path / "run").folder
    assert sorted(os.listdir(written)) == sorted(FINISHED_NAMES)
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


@pytest.mark.parametrize("name", [CONFIG_NAME, HISTORY_NAME, METRICS_NAME, DEV_NAME])
def test_a_folder_in_the_place_of_a_file_is_named(copied, name):
    (copied / name).unlink()
    (copied / name).mkdir()
    with pytest.raises(WindownerError, match=f"{name}: cannot be read: Is a directory"):
        _ = read_run(copied).config


SENTENCE = {"tokens": ["Ana", "is"], "gold": ["B-PER", "O"], "predicted": ["O", "O"], "spans": []}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gold": ["O"]}, "1 gold tag for 2 tokens"),
        ({"predicted": ["O"] * 3}, "3 predicted tags for 2 tokens"),
        ({"spans": [{"start": 1, "end": 3, "label": "PER", "probability": 1.0}]}, "the span 1 to 3 in 2 tokens"),
        ({"spans": [{"start": 1, "end": 1, "label": "PER", "probability": 1.0}]}, "the span 1 to 1 in 2 tokens"),
        ({"gold": ["O", "PER"]}, "unknown tag 'PER'"),
    ],
)
def test_a_sentence_of_dev_that_does_not_fit_is_refused(copied, change, message):
    write_unsealed(copied)
    lines = [json.dumps(SENTENCE), json.dumps({**SENTENCE, **change})]
    (copied / DEV_NAME).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=f"{DEV_NAME}:2: damaged: {message}"):
        read_run(copied)


def test_epochs_that_are_not_in_their_order_are_refused(copied):
    lines = (copied / HISTORY_NAME).read_text(encoding="utf-8").splitlines()
    (copied / HISTORY_NAME).write_text("\n".join(reversed(lines)), encoding="utf-8")
    with pytest.raises(DataError, match=rf"{HISTORY_NAME}:1: damaged: found epoch 2, expected 1; train again"):
        read_run(copied)


def test_metrics_without_a_group_of_words_are_refused(copied):
    write_unsealed(copied, familiarity={})
    with pytest.raises(DataError, match=rf"{METRICS_NAME}: damaged: familiarity lacks the group '\w.*'; train again"):
        read_run(copied)


def test_a_folder_that_is_removed_while_it_is_read(copied, monkeypatch):
    """It was there when the reader looked for it."""
    there = iter([True, False])
    monkeypatch.setattr(folder, "heal", lambda path: next(there))
    shutil.rmtree(copied)
    with pytest.raises(DataError, match="run: no such folder; expected a run"):
        read_run(copied)


@pytest.mark.parametrize("name", [HISTORY_NAME, DEV_NAME])
def test_a_file_without_lines_is_refused(copied, name):
    (copied / name).write_bytes(b"")
    with pytest.raises(DataError, match=f"{name}:1: empty, expected at least one line"):
        read_run(copied)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="none: no such folder; expected a run"):
        read_run(tmp_path / "none")
