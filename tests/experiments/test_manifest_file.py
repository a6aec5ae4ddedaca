"""What a trial keeps of its experiment: no other run is taken for it."""

import json
import shutil
from pathlib import Path

import pytest
from synthetic import error_of, succeed, train_tiny, write_tiny

from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.experiments.cross_validation import cross_validate
from windowner.experiments.experiment import load_experiment
from windowner.experiments.folder import EXPERIMENT_NAME, TRIALS_NAME
from windowner.experiments.held_out import ARRAYS_NAME, LINES_NAME
from windowner.experiments.manifest import claim
from windowner.experiments.manifest_file import kept_folds
from windowner.experiments.running import Workplace, compare
from windowner.experiments.trials import run_trial
from windowner.experiments.watching import Watcher
from windowner.runs.file_names import METRICS_NAME
from windowner.runs.provenance import digest_of_files
from windowner.runs.training import train_in


@pytest.fixture
def copied(answered, tmp_path):
    return shutil.copytree(answered.folder, tmp_path / "out")


def answer_again(answered, copied):
    """Compare in a copy of the folder of the answered experiment."""
    return error_of("compare", answered.path, "--out", copied, "--jobs", "1")


@pytest.mark.parametrize("other", [1, 2, 4], ids=["amount", "seed", "setting"])
def test_the_folder_of_another_trial_is_refused(answered, copied, other):
    trials = load_experiment(answered.path).trials
    place = trials[0].folder(copied)
    shutil.rmtree(place)
    shutil.copytree(trials[other].folder(copied), place)
    assert answer_again(answered, copied).startswith(f"{place / METRICS_NAME}: of another trial or experiment")


def test_trials_that_changed_places_are_refused(answered, copied):
    first, second = (trial.folder(copied) for trial in load_experiment(answered.path).trials[:2])
    first.rename(copied / "between")
    second.rename(first)
    (copied / "between").rename(second)
    assert "of another trial or experiment" in answer_again(answered, copied)


def test_a_run_of_windowner_train_is_no_trial(answered, copied, tmp_path_factory):
    place = load_experiment(answered.path).trials[0].folder(copied)
    shutil.rmtree(place)
    shutil.copytree(train_tiny(tmp_path_factory.getbasetemp()).run.folder, place)
    assert "of another trial or experiment" in answer_again(answered, copied)


def test_what_a_tagger_of_another_setting_says_of_the_fold_is_refused(tmp_path):
    """Both files of the fold, which agree with each other, and are about the same sentences."""
    config = write_tiny(tmp_path)
    command = ("cv", config, "--folds", "2", "--jobs", "1", "--set", "train.epochs=1")
    succeed(*command, "--out", tmp_path / "cv")
    succeed(*command, "--out", tmp_path / "other", "--set", "model.hidden=9")
    places = [tmp_path / name / TRIALS_NAME / "fold-1" for name in ("cv", "other")]
    for name in (ARRAYS_NAME, LINES_NAME):
        shutil.copy(places[1] / name, places[0])
    said = error_of(*command, "--out", tmp_path / "cv")
    assert said.startswith(f"{places[0] / ARRAYS_NAME}: of another run: it does not agree with {METRICS_NAME}; remove")


@pytest.mark.parametrize("folds", [True, 1, 0, -3, 10**9, 2.0, "2", None, [2]])
def test_a_number_of_folds_that_cannot_be_meant_is_none(tmp_path, folds):
    (tmp_path / EXPERIMENT_NAME).write_text(json.dumps({"folds": folds}), encoding="utf-8")
    assert kept_folds(tmp_path) is None


class Changing(Watcher):
    """Changes a file when the first trial ends."""

    def __init__(self, path, change):
        self.path, self.change = path, change

    def trial_ends(self, counts, trial, f1, error):
        if counts.done + counts.failed == 1:
            self.change(self.path)


def rename_paris(path):
    """Change a token. Sentences keep their number and their lengths."""
    path.write_text(path.read_text(encoding="utf-8").replace("Paris", "Parys"), encoding="utf-8")


@pytest.mark.parametrize("change", [rename_paris, Path.unlink])
@pytest.mark.parametrize("name", ["train", "dev", "test"])
def test_text_that_changes_while_trials_are_trained_fails_them(small, name, change):
    """The worker has read it before, and may have begun the next trial."""
    path = small.parent / f"{name}.conll"
    answer = compare(small, small.parent / "out", jobs=1, watcher=Changing(path, change))
    assert len(answer.finished) == 1
    assert len(answer.failed) == 7
    changed = f"{path}: has changed since the experiment in {small.parent / 'out'} began; put the text back, or begin"
    removed = f"{path}: cannot be read again: No such file or directory; start the command again"
    assert {failed.error for failed in answer.failed} <= {f"{changed} anew in another folder: --out", removed}


def test_text_that_changed_after_cross_validation_is_no_text_of_its_folds(tmp_path):
    config = load_config(write_tiny(tmp_path), ["train.epochs=1"])
    result = cross_validate(config, tmp_path / "cv", folds=2, workplace=Workplace(jobs=1))
    assert len(result.out_of_fold()) == 290
    rename_paris(tmp_path / "dev.conll")
    with pytest.raises(DataError, match=r"dev\.conll: has changed since the experiment in .*cv began; put the text"):
        result.out_of_fold()


@pytest.mark.parametrize("change", [rename_paris, Path.unlink])
def test_text_that_changes_while_a_trial_is_trained_fails_it(small, monkeypatch, change):
    trial, out = load_experiment(small).trials[0], small.parent / "out"
    path = small.parent / "test.conll"
    claim(out, {f"blake2b of {path}": digest_of_files([path])})

    def train_and_change(*args, **options):
        run = train_in(*args, **options)
        change(path)
        return run

    monkeypatch.setattr("windowner.experiments.trials.train_in", train_and_change)
    with pytest.raises(DataError, match=r"test\.conll: has changed since the experiment in .*out began"):
        run_trial(trial, out)
    assert not trial.is_done(out)
