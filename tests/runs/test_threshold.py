"""The threshold of O: found on dev where it is known, kept in the model, and 0 where nothing is gained."""

from dataclasses import replace

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.runs.calibration import calibrate
from windowner.runs.metrics import evaluate
from windowner.runs.preparation import Prepared, prepare
from windowner.runs.threshold import TOLERANCE, TRIED, choose_threshold, fit_threshold
from windowner.runs.training import train
from windowner.tagger.model import Model
from windowner.tagger.parts import write_model
from windowner.tagger.prediction import Prediction, predict_encoded
from windowner.tagger.tagger import Tagger


@pytest.fixture(params=["word", "sentence"])
def run(request, tiny_config, tmp_path):
    """A tagger that makes no mistake."""
    overrides = [f"model.loss={request.param}", "train.fit_threshold=true"]
    return train(load_config(tiny_config, overrides), tmp_path / "run")


@pytest.fixture
def prepared(run, tiny_config) -> Prepared:
    """What was prepared, with the run's network and no threshold."""
    prepared = prepare(load_config(tiny_config, [f"model.loss={run.tagger.model.config.model.loss}"]))
    for name, p in run.tagger.model.network.parameters.items():
        prepared.model.network.parameters[name][:] = p
    return prepared


def predict_dev(model: Model, prepared: Prepared) -> Prediction:
    return predict_encoded(model, prepared.dev, prepared.dev_F)


def with_bias_of_o(model: Model, change: float) -> Model:
    """Return the model with another bias of O; the given one stays as it is."""
    network = model.network.astype(np.float32)
    network.b2[model.tags.names.index("O")] += change
    return replace(model, network=network)


def test_what_is_right_stays_right(run):
    assert run.metrics["dev"]["overall"]["f1"] == 1.0
    assert abs(run.metrics["threshold"]) <= 1


def test_where_o_is_too_probable_the_threshold_finds_what_was_lost(prepared, tmp_path):
    """O is raised until half of the entities' tokens are lost."""
    corpus, o = prepared.corpora["dev"], prepared.model.tags.names.index("O")
    logits = predict_dev(prepared.model, prepared).logits
    margins = np.delete(logits, o, axis=1).max(axis=1) - logits[:, o]
    raised = with_bias_of_o(prepared.model, float(np.median(margins[margins > 0])) + 1)
    fitted = fit_threshold(raised, prepared)
    assert (raised.threshold, fitted.threshold > 0, fitted.threshold in TRIED) == (0.0, True, True)
    before, after = predict_dev(raised, prepared), predict_dev(fitted, prepared)
    np.testing.assert_array_equal(after.logits, before.logits)
    assert (after.tags != before.tags).any()
    assert evaluate(Tagger(fitted), corpus).overall.f1 > evaluate(Tagger(raised), corpus).overall.f1
    write_model(fitted, tmp_path / "model")
    loaded = Tagger.load(tmp_path / "model")
    assert loaded.model.threshold == fitted.threshold
    assert loaded.tag(corpus.tokens) == Tagger(fitted).tag(corpus.tokens)


def test_probabilities_are_those_of_lower_logits_of_o(prepared):
    found = predict_dev(replace(prepared.model, threshold=1.5, temperature=1.25), prepared)
    lower = predict_dev(replace(with_bias_of_o(prepared.model, -1.5), temperature=1.25), prepared)
    lower = replace(lower, tags=found.tags)
    np.testing.assert_allclose(found.probabilities, lower.probabilities, rtol=1e-4)  # float32 logits


@pytest.mark.parametrize("run", ["word"], indirect=True)
def test_the_temperature_is_fitted_to_those_probabilities(prepared):
    """With the word-level loss, whose tags too are those of a network with a lower b2.

    Half of the gold sentences lose their entities, so that some of the entities that are found are wrong.
    """
    dev = prepared.corpora["dev"]
    without = [sentence._replace(tags=["O"] * len(sentence.tokens)) for sentence in dev.sentences[::2]]
    dev = replace(dev, sentences=[*without, *dev.sentences[1::2]])
    dev = replace(dev, sentences=sorted(dev.sentences, key=lambda sentence: sentence.line))
    prepared = replace(prepared, corpora={**prepared.corpora, "dev": dev})
    raised = with_bias_of_o(prepared.model, 4.0)
    found = calibrate(replace(raised, threshold=1.5), prepared).temperature
    other = calibrate(with_bias_of_o(raised, -1.5), prepared).temperature
    assert found == pytest.approx(other, rel=1e-3)
    assert found != pytest.approx(calibrate(raised, prepared).temperature, rel=1e-2)


@pytest.mark.parametrize(
    ("f1", "expected"),
    [
        (np.full(17, 0.5), 0.0),  # nothing is gained
        (np.where(TRIED == 2, 0.9, 0.5), 0.0 if TOLERANCE > 0.4 / 3 else 1.75),  # one value lifts its neighbours' means
        (np.where(TRIED >= 1, 0.6, 0.5), 1.25),  # the first whose neighbours are all good
        (np.where(TRIED >= 1, 0.504, 0.5), 0.0),  # a gain within the tolerance
        (np.where(TRIED < -0.5, 0.6, 0.5), -1.0),
    ],
)
def test_the_nearest_to_zero_of_those_that_are_good(f1, expected):
    """Means of three neighbours, steps of 0.25 from -1 to 3, tolerance 0.005."""
    assert choose_threshold(f1) == expected


def test_it_is_off_where_the_config_says_so(tiny_config, tmp_path, monkeypatch):
    monkeypatch.setattr("windowner.runs.fitting.fit_threshold", lambda *_: pytest.fail("it is off"))
    run = train(load_config(tiny_config, ["train.fit_threshold=false"]), tmp_path / "r")
    assert run.metrics["threshold"] == run.tagger.model.threshold == 0.0


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
