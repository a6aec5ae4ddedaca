"""Models that earlier revisions wrote: they load and say what they said, or are refused with the reason."""

import json
from pathlib import Path

import numpy as np
import pytest
from comparing import assert_same_model
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from windowner.errors import ModelError, UncheckedWarning
from windowner.tagger.model_file import FORMAT, read_model_file
from windowner.tagger.parts import read_model, write_model
from windowner.tagger.tagger import Tagger

pytestmark = pytest.mark.filterwarnings("ignore::windowner.errors.UncheckedWarning")
EARLIER = Path(__file__).parent / "earlier"
RECORDED = json.loads((EARLIER / "expected.json").read_text(encoding="utf-8"))
UNFIT = "the parts of the model do not fit together: "
LOADED = ["format-1", "format-1-training-options", "format-2", "format-3", "format-4", "format-5"]
REFUSED = {
    "format-1-ngrams": "features.ngrams = 2, features.ngram_buckets = 20",
    "format-1-sentence-casing": "features.sentence_casing = 2",
}


def read_format_1(name: str) -> tuple[dict, dict]:
    """Return the description and the arrays of a file, as the library that wrote it reads them."""
    path = EARLIER / f"{name}.safetensors"
    with safe_open(path, framework="numpy") as file:
        return json.loads(file.metadata()["windowner"]), load_file(path)


def write_format_1(path: Path, description: dict, arrays: dict) -> Path:
    save_file(arrays, path, {"windowner": json.dumps(description)})
    return path


def message(path: Path) -> str:
    with pytest.raises(ModelError) as error:
        read_model(path)
    return str(error.value).removeprefix(f"{path}: ")


def test_every_file_is_tested():
    names = {path.stem for path in EARLIER.glob("*.safetensors")}
    assert names == set(RECORDED["expected"]) == {*LOADED, *REFUSED}
    assert f"format-{FORMAT}" in names, "run tests/tagger/make_earlier.py"


@pytest.mark.parametrize("name", LOADED)
def test_it_says_what_it_said(name):
    """Probabilities are kept with six digits; another BLAS may add in another order, which float32 keeps to 1e-6."""
    tagger, recorded = Tagger.load(EARLIER / f"{name}.safetensors"), RECORDED["expected"][name]
    assert tagger.tag(RECORDED["sentences"]) == recorded["tags"]
    entities = tagger.entities(RECORDED["sentences"])
    assert [len(found) for found in entities] == [len(found) for found in recorded["probabilities"]]
    for found, probabilities in zip(entities, recorded["probabilities"], strict=True):
        np.testing.assert_allclose([entity.probability for entity in found], probabilities, rtol=0, atol=1e-5)
    assert (tagger.model.temperature, tagger.model.threshold) == (recorded["temperature"], recorded["threshold"])


def test_a_file_without_a_digest_says_so():
    with pytest.warns(UncheckedWarning, match=r"format-1\.safetensors: format 1 holds no digest") as caught:
        read_model(EARLIER / "format-1.safetensors")
    assert len(caught) == 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_needs_a_removed_feature_is_refused_with_its_name(name):
    said = message(EARLIER / f"{name}.safetensors")
    assert said.startswith(f"its config: {REFUSED[name]}: no longer supported; ")
    assert said.endswith("Train again without it, or use the release that trained it")


@pytest.mark.parametrize("name", LOADED)
def test_it_is_saved_in_the_current_format_and_is_the_same(name, tmp_path):
    model = read_model(EARLIER / f"{name}.safetensors")
    write_model(model, tmp_path / "model")
    assert read_model_file(tmp_path / "model")[0]["format"] == FORMAT
    assert_same_model(read_model(tmp_path / "model"), model)


def test_all_that_format_1_said_is_kept():
    description, arrays = read_format_1("format-1")
    model = read_model(EARLIER / "format-1.safetensors")
    assert [table.name for table in model.network.tables] == [
        *("words", "words2", "capitals", "shape", "prefix2", "prefix3", "suffix2", "suffix3"),
        *("gazetteer.LOC", "gazetteer.PER"),
    ]
    assert {table.name: table.trainable for table in model.network.tables} == description["trainable"]
    for name, array in model.network.parameters.items():
        np.testing.assert_array_equal(array, arrays[name], strict=True)
    assert model.tags.names == description["tags"]
    assert set(model.provenance) == {"best_epoch", "data", "vectors", "further_vectors"}
    assert all(model.provenance[key] == description[key] for key in model.provenance)


def test_temperature_and_threshold_may_be_missing_in_format_1(tmp_path):
    description, arrays = read_format_1("format-1")
    del description["temperature"], description["threshold"]
    model = read_model(write_format_1(tmp_path / "m", description, arrays))
    assert (model.temperature, model.threshold) == (1.0, 0.0)


def test_an_initializer_that_is_gone_matters_for_training_alone(tmp_path):
    description, arrays = read_format_1("format-1")
    description["config"]["model"]["initializer"] = "zeros"
    model = read_model(write_format_1(tmp_path / "m", description, arrays))
    assert model.config.model.initializer == "auto"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("config", None, UNFIT + "Object missing required field `config`"),
        ("tags", None, UNFIT + "Object missing required field `tags`"),
        ("trainable", None, UNFIT + "Object missing required field `trainable`"),
        ("trainable", 3, UNFIT + "Expected `object`, got `int`"),
        ("trainable", "words", UNFIT + "Expected `object`, got `str`"),
        ("trainable", {"words": "all"}, UNFIT + "Expected `int`, got `str`"),
        ("trainable", {"words": 2}, UNFIT + "the description does not say how many "),
        ("config", [], UNFIT + "Expected `object`, got `array`"),
        ("config", {}, "its config: [data]: Object missing required field `train`"),
        ("threshold", "low", UNFIT + "Expected `float`, got `str`"),
    ],
)
def test_a_description_of_format_1_that_lacks_or_breaks_a_key(tmp_path, key, value, expected):
    description, arrays = read_format_1("format-1")
    description[key] = value
    if value is None:
        del description[key]
    assert message(write_format_1(tmp_path / "m", description, arrays)).startswith(expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["E.words", "E.words2", "E.capitals", "W", "b1", "U", "b2", "transition", "end"])
def test_numbers_of_format_1_are_finite(tmp_path, name, bad):
    description, arrays = read_format_1("format-1")
    arrays[name].reshape(-1)[-1] = bad
    said = message(write_format_1(tmp_path / "m", description, arrays))
    assert said == f"{name} holds NaN or infinity, expected finite numbers; train again"
