"""The pull of the study moves the vectors of a training."""

from contextlib import nullcontext

import numpy as np
import pytest
from synthetic import write_tiny

import windowner
from studies import left_behind
from windowner.config.loading import load_config


@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_a_training_is_pulled(tmp_path, monkeypatch, strength):
    monkeypatch.setattr(left_behind, "PULL", strength)
    config = load_config(write_tiny(tmp_path), ["train.epochs=2", "train.word_rate=1"])
    E = []
    for name, context in (("plain", nullcontext()), ("pulled", left_behind.pulling())):
        with context:
            E.append(windowner.train(config, tmp_path / name).tagger.model.words.E)
    assert np.array_equal(*E) == (strength == 0)
