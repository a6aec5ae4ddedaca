"""The score of O that suits dev: found where it is known, taken from b2, and left alone where nothing is gained."""

import numpy as np
import pytest

from windowner.config import load_config
from windowner.preparation import prepare
from windowner.run import evaluate, train
from windowner.tagger import Tagger
from windowner.threshold import TRIED, lower_o, lowered


@pytest.fixture(params=["word", "sentence"])
def run(request, tiny_config, tmp_path):
    """A tagger that makes no mistake."""
    overrides = [f"model.loss={request.param}", "train.fit_threshold=true"]
    return train(load_config(tiny_config, overrides), tmp_path / "run")


def careful(run, tiny_config, by):
    """Return what was prepared, with the run's tagger, whose score of O is higher by so much."""
    prepared = prepare(load_config(tiny_config, [f"model.loss={run.tagger.config.model.loss}"]))
    network, trained = prepared.tagger.network, run.tagger.network
    for name, p in trained.parameters.items():
        network.parameters[name][:] = p
    network.b2[prepared.tagger.tags.names.index("O")] += by
    return prepared


def test_what_is_right_stays_right(run):
    assert run.metrics["dev"]["overall"]["f1"] == 1.0
    assert abs(run.metrics["threshold"]) <= 1


def test_a_score_that_is_too_high_is_lowered(run, tiny_config):
    """O is raised until half of the entities' tokens are lost."""
    prepared = careful(run, tiny_config, by=0.0)
    o = prepared.tagger.tags.names.index("O")
    logits = prepared.tagger.predict_text(prepared.dev, prepared.dev_forms).logits
    margins = np.delete(logits, o, axis=1).max(axis=1) - logits[:, o]
    by = float(np.sort(margins[margins > 0])[len(margins[margins > 0]) // 2])
    network = prepared.tagger.network
    network.b2[o] += by + 1
    before = evaluate(prepared.tagger, prepared.corpora["dev"]).overall.f1
    found = prepared.tagger.predict_text(prepared.dev, prepared.dev_forms)
    b2 = network.b2.copy()
    t = lower_o(prepared)
    assert t > 0
    assert t in TRIED
    np.testing.assert_allclose(b2 - network.b2, t * (np.arange(len(b2)) == o), rtol=0, atol=1e-5)  # float32
    again = prepared.tagger.predict_text(prepared.dev, prepared.dev_forms)
    np.testing.assert_array_equal(again.tags, lowered(found, o, t).tags)
    fresh = Tagger(
        network, prepared.tagger.tags.names, prepared.tagger.words, prepared.tagger.values, run.tagger.config
    )
    assert evaluate(fresh, prepared.corpora["dev"]).overall.f1 > before


@pytest.mark.parametrize("override", ["train.fit_threshold=false", 'train.update=["W", "b1"]'])
def test_it_is_off_where_the_config_says_so(tiny_config, tmp_path, monkeypatch, override):
    monkeypatch.setattr("windowner.run.lower_o", lambda prepared: pytest.fail("it is off"))
    assert train(load_config(tiny_config, [override]), tmp_path / "r").metrics["threshold"] == 0.0
