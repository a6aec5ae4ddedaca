"""The threshold of O that suits dev: found where it is known, kept in the model, and 0 where nothing is gained."""

from dataclasses import replace

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.runs.calibration import calibrate
from windowner.runs.preparation import prepare
from windowner.runs.threshold import TRIED, choose_threshold, fit_threshold
from windowner.runs.training import evaluate, train
from windowner.tagger.tagger import Tagger


@pytest.fixture(params=["word", "sentence"])
def run(request, tiny_config, tmp_path):
    """A tagger that makes no mistake."""
    overrides = [f"model.loss={request.param}", "train.fit_threshold=true"]
    return train(load_config(tiny_config, overrides), tmp_path / "run")


@pytest.fixture
def prepared(run, tiny_config):
    """What was prepared, with the run's network and no threshold."""
    prepared = prepare(load_config(tiny_config, [f"model.loss={run.tagger.config.model.loss}"]))
    for name, p in run.tagger.network.parameters.items():
        prepared.tagger.network.parameters[name][:] = p
    return prepared


def test_what_is_right_stays_right(run):
    assert run.metrics["dev"]["overall"]["f1"] == 1.0
    assert abs(run.metrics["threshold"]) <= 1


def test_where_o_is_too_probable_the_threshold_finds_what_was_lost(prepared, tmp_path):
    """O is raised until half of the entities' tokens are lost."""
    tagger = prepared.tagger
    o = tagger.tags.names.index("O")
    logits = tagger.predict_text(prepared.dev, prepared.dev_forms).logits
    margins = np.delete(logits, o, axis=1).max(axis=1) - logits[:, o]
    tagger.network.b2[o] += float(np.sort(margins[margins > 0])[len(margins[margins > 0]) // 2]) + 1
    before = tagger.predict_text(prepared.dev, prepared.dev_forms)
    f1 = evaluate(tagger, prepared.corpora["dev"]).overall.f1
    t = fit_threshold(prepared)
    assert t > 0
    assert t in TRIED
    assert t == tagger.threshold
    after = tagger.predict_text(prepared.dev, prepared.dev_forms)
    np.testing.assert_array_equal(after.logits, before.logits)
    assert (after.tags != before.tags).any()
    assert evaluate(tagger, prepared.corpora["dev"]).overall.f1 > f1
    tagger.save(tmp_path / "model")
    loaded = Tagger.load(tmp_path / "model")
    assert loaded.threshold == t
    tokens = prepared.corpora["dev"].tokens
    assert loaded.tag(tokens) == tagger.tag(tokens)


def test_probabilities_are_those_of_lower_logits_of_o(prepared):
    tagger = prepared.tagger
    tagger.threshold, tagger.temperature = 1.5, 1.25
    found = tagger.predict_text(prepared.dev, prepared.dev_forms)
    tagger.threshold = 0.0
    tagger.network.b2[tagger.tags.names.index("O")] -= 1.5
    lowered = replace(tagger.predict_text(prepared.dev, prepared.dev_forms), tags=found.tags)
    np.testing.assert_allclose(found.probabilities, lowered.probabilities, rtol=1e-4)  # float32 logits


@pytest.mark.parametrize("run", ["word"], indirect=True)
def test_the_temperature_suits_those_probabilities(prepared):
    """With the word-level loss, whose tags too are those of a network with a lower b2."""
    tagger = prepared.tagger
    tagger.network.b2[tagger.tags.names.index("O")] += 4.0
    tagger.threshold = 1.5
    found = calibrate(prepared)
    tagger.threshold = 0.0
    tagger.network.b2[tagger.tags.names.index("O")] -= 1.5
    assert found == pytest.approx(calibrate(prepared), rel=1e-3)


def test_it_is_off_where_the_config_says_so(tiny_config, tmp_path, monkeypatch):
    monkeypatch.setattr("windowner.runs.training.fit_threshold", lambda prepared: pytest.fail("it is off"))
    run = train(load_config(tiny_config, ["train.fit_threshold=false"]), tmp_path / "r")
    assert run.metrics["threshold"] == run.tagger.threshold == 0.0


# Which threshold is chosen


def f1_where(values):
    """F1 with each of `TRIED`: 0 where nothing is said."""
    return np.array([values.get(float(t), 0.0) for t in TRIED])


def test_a_threshold_with_good_neighbours_is_chosen():
    assert choose_threshold(f1_where({0.0: 0.5, 0.75: 0.6, 1.0: 0.6, 1.25: 0.6})) == 1.0


def test_a_threshold_that_lowers_f1_is_not():
    """The neighbours of 1 are better than those of 0, but F1 at 1 itself is below that at 0."""
    assert choose_threshold(f1_where({0.0: 0.5, 0.75: 0.6, 1.0: 0.49, 1.25: 0.6})) == 0.0
    assert choose_threshold(f1_where({0.0: 0.5, 0.75: 0.6, 1.0: 0.50, 1.25: 0.6})) == 1.0


def test_where_no_entity_is_found_with_any_threshold_it_is_0():
    assert choose_threshold(f1_where({})) == 0.0
