"""Models as files: every part comes back, and parts that do not fit together are a ModelError."""

import json
import pickle
import re

import numpy as np
import pytest
from comparing import assert_same_model
from synthetic import PLACES

from windowner.config.loading import load_config
from windowner.errors import ModelError
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.stores.address import Address
from windowner.tagger.model_file import pack_strings, read_model_file, write_model_file
from windowner.tagger.parts import model_path, read_model, write_model
from windowner.tagger.tagger import Tagger

SENTENCE = "John Smith lives in New York .".split()
TAGS = "B-PER I-PER O O B-LOC I-LOC O".split()
GAZETTEER = ["features.gazetteer_train=2", "features.prefixes=[1, 3, 3]"]


@pytest.fixture(scope="module")
def rich(tiny, tmp_path_factory):
    """A model file of every kind of part, untrained."""
    vectors = f"{tiny.folder}/vectors.txt"
    more = f'vectors.more=[{{source="{vectors}"}}, {{source="{vectors}", mode="fine-tuned"}}]'
    path = tmp_path_factory.mktemp("rich") / "model"
    overrides = [more, "model.loss=sentence", "features.characters=3", *GAZETTEER]
    write_model(prepare(load_config(tiny.config, overrides)).model, path)
    return path


# What is written is read


@pytest.mark.parametrize(
    "overrides",
    [
        [],
        ["model.loss=sentence", "data.scheme=IOB2", "model.nonlinearity=tanh", "model.radius=0"],
        ["features.capitals=0", "features.shape=0", "features.affix_size=0", "train.ensemble=2"],
        ['vectors.more=[{source="VECTORS"}, {source="VECTORS", mode="fine-tuned"}]', *GAZETTEER],
        ["vectors.source=VECTORS", "vectors.mode=frozen"],
        ["features.characters=7", "train.ensemble=2", "model.document=on"],
    ],
)
def test_every_part_comes_back(tiny, tmp_path, overrides):
    vectors = str(tiny.folder / "vectors.txt")
    prepared = prepare(load_config(tiny.config, [each.replace("VECTORS", vectors) for each in overrides]))
    write_model(prepared.model, tmp_path / "model")
    assert_same_model(read_model(tmp_path / "model"), prepared.model)


def test_the_same_model_gives_the_same_bytes(tiny, tmp_path):
    write_model(read_model(tiny.model), tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == tiny.model.read_bytes()


def test_a_trained_tagger_survives_its_file(tiny, tagger, sentences, expected):
    trained = tiny.run.tagger
    assert trained.tag(sentences) == expected
    logits = tagger.predict(sentences).logits
    assert logits.dtype == np.float32
    # A form's kept projection is that of the batch it first came in, which BLAS may round differently: float32's 1e-7.
    np.testing.assert_allclose(trained.predict(sentences).logits, logits, rtol=0, atol=1e-5)
    assert_same_model(tagger.model, trained.model)


def test_further_vectors_survive_training(tiny, tmp_path):
    """The frozen source stays as it is in the file, the fine-tuned one moves, and both come back."""
    source = tiny.folder / "vectors.txt"
    more = f'vectors.more=[{{source="{source}"}}, {{source="{source}", mode="fine-tuned"}}]'
    config = load_config(tiny.config, [f"vectors.source={source}", "vectors.mode=fine-tuned", more, "train.epochs=1"])
    before = prepare(config).model.network.tables
    run = train(config, tmp_path / "run")
    loaded = Tagger.load(tmp_path / "run")
    tables = loaded.model.network.tables
    assert [table.name for table in tables[:3]] == ["words", "words2", "words3"]
    np.testing.assert_array_equal(tables[1].E[2:], before[1].E[2:])
    assert tables[1].trainable == 2
    assert (tables[2].E[2:10] != before[2].E[2:10]).any(axis=1).all()
    assert loaded.tag([SENTENCE]) == run.tagger.tag([SENTENCE])
    assert [each["source"] for each in loaded.model.provenance["further_vectors"]] == [str(source)] * 2


def test_names_survive_training(tiny, tmp_path):
    """A name that no text holds is tagged because a gazetteer lists it; the file need not be there any more."""
    names = [*(place.replace("_", " ") for place in PLACES), "Xyzzy Plugh"]
    (tmp_path / "places.txt").write_text("".join(f"{name}\tLOC\n" for name in names), encoding="utf-8")
    chosen = [f'features.gazetteers=["{tmp_path}/places.txt"]', "features.gazetteer_train=2", "vectors.unk_count=50"]
    run = train(load_config(tiny.config, [*chosen, "train.epochs=4"]), tmp_path / "run")
    (tmp_path / "places.txt").unlink()
    loaded = Tagger.load(tmp_path / "run")
    matched = [table.name for table in loaded.model.network.tables if "gazetteer" in table.name]
    assert matched == ["gazetteer.LOC", "gazetteer.PER"]
    sentences = [SENTENCE, "Peter Chen lives in Xyzzy Plugh .".split()]
    assert loaded.tag(sentences) == run.tagger.tag(sentences)
    assert loaded.tag(sentences)[1] == TAGS
    assert (("Xyzzy", "Plugh"), "LOC") in loaded.model.gazetteer.entries


def test_a_folder_or_its_file_or_a_string(tiny):
    for path in (tiny.run.folder, str(tiny.run.folder), str(tiny.model)):
        assert_same_model(read_model(path), tiny.run.tagger.model)


def test_loading_copies_no_array(tiny):
    for name, array in read_model(tiny.model).network.parameters.items():
        assert not array.flags.owndata, name
        assert not array.flags.writeable, name


def test_the_provenance_says_where_a_model_comes_from(tiny):
    model = read_model(tiny.model)
    assert json.loads(json.dumps(model.provenance)) == model.provenance
    assert model.provenance["best_epoch"] in (1, 2)
    assert model.provenance["data"]["train"]["sentences"] == 250
    assert model.config.train.epochs == 2
    assert pickle.loads(pickle.dumps(model.config)).as_dict() == model.config.as_dict()  # for worker processes


# Options that matter for training alone


def rewrite(path, target, change):
    """Write a model file with changed parts and the right digest; return its path."""
    description, arrays = read_model_file(path)
    change(description, arrays)
    write_model_file(target, description, arrays)
    return target


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("train", "lookahead", 5),
        ("train", "optimizer", "adam2"),
        ("train", "epochs", "many"),
        ("train", "average", 0.5),
        ("vectors", "quantize", True),
        ("vectors", "tune_count", 7),
        ("vectors", "mode", "thawed"),
        ("data", "shuffle", "yes"),
        ("data", "fraction", 2.0),
        ("model", "initializer", "zeros"),
        ("model", "label_smoothing", 0.1),
        ("features", "min_count", 0),
    ],
)
def test_options_that_matter_for_training_alone_never_block_loading(
    tiny, tagger, sentences, expected, tmp_path, section, key, value
):
    path = rewrite(
        tiny.model, tmp_path / "m", lambda description, _: description["config"][section].update({key: value})
    )
    loaded = Tagger.load(path)
    assert loaded.tag(sentences) == expected
    assert loaded.model.config.as_dict()["model"] == tagger.model.config.as_dict()["model"]


@pytest.mark.parametrize(
    ("section", "key", "value", "expected"),
    [
        ("data", "scheme", "IOB3", "its config: data.scheme = 'IOB3': expected one of 'BILOU', "),
        ("model", "depth", 2, "its config: unknown key model.depth: "),
        ("model", "loss", "hinge", "its config: model.loss = 'hinge': expected one of 'sentence', 'word'"),
        ("model", "nonlinearity", "gelu", "its config: model.nonlinearity = 'gelu': expected one of "),
        ("features", "stems", 5, "its config: unknown key features.stems: "),
        ("features", "ngrams", 3, "its config: features.ngrams = 3: no longer supported; "),
        ("features", "sentence_casing", 2, "its config: features.sentence_casing = 2: no longer supported; "),
    ],
)
def test_options_that_matter_for_tagging_block_loading(tiny, tmp_path, section, key, value, expected):
    path = rewrite(
        tiny.model, tmp_path / "m", lambda description, _: description["config"][section].update({key: value})
    )
    with pytest.raises(ModelError) as error:
        read_model(path)
    assert str(error.value).startswith(f"{path}: {expected}")


# Files whose parts do not fit


def refused(path, target, change) -> str:
    """Write a model file with changed parts; return what loading it says."""
    rewrite(path, target, change)
    with pytest.raises(ModelError) as error:
        read_model(target)
    start = f"{target}: the parts of the model do not fit together: "
    assert str(error.value).startswith(start)
    return str(error.value).removeprefix(start)


NAMES = [
    *("E.words", "E.words2", "E.capitals", "E.shape", "E.prefix1", "E.prefix3", "E.suffix3", "E.gazetteer.LOC"),
    *("values.words", "values.words3", "values.suffix2", "values.gazetteer.PER", "gazetteer"),
    *("E.characters", "values.characters", "W.characters", "b.characters"),
    *("W", "b1", "U", "b2", "transition", "start", "end"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_array(rich, tmp_path, name):
    assert refused(rich, tmp_path / "m", lambda _, arrays: arrays.pop(name)) == f"{name} is missing"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["row", "column", "dimension", "scalar", "dtype", "empty"])
def test_an_array_of_the_wrong_shape_or_dtype(rich, tmp_path, name, how):
    def change(_, arrays):
        array = arrays[name]
        other = np.uint8 if array.dtype == np.float32 else np.float32
        arrays[name] = {
            "row": array[:-1],
            "column": array[..., :-1],
            "dimension": array[None],
            "scalar": array.reshape(-1)[0],
            "dtype": array.astype(other),
            "empty": array[:0],
        }[how]

    assert refused(rich, tmp_path / "m", change)


def test_an_alphabet_without_marks(rich, tmp_path):
    def change(_, arrays):
        count = len(arrays["E.characters"]) - 2
        arrays["values.characters"] = pack_strings([*"zy", *map(str, range(count - 2))])

    expected = "the first characters are 'z', 'y', expected 'start', 'end'"
    assert refused(rich, tmp_path / "m", change) == expected


def test_an_alphabet_that_lists_a_character_twice(rich, tmp_path):
    def change(_, arrays):
        values = json.loads(arrays["values.characters"].tobytes())
        arrays["values.characters"] = pack_strings([*values[:-1], values[-2]])

    assert refused(rich, tmp_path / "m", change) == "values.characters lists a character twice"


def test_a_table_that_lists_a_value_twice(rich, tmp_path):
    def change(_, arrays):
        values = json.loads(arrays["values.words"].tobytes())
        arrays["values.words"] = pack_strings([*values[:-1], values[0]])

    assert refused(rich, tmp_path / "m", change) == "values.words lists a value twice"


def test_a_table_that_is_described_twice(rich, tmp_path):
    def change(description, _):
        description["tables"].append(description["tables"][0])

    assert "expected each name once" in refused(rich, tmp_path / "m", change)


@pytest.mark.parametrize("number", [1e11, -1e11])
@pytest.mark.parametrize("name", ["W", "E.words", "b2", "W.characters"])
def test_numbers_that_no_training_makes(rich, tmp_path, name, number):
    def change(_, arrays):
        arrays[name] = arrays[name].copy()
        arrays[name].reshape(-1)[1] = number

    assert refused(rich, tmp_path / "m", change) == f"{name} holds 1e+11, expected numbers up to 1e+10"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("tags", None, "missing required field `tags`"),
        ("config", None, "missing required field `config`"),
        ("tables", None, "missing required field `tables`"),
        ("temperature", None, "missing required field `temperature`"),
        ("threshold", None, "missing required field `threshold`"),
        ("provenance", None, "missing required field `provenance`"),
        ("provenance", {"data": []}, "Expected `object`, got `array` - at `$.data`"),
        ("provenance", {"data": {"dev": "dev.conll"}}, "Expected `object`, got `str` - at `$.data[...]`"),
        ("provenance", {"data": {"dev": {"file": "a"}}}, "missing required field `blake2b` - at `$.data[...]`"),
        ("provenance", {"data": {"dev": {"file": "a", "blake2b": 1}}}, "Expected `str`, got `int` - at `$.data"),
        ("provenance", {"vectors": {"source": "a", "blake2b": ""}}, "missing required field `words` - at `$.vectors`"),
        ("provenance", {"further_vectors": {}}, "Expected `array`, got `object` - at `$.further_vectors`"),
        ("provenance", {"refit": {}}, "missing required field `sentences` - at `$.refit`"),
        ("provenance", {"best_epoch": "1"}, "Expected `int`, got `str` - at `$.best_epoch`"),
        ("tags", 3, "Expected `array`, got `int`"),
        ("tags", ["X-PER"] * 9, "unknown tag 'X-PER'"),
        ("tags", [], "has the shape"),
        ("tags", [f"B-{letter}" for letter in "ABCDEFGHI"], "the tags are B-A, B-B, B-C, "),
        ("config", [], "Expected `object`, got `array`"),
        ("tables", {"words": "all"}, "Expected `array`, got `object`"),
        ("tables", [{"name": "words"}], "missing required field `trainable` - at `$.tables[0]`"),
        ("tables", [{"name": "words", "trainable": "all"}], "Expected `int`, got `str` - at `$.tables[0].trainable`"),
        ("tables", [{"name": "words", "trainable": -1}], "rows, of which -1 are trainable"),
        ("tables", [{"name": "words", "trainable": 10**9}], "rows, of which 1000000000 are trainable"),
        ("tables", [{"name": "words", "trainable": 2}], "W has the shape"),
        ("tables", [{"name": "wordz", "trainable": 2}], "E.wordz is missing"),
        ("tables", [], "the tables are [], expected word vectors among them"),
        ("tables", [{"name": "shape", "trainable": 2, "feature": {"kind": "shape"}}], "the tables are ['shape'], "),
        ("tables", [{"name": "shape", "trainable": 2, "feature": {"kind": "stem"}}], "shape is the feature 'stem', "),
        ("tables", [{"name": "shape", "trainable": 2, "feature": {"kind": "prefix", "argument": "x"}}], "'x'"),
        ("temperature", 0.0, "`float` > 0.0 - at `$.temperature`"),
        ("threshold", 1e9, "`float` <= 1000.0 - at `$.threshold`"),
    ],
)
def test_a_description_that_lacks_or_breaks_a_key(rich, tmp_path, key, value, expected):
    def change(description, _):
        description[key] = value
        if value is None:
            del description[key]

    assert expected in refused(rich, tmp_path / "m", change)


def test_a_config_that_lacks_its_data(tiny, tmp_path):
    path = rewrite(tiny.model, tmp_path / "m", lambda description, _: description["config"].clear())
    with pytest.raises(ModelError) as error:
        read_model(path)
    assert str(error.value) == f"{path}: its config: [data]: Object missing required field `train`"


@pytest.mark.parametrize("strings", [b"", b"[", b"{}", b"[1]", b'["\xff"]', pack_strings(["a"]).tobytes()])
def test_values_that_are_no_list_of_strings(rich, tmp_path, strings):
    def change(_, arrays):
        arrays["values.shape"] = np.frombuffer(strings, dtype=np.uint8)

    refused(rich, tmp_path / "m", change)


def test_scores_of_neighbours_that_are_too_far_apart(rich, tmp_path):
    def change(_, arrays):
        arrays["transition"] = arrays["transition"].copy()
        arrays["transition"][0, 0] = 1e4

    expected = r"scores of neighbouring tags differ by 1e\+04, expected 100 at most"
    assert re.fullmatch(expected, refused(rich, tmp_path / "m", change))


@pytest.mark.parametrize("lines", [["New York"], ["\tLOC"]])
def test_a_gazetteer_that_is_none(rich, tmp_path, lines):
    def change(_, arrays):
        arrays["gazetteer"] = pack_strings(lines)

    assert refused(rich, tmp_path / "m", change).startswith("gazetteer has the line ")


def test_an_address_of_a_model_file_is_not_looked_for(monkeypatch):
    """A web server would be asked for the whole file."""
    monkeypatch.setattr("windowner.tagger.parts.is_folder", lambda path: pytest.fail("asked"))
    address = Address("https://host/model.safetensors")
    assert model_path(address) == address
