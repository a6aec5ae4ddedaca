"""Running an experiment: failures, interruptions, changed experiments, and folders that hold something else."""

import csv
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from synthetic import error_of, invoke, succeed

from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.experiments.experiment import load_experiment
from windowner.experiments.folder import (
    EXPERIMENT_NAME,
    RESULTS_CSV,
    RESULTS_JSON,
    SHARED_NAME,
    TRIALS_NAME,
)
from windowner.experiments.manifest import claim
from windowner.experiments.running import compare, trials_left
from windowner.experiments.trials import remove_unfinished, run_trial
from windowner.experiments.watching import Watcher
from windowner.files import UNFINISHED
from windowner.locks import lock_of, locked
from windowner.runs.file_names import CHECKPOINT_NAME, CONFIG_NAME, DEV_NAME, METRICS_NAME, MODEL_NAME
from windowner.runs.folder import read_run
from windowner.runs.training import train
from windowner.training.trainer import Trainer
from windowner.whole_folders import WORK, work_folder


def scores(folder):
    """What results.csv holds, without times."""
    rows = list(csv.DictReader(io.StringIO((folder / RESULTS_CSV).read_text(encoding="utf-8"))))
    return [{name: value for name, value in row.items() if name != "train_seconds"} for row in rows]


class Counting(Watcher):
    def __init__(self):
        self.begun, self.counts = [], []

    def begins(self, counts, trials):
        self.begun = [trial.name for trial in trials]

    def trial_ends(self, counts, trial, f1, error):
        self.counts.append((counts.done, counts.running, counts.failed, counts.total))


def test_every_trial_is_a_run_folder(answered):
    for trial in load_experiment(answered.path).trials:
        run = read_run(trial.folder(answered.folder))
        assert run.config.as_dict() == trial.config.as_dict()
        assert (run.config.train.seed, run.config.data.fraction) == (trial.seed, trial.fraction)
        assert run.tagger.tag([["Paris"]])
    assert not (answered.folder / SHARED_NAME).exists()


def test_a_trial_is_what_train_makes_of_its_config(answered, tmp_path):
    """Readers that remember, and vectors that are mapped, change nothing."""
    trial = answered.folder / TRIALS_NAME / "1-fine-tuned-0.2-seed-3"
    train(load_config(trial / CONFIG_NAME), tmp_path / "run")
    for name in (DEV_NAME, MODEL_NAME):
        assert (tmp_path / "run" / name).read_bytes() == (trial / name).read_bytes()


def test_a_finished_experiment_is_only_read_again(answered):
    before = (answered.folder / RESULTS_JSON).read_bytes()
    watcher = Counting()
    compare(answered.path, answered.folder, resume=True, watcher=watcher)
    assert (watcher.begun, watcher.counts) == ([], [])
    assert (answered.folder / RESULTS_JSON).read_bytes() == before


@pytest.mark.parametrize("kill", [lambda process: os.killpg(process.pid, signal.SIGKILL), subprocess.Popen.kill])
def test_interrupted_at_a_random_moment_it_comes_out_the_same(answered, tmp_path, kill):
    """A trial in the middle of its training is done again, also if its worker ends after the restart has begun."""
    windowner = Path(sys.executable).with_name("windowner")
    command = [windowner, "compare", answered.path, "--out", tmp_path / "out", "--jobs", "1"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = monotonic() + 60
    while not list((tmp_path / "out").glob(f"{TRIALS_NAME}/*seed-[35]")) and monotonic() < deadline:
        sleep(0.01)
    sleep(float(np.random.default_rng().uniform(0, 1)))  # not seeded: any moment must do
    kill(process)
    process.wait()
    watcher = Counting()
    compare(answered.path, tmp_path / "out", jobs=2, watcher=watcher)
    assert len(watcher.begun) < 8
    assert scores(tmp_path / "out") == scores(answered.folder)
    assert not list((tmp_path / "out" / TRIALS_NAME).glob(f".*{WORK}"))


@pytest.mark.usefixtures("ray_engine")
def test_ray_gives_the_same_scores(answered, small):
    text = small.read_text(encoding="utf-8")
    small.write_text(text.replace("[3, 5]", "[3]").replace("[0.2, 1.0]", "[0.2]"), encoding="utf-8")
    out = small.parent / "out"
    compare(small, out, jobs=2, engine="ray")
    same = [row for row in scores(answered.folder) if row["trial"].endswith("-0.2-seed-3")]
    source = {"vectors.source": ""}  # of another folder
    assert [row | source for row in scores(out)] == [row | source for row in same]


def test_a_trial_that_was_interrupted_before_its_checkpoint_leaves_nothing(small, tmp_path):
    experiment = load_experiment(small)
    trial = experiment.trials[0]
    left = tmp_path / "out" / TRIALS_NAME / f".{trial.name}{WORK}"
    left.mkdir(parents=True)
    assert trials_left(experiment, tmp_path / "out")[-4:].count(trial) == 1
    remove_unfinished(tmp_path / "out")
    assert not left.exists()


def test_a_file_of_somebody_else_in_a_work_folder_stays(small, tmp_path):
    trial, out = load_experiment(small).trials[0], tmp_path / "out"
    claim(out, {})
    left = work_folder(trial.folder(out))
    left.mkdir(parents=True)
    (left / "mine.txt").write_text("mine")
    left.with_name(f".file{WORK}").write_text("mine")
    remove_unfinished(out)
    assert (left / "mine.txt").read_text() == left.with_name(f".file{WORK}").read_text() == "mine"
    with pytest.raises(ConfigError, match="holds other files than those of a run; remove it"):
        run_trial(trial, out)


@pytest.fixture
def interrupted(small, tmp_path, monkeypatch):
    """A trial whose process is killed when its training is done and nothing but its checkpoint is written."""
    trial = load_experiment(small).trials[0]
    claim(tmp_path / "out", {})
    monkeypatch.setattr("windowner.runs.checkpoint.LEAST", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr("windowner.runs.training.finish", raise_interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_trial(trial, tmp_path / "out")
    return trial


def raise_interrupt(*_):
    raise KeyboardInterrupt


def test_an_interrupted_trial_goes_on_from_its_checkpoint(answered, interrupted, tmp_path, monkeypatch):
    """With the bytes of an uninterrupted one."""
    remove_unfinished(tmp_path / "out")
    checkpoint = work_folder(interrupted.folder(tmp_path / "out")) / CHECKPOINT_NAME
    assert checkpoint.exists()
    trained = []
    epoch = Trainer.train_epoch
    monkeypatch.setattr(Trainer, "train_epoch", lambda self, number: trained.append(number) or epoch(self, number))
    run_trial(interrupted, tmp_path / "out")
    assert 1 not in trained
    there = answered.folder / TRIALS_NAME / interrupted.name
    assert (interrupted.folder(tmp_path / "out") / DEV_NAME).read_bytes() == (there / DEV_NAME).read_bytes()
    assert not checkpoint.exists()


def test_a_checkpoint_of_another_training_is_given_up(answered, interrupted, tmp_path):
    """As after an update of windowner."""
    checkpoint = work_folder(interrupted.folder(tmp_path / "out")) / CHECKPOINT_NAME
    checkpoint.write_bytes(b"of another release")
    run_trial(interrupted, tmp_path / "out")
    there = answered.folder / TRIALS_NAME / interrupted.name
    assert (interrupted.folder(tmp_path / "out") / DEV_NAME).read_bytes() == (there / DEV_NAME).read_bytes()


def test_a_trial_that_another_worker_has_done_meanwhile_is_done(small, tmp_path):
    trial = load_experiment(small).trials[0]
    claim(tmp_path / "out", {})
    first, second = (run_trial(trial, tmp_path / "out") for _ in range(2))
    assert first == second
    assert [path.name for path in (tmp_path / "out" / TRIALS_NAME).iterdir()] == [trial.name]


def test_it_goes_on_when_a_trial_fails_and_says_so(small):
    """A learning rate of 1e30 makes the loss something that is no number."""
    text = small.read_text(encoding="utf-8")
    text = text.replace('"vectors.mode" = ["frozen", "fine-tuned"]', '"train.learning_rate" = [0.01, 1e30]')
    small.write_text(text.replace('by = "vectors.mode"', 'by = "train.learning_rate"').replace("[3, 5]", "[3]"))
    out = small.parent / "out"
    result = invoke("compare", small, "--out", out, "--jobs", "1")
    assert result.exit_code == 1
    assert "2/4 done, 1 running, 1 failed" in result.stderr
    assert "failed: 1-1e-30-1-seed-3: " in result.stderr
    assert "nothing can be compared" in result.stdout
    assert len(scores(out)) == 2
    again = Counting()
    compare(small, out, jobs=1, watcher=again)
    assert again.begun == ["1-1e-30-1-seed-3", "1-1e-30-0.2-seed-3"]  # what failed is tried again


def test_a_folder_that_lacks_a_file_is_no_trial(answered, small):
    """It is trained again."""
    experiment, out = load_experiment(small), small.parent / "out"
    claim(out, {})
    for name in (METRICS_NAME, MODEL_NAME):
        left = experiment.trials[0].folder(out)
        left.mkdir(parents=True, exist_ok=True)
        (left / name).write_bytes(b"{}")
        assert experiment.trials[0] in trials_left(experiment, out)
    run_trial(experiment.trials[0], out)
    assert experiment.trials[0] not in trials_left(experiment, out)
    there = answered.folder / TRIALS_NAME / experiment.trials[0].name
    assert (experiment.trials[0].folder(out) / DEV_NAME).read_bytes() == (there / DEV_NAME).read_bytes()


def test_one_command_at_a_time(small, monkeypatch):
    out = small.parent / "out"
    monkeypatch.setattr("windowner.locks.PATIENCE", 0.1)
    with locked(lock_of(out)):
        assert "another process is training there; wait for it" in error_of("compare", small, "--out", out)
    assert not out.exists()


def test_what_another_process_trains_is_not_removed(small, tmp_path, monkeypatch):
    trial = load_experiment(small).trials[0]
    left = work_folder(trial.folder(tmp_path))
    left.mkdir(parents=True)
    monkeypatch.setattr("windowner.locks.PATIENCE", 0.1)
    with locked(lock_of(trial.folder(tmp_path))):
        remove_unfinished(tmp_path)
        assert left.exists()
    remove_unfinished(tmp_path)
    assert os.listdir(tmp_path / TRIALS_NAME) == []


def test_where_all_fail_the_first_reason_is_given(small):
    text = small.read_text(encoding="utf-8").replace('"vectors.keep" = [0]', '"train.learning_rate" = [1e30]')
    small.write_text(text.replace("[3, 5]", "[3]").replace("[0.2, 1.0]", "[1.0]"))
    with pytest.raises(DataError, match="no trial is done: 0-frozen-1-seed-3: "):
        compare(small, small.parent / "out", jobs=1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds = [3, 5]", "seeds = [3, 5, 7]", "holds another experiment: seeds: [3,5] there, [3,5,7] here"),
        ('"vectors.keep" = [0]', '"vectors.keep" = [9]', "grid.vectors.keep: [0] there, [9] here"),
    ],
)
def test_another_experiment_is_refused(answered, old, new, message):
    other = answered.path.with_name("changed.toml")
    other.write_text(answered.path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        compare(other, answered.folder)
    assert message in str(caught.value)


def test_changed_text_is_another_experiment(small):
    out = small.parent / "out"
    out.mkdir()
    (out / EXPERIMENT_NAME).write_text("{}", encoding="utf-8")
    assert "holds another experiment" in error_of("compare", small, "--out", out)


def test_the_manifest_knows_the_files(answered):
    text = (answered.folder / EXPERIMENT_NAME).read_text(encoding="utf-8")
    for name in ("train.conll", "dev.conll", "test.conll", "vectors.txt"):
        assert f"blake2b of {answered.path.parent / name}" in text
    assert '"base: train.epochs": 2' in text


def test_a_folder_of_something_else_is_refused(small):
    assert "holds files of something else" in error_of("compare", small, "--out", small.parent)


def test_a_folder_with_an_unfinished_manifest_can_be_claimed(small):
    """The command was killed while it wrote experiment.json."""
    out = small.parent / "out"
    out.mkdir()
    (out / f".{EXPERIMENT_NAME}.1-0{UNFINISHED}").touch()
    text = small.read_text(encoding="utf-8").replace("[3, 5]", "[3]").replace("[0.2, 1.0]", "[0.2]")
    small.write_text(text, encoding="utf-8")
    assert compare(small, out, jobs=1).trial_count == 2


def test_resume_does_not_start_an_experiment(small):
    out = small.parent / "out"
    assert "holds no experiment yet" in error_of("compare", small, "--out", out, "--resume")
    assert not out.exists()


def test_missing_text_is_known_before_anything_is_trained(small):
    (small.parent / "dev.conll").unlink()
    assert "dev.conll: cannot be read: No such file" in error_of("compare", small, "--out", small.parent / "out")
    assert not (small.parent / "out").exists()


def test_a_dry_run_lists_the_trials_and_trains_nothing(small):
    result = succeed("compare", small, "--out", small.parent / "out", "--dry-run", "--jobs", "2")
    assert "1-fine-tuned-0.2-seed-5" in result.stdout
    assert "8 of 8 trials are left: at most about" in result.stdout
    assert not (small.parent / "out").exists()
