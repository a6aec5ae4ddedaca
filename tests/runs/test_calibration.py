"""Temperature and reliability of a trained tagger."""

import pytest

from windowner.config.loading import load_config
from windowner.errors import ModelError
from windowner.formats.reading import read_corpus
from windowner.runs.calibration import entity_reliability
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.scoring.reliability import expected_calibration_error
from windowner.tagger.model_file import read_model_file, write_model_file
from windowner.tagger.parts import read_model, write_model
from windowner.tagger.tagger import Tagger


@pytest.mark.parametrize("loss", ["word", "sentence"])
def test_the_fitted_temperature_is_kept(tiny_config, tmp_path, loss):
    run = train(
        load_config(tiny_config, [f"model.loss={loss}", "vectors.unk_rate=0", "train.epochs=5"]), tmp_path / "run"
    )
    tagger = Tagger.load(run.folder)
    assert tagger.model.temperature == run.tagger.model.temperature == run.metrics["calibration"]["temperature"] != 1
    dev = read_corpus(tiny_config.parent / "train.conll")
    bins = entity_reliability(tagger, dev.tokens, dev.tags)
    assert sum(each.entities for each in bins) == run.scores["dev"].overall.predicted
    assert expected_calibration_error(bins) == pytest.approx(run.metrics["calibration"]["dev_ece"], abs=1e-4)


@pytest.mark.parametrize("temperature", [0, -1.0, "hot", 1e9])
def test_a_temperature_out_of_range(tiny_config, tmp_path, temperature):
    prepared = prepare(load_config(tiny_config))
    write_model(prepared.model, tmp_path / "model")
    description, arrays = read_model_file(tmp_path / "model")
    write_model_file(tmp_path / "wrong", {**description, "temperature": temperature}, arrays)
    with pytest.raises(ModelError, match="temperature"):
        read_model(tmp_path / "wrong")
