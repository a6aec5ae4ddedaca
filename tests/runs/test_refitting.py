"""`train.refit`: a second training on train and dev, for as many steps, whose scores on dev are those of the first."""

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.runs.folder import read_run
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger


@pytest.fixture
def runs(path, tmp_path):
    """The same config without and with `train.refit`."""
    return [train(load_config(path, [f"train.refit={refit}"]), tmp_path / refit) for refit in ("false", "true")]


def test_dev_is_scored_by_the_first_model_and_test_by_the_kept_one(runs, path):
    first, again = runs
    assert again.scores["dev"] == first.scores["dev"]
    assert again.metrics["calibration"] == first.metrics["calibration"]
    assert [line.predicted for line in read_run(again.folder).dev] == [
        line.predicted for line in read_run(first.folder).dev
    ]
    words = set(again.tagger.model.words.values)
    assert set(first.tagger.model.words.values) < words  # those of dev as well
    model = Tagger.load(again.folder).model
    assert (model.threshold, model.temperature) == (first.tagger.model.threshold, first.tagger.model.temperature)
    assert model.provenance["best_epoch"] == first.metrics["best_epoch"]


def test_the_second_training_has_the_sentences_of_both_and_the_steps_of_the_first(runs):
    first, again = runs
    assert "refit" not in first.metrics
    refit = again.metrics["refit"]
    assert refit["sentences"] == 250 + 40
    per_epoch = round(first.metrics["training"]["words"] / 32)  # train.batch
    assert refit["steps"] == [pytest.approx(first.metrics["best_epoch"] * per_epoch, abs=1)]


def test_it_is_the_same_each_time(path, tmp_path):
    models = [train(load_config(path, ["train.refit=true"]), tmp_path / name).tagger.model for name in "ab"]
    for one, other in zip(*(model.network.parameters.values() for model in models), strict=True):
        np.testing.assert_array_equal(one, other)


def test_each_network_of_an_ensemble_has_its_own_steps(path, tmp_path):
    run = train(load_config(path, ["train.refit=true", "train.ensemble=2"]), tmp_path / "run")
    assert len(run.metrics["refit"]["steps"]) == 2
