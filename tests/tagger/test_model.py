"""A model is frozen, and what is derived from it follows its parts."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.runs.calibration import calibrate
from windowner.runs.preparation import prepare
from windowner.runs.threshold import fit_threshold
from windowner.tagger.model import Model


@pytest.mark.parametrize("name", [field.name for field in fields(Model)])
def test_no_part_can_be_assigned(tagger, name):
    with pytest.raises(FrozenInstanceError):
        setattr(tagger.model, name, getattr(tagger.model, name))


def test_a_changed_model_decodes_with_what_was_changed(tagger):
    """Also where the decoder of the first model was used already."""
    model = replace(tagger.model, threshold=0.0)
    assert model.decoder.threshold == 0.0
    changed = replace(model, threshold=2.0)
    assert (changed.decoder.threshold, model.decoder.threshold) == (2.0, 0.0)


@pytest.mark.parametrize("loss", ["word", "sentence"])
@pytest.mark.parametrize("decoding", ["posterior", "viterbi"])
def test_the_decoder_follows_the_config(tiny, loss, decoding):
    model = prepare(load_config(tiny.config, [f"model.loss={loss}", f"model.decoding={decoding}"])).model
    assert model.decoder.chain is model.network.chain
    assert (model.decoder.chain is not None) == (loss == "sentence")
    assert model.decoder.posterior == (decoding == "posterior")
    assert model.tags.names[model.decoder.outside] == "O"


def test_words_are_those_of_the_first_table_of_word_vectors(tiny):
    more = f'vectors.more=[{{source="{tiny.folder}/vectors.txt"}}]'
    model = prepare(load_config(tiny.config, [more])).model
    assert model.words is model.network.tables[0]
    assert model.words.name == "words"
    assert "Omar" in model.words.rows  # which the further vectors lack


@pytest.mark.parametrize("fit", [fit_threshold, calibrate])
def test_fitting_returns_another_model_and_leaves_the_given_one(tiny, fit):
    prepared = prepare(load_config(tiny.config))
    for name, array in tiny.run.tagger.model.network.parameters.items():
        prepared.model.network.parameters[name][:] = array
    model = replace(prepared.model, temperature=3.25, threshold=-0.875)
    arrays = {name: array.copy() for name, array in model.network.parameters.items()}
    fitted = fit(model, prepared)
    assert (model.temperature, model.threshold) == (3.25, -0.875)
    assert (fitted.temperature != 3.25, fitted.threshold != -0.875) == (fit is calibrate, fit is fit_threshold)
    assert fitted.network is model.network
    for name, array in model.network.parameters.items():
        np.testing.assert_array_equal(array, arrays[name])
