"""The tagger: its calls, what it survives, and that neither memory limits nor files change a tag."""

import json
import pickle
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import PLACES, Tiny, draw_sentence, train_tiny

import windowner.tagger.tagger
from windowner.config.loading import load_config, make_config
from windowner.errors import ModelError
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import encode
from windowner.network import projections
from windowner.network.building import build_network
from windowner.network.model import WindowNetwork
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.tagger.model_file import pack_strings, read_model_file, write_model_file
from windowner.tagger.prediction import Prediction
from windowner.tagger.tagger import Tagger, chunks
from windowner.text.schemes import SCHEMES, legal_transitions, tag_set


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def tagger(tiny) -> Tagger:
    return Tagger.load(tiny.model)


@pytest.fixture(scope="session")
def sentences() -> list[list[str]]:
    """Sentences of 3 to 20 tokens, some with words that training did not see."""
    rng = np.random.default_rng(4)
    drawn = [[token for token, _ in draw_sentence(rng)] for _ in range(60)]
    return [[*tokens, f"unseen{i}"] if i % 3 == 0 else tokens for i, tokens in enumerate(drawn)]


@pytest.fixture(scope="session")
def expected(tagger, sentences) -> list[list[str]]:
    return tagger.tag(sentences)


SENTENCE = "John Smith lives in New York .".split()
TAGS = "B-PER I-PER O O B-LOC I-LOC O".split()

# Calls


def test_tags_and_entities(tagger):
    assert tagger.tag([SENTENCE]) == [TAGS]
    ((person, place),) = tagger.entities([SENTENCE])
    assert person[:4] == (0, 2, "PER", "John Smith")
    assert place[:4] == (4, 6, "LOC", "New York")
    assert 0.3 < place.probability <= 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_schemes_say_the_same_entities(tagger, scheme):
    told = {
        "IOB2": "B-PER I-PER O O B-LOC I-LOC O",
        "IOB1": "I-PER I-PER O O I-LOC I-LOC O",
        "IO": "I-PER I-PER O O I-LOC I-LOC O",
        "BIOES": "B-PER E-PER O O B-LOC E-LOC O",
        "BILOU": "B-PER L-PER O O B-LOC L-LOC O",
    }
    assert tagger.tag([SENTENCE], scheme) == [told[scheme].split()]


def test_an_unknown_scheme(tagger):
    with pytest.raises(ValueError, match="unknown scheme 'IOB', expected one of IOB2, IOB1"):
        tagger.tag([SENTENCE], "IOB")


def test_empty_sentences_keep_their_place(tagger):
    assert tagger.tag([]) == []
    assert tagger.entities([]) == []
    assert tagger.tag([[]]) == [[]]
    assert tagger.entities([[], []]) == [[], []]
    assert tagger.tag([[], SENTENCE, [], [], SENTENCE, []]) == [[], TAGS, [], [], TAGS, []]
    (found,) = tagger.entities([SENTENCE])
    assert tagger.entities([[], SENTENCE, [], SENTENCE]) == [[], found, [], found]
    assert tagger.predict([]).probabilities.shape == (0,)


def test_any_iterable_of_any_sequences(tagger, sentences, expected):
    assert tagger.tag(tuple(sentence) for sentence in sentences) == expected
    assert tagger.tag(iter([np.array(SENTENCE)])) == [TAGS]


@pytest.mark.parametrize("call", ["tag", "entities"])
def test_a_string_is_no_sentence(tagger, call):
    """Python would read it as a sentence of letters."""
    for wrong in (["Paris is big"], SENTENCE, "Paris is big"):
        with pytest.raises(ValueError, match="a sentence is a string, expected a list of tokens"):
            getattr(tagger, call)(wrong)


def test_odd_tokens(tagger):
    odd = ["", " ", "\t", "\n", "\u2028", "\ud800", "a" * 10_000, "\U0001f600", "İ", "ﬀ", "\0", "1" * 50, "²", "٣"]
    (tags,) = tagger.tag([odd])
    assert len(tags) == len(odd)


def test_probabilities_are_those_among_all_legal_sequences(tagger):
    """Three words, each of the K^3 sequences with its score; the illegal ones, whose barrier is e^-30, are left out.

    Tolerance: float32 has 6e-8, logits of size 10 keep 1e-6.
    """
    prediction = tagger.predict([["in", "New", "York"]])
    z = prediction.logits.astype(np.float64) / tagger.temperature
    legal = tagger.legality
    sequences = np.array([y for y in product(range(z.shape[1]), repeat=3) if legal.start[y[0]] and legal.end[y[-1]]])
    sequences = sequences[legal.transition[sequences[:, :-1], sequences[:, 1:]].all(axis=1)]
    p = np.exp(z[np.arange(3), sequences].sum(axis=1))
    p /= p.sum()
    same = sequences == prediction.tags
    np.testing.assert_allclose(prediction.probabilities, p @ same, rtol=1e-5)
    (entities,) = tagger.entities([["in", "New", "York"]])
    assert len(entities) == 1
    for entity in entities:
        assert entity.probability == pytest.approx(p @ same[:, entity.start : entity.end].all(axis=1), rel=1e-5)


def test_a_probability_too_small_for_float32_is_zero_without_a_warning(tagger):
    """As decoding may choose, when the only legal tag is a very unlikely one."""
    tags = np.array([1, 1])
    logits = np.zeros((2, len(tagger.tags.names)), dtype=np.float32)
    logits[:, 0] = 1000
    prediction = Prediction(tags, logits, np.array([0, 2]), tagger.decoder)
    assert prediction.probabilities.tolist() == [0, 0]
    assert all(entity.probability == 0 for entity in tagger._entities([["a", "b"]], prediction)[0])


# Memory


@pytest.mark.parametrize("room", [0, 5])
def test_forgetting_forms_changes_no_tag(tiny, sentences, expected, monkeypatch, room):
    """With room for five forms' projections, or for none, what was kept is forgotten again and again."""
    monkeypatch.setattr(windowner.tagger.tagger, "SENTENCES", 3)
    tagger = Tagger.load(tiny.model, cache_mb=room * tiny.run.tagger.network.W[0].nbytes / 1e6)
    sizes = []
    for chunk in chunks(sentences, len):
        sizes.append(len(tagger.forms))
        tagger.tag(chunk)
    assert tagger.tag(sentences) == expected
    most = max(len({token for sentence in chunk for token in sentence}) for chunk in chunks(sentences, len))
    assert max(sizes) <= 5 + most


def test_a_form_is_projected_once(tiny, sentences, monkeypatch):
    tagger = Tagger.load(tiny.model)
    projected = []
    right = WindowNetwork.project
    monkeypatch.setattr(WindowNetwork, "project", lambda self, X, out: projected.append(len(X)) or right(self, X, out))
    first, again = tagger.predict(sentences).logits, tagger.predict(sentences).logits
    assert projected == [len({token for sentence in sentences for token in sentence}) + 1]  # and the padding
    np.testing.assert_array_equal(again, first)


def test_projections_are_those_of_whole_batches(tagger, sentences):
    """The kept rows against the network's own forward pass over the text as one batch.

    A product of other shape adds in another order: float32 has 6e-8, the sums about 100 terms of size 1.
    """
    text = encode(sentences, tagger.forms, tagger.network.radius)
    batch = make_batch(text, tagger.forms.table, Distinct(len(tagger.forms.table)))
    np.testing.assert_allclose(tagger.predict(sentences).logits, tagger.network.forward(batch).z2, atol=1e-4)


@pytest.mark.parametrize("windows", [1, 2, 7, 10_000])
def test_the_number_of_windows_a_batch_changes_no_tag(tagger, sentences, expected, monkeypatch, windows):
    logits = tagger.predict(sentences).logits
    monkeypatch.setattr(projections, "WINDOWS", windows)
    monkeypatch.setattr(projections, "FORMS", windows)
    assert tagger.tag(sentences) == expected
    # A product of other shape adds in another order: float32 has 6e-8, the sums about 100 terms of size 1.
    np.testing.assert_allclose(tagger.predict(sentences).logits, logits, atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 59, 60, 61])
def test_the_number_of_sentences_at_a_time_changes_no_tag(tagger, sentences, expected, monkeypatch, count):
    monkeypatch.setattr(windowner.tagger.tagger, "SENTENCES", count)
    assert tagger.tag(sentences) == expected
    assert [len(chunk) for chunk in chunks(range(60), lambda _: 1)] == [count] * (60 // count) + [60 % count] * (
        60 % count > 0
    )


def test_sentences_at_a_time_are_bounded_by_tokens_too(monkeypatch):
    """A sentence is never cut, so a chunk may hold as many tokens more as its last sentence has."""
    monkeypatch.setattr("windowner.tagger.tagger.TOKENS", 5)
    assert list(chunks(["abc", "de", "fghijklm", "n", "o"], len)) == [["abc", "de"], ["fghijklm"], ["n", "o"]]


def test_neighbours_in_the_list_change_no_tag(tagger, sentences, expected):
    assert [tagger.tag([sentence])[0] for sentence in sentences] == expected
    assert tagger.tag(sentences[::-1]) == expected[::-1]


def test_a_long_sentence(tagger):
    """Every window lies far from the edges, but for the first and last ones."""
    (tags,) = tagger.tag([SENTENCE * 1500])
    assert tags == TAGS * 1500


# Legality


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tags_are_legal_whatever_the_network_says(scheme):
    """A network of large random weights, whose greedy tags are illegal nearly everywhere."""
    rng = np.random.default_rng(5)
    config = make_config(
        {"data": {"train": "t", "scheme": scheme}, "features": {"capitals": 0, "shape": 0, "affix_size": 0}}, ""
    )
    tags = tag_set(["A", "B-C", ""], scheme)
    table = rng.normal(size=(52, 6)).astype(np.float32)
    network = build_network(rng, table, 52, {}, len(tags), config.model)
    network.U[...] *= 20
    words = [f"w{i}" for i in range(50)]
    tagger = Tagger(network, tags, words, [], config)
    text = [rng.choice(words, size=n).tolist() for n in rng.integers(0, 12, 200)]
    prediction = tagger.predict(text)
    start, transition, end = legal_transitions(tags, scheme)
    greedy_illegal = 0
    for first, last in zip(prediction.offsets[:-1], prediction.offsets[1:], strict=True):
        if first < last:
            y, greedy = prediction.tags[first:last], prediction.logits[first:last].argmax(axis=1)
            assert start[y[0]]
            assert end[y[-1]]
            assert transition[y[:-1], y[1:]].all()
            legal = start[greedy[0]] and end[greedy[-1]] and transition[greedy[:-1], greedy[1:]].all()
            assert not legal or y.tolist() == greedy.tolist()
            greedy_illegal += not legal
    assert greedy_illegal > 100 or scheme in ("IOB1", "IO")


# Files


def test_a_tagger_survives_save_and_load(tiny, tagger, sentences, expected, tmp_path):
    trained = tiny.run.tagger
    assert trained.tag(sentences) == expected
    logits = tagger.predict(sentences).logits
    assert logits.dtype == np.float32
    # A form's kept projection is that of the batch it first came in, which BLAS may round differently: float32's 1e-7.
    np.testing.assert_allclose(trained.predict(sentences).logits, logits, rtol=0, atol=1e-5)
    tagger.save(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == tiny.model.read_bytes()
    again = Tagger.load(tmp_path / "copy")
    np.testing.assert_allclose(again.predict(sentences).logits, logits, rtol=0, atol=1e-5)
    assert again.config.as_dict() == trained.config.as_dict()
    assert again.tags.names == trained.tags.names
    assert again.description == tagger.description


def test_ngrams_survive_save_and_load_and_tell_unknown_words_apart(tiny, tmp_path):
    config = load_config(tiny.config, ["features.ngrams=3", "features.ngram_buckets=50"])
    tagger = prepare(config).tagger
    tagger.network.tables["ngrams"][:] = np.random.default_rng(1).normal(size=(52, 3))
    tagger.save(tmp_path / "model.safetensors")
    loaded = Tagger.load(tmp_path / "model.safetensors")
    sentences = [["unheardQ1", "unheardQ2", "unheardQ1"]]  # one word, one shape, the same affixes of training: none
    before, after = tagger.predict(sentences).logits, loaded.predict(sentences).logits
    np.testing.assert_array_equal(before, after)
    X = loaded.network.embed(loaded.forms.table)[1:]
    assert (X[0] != X[1]).sum() == 3
    assert np.flatnonzero(X[0] != X[1]).tolist() == [*range(X.shape[1] - 3, X.shape[1])]


def test_a_table_of_ngrams_of_another_size(tiny, tmp_path):
    tagger = prepare(load_config(tiny.config, ["features.ngrams=3", "features.ngram_buckets=50"])).tagger
    tagger.save(tmp_path / "model.safetensors")
    description, arrays = read_model_file(tmp_path / "model.safetensors")
    write_model_file(tmp_path / "short.safetensors", description, {**arrays, "E.ngrams": arrays["E.ngrams"][:-1]})
    with pytest.raises(ModelError, match=r"E\.ngrams has 51 rows, expected 52"):
        Tagger.load(tmp_path / "short.safetensors")


def test_a_model_from_before_there_were_ngrams_has_none(tiny, tmp_path):
    prepare(load_config(tiny.config, ["features.ngrams=0"])).tagger.save(tmp_path / "model.safetensors")
    description, arrays = read_model_file(tmp_path / "model.safetensors")
    del description["config"]["features"]["ngrams"]
    write_model_file(tmp_path / "old.safetensors", description, arrays)
    assert "ngrams" not in Tagger.load(tmp_path / "old.safetensors").network.tables


def test_further_vectors_survive_training_save_and_load(tiny, tmp_path):
    """The frozen copy stays as it is in the file, the fine-tuned set moves, and both come back."""
    source = tiny.folder / "vectors.txt"
    more = f'vectors.more=[{{source="{source}"}}, {{source="vectors.txt", mode="fine-tuned"}}]'
    config = load_config(tiny.config, [f"vectors.source={source}", "vectors.mode=fine-tuned", more, "train.epochs=1"])
    before = prepare(config).tagger.network.tables
    run = train(config, tmp_path / "run")
    loaded = Tagger.load(tmp_path / "run")
    tables = loaded.network.tables
    assert list(tables)[:3] == ["words", "words2", "words3"]
    np.testing.assert_array_equal(tables["words2"][2:], before["words2"][2:])
    assert loaded.network.trainable["words2"] == 2
    assert (tables["words3"][2:10] != before["words3"][2:10]).any(axis=1).all()
    assert loaded.tag([SENTENCE]) == run.tagger.tag([SENTENCE])
    assert [each["source"] for each in loaded.description["further_vectors"]] == [str(source), "vectors.txt"]


def test_names_survive_training_save_and_load(tiny, tmp_path):
    """A name that no text holds is tagged because a gazetteer lists it; the file need not be there any more."""
    names = [*(place.replace("_", " ") for place in PLACES), "Xyzzy Plugh"]
    (tmp_path / "places.txt").write_text("".join(f"{name}\tLOC\n" for name in names), encoding="utf-8")
    chosen = [f'features.gazetteers=["{tmp_path}/places.txt"]', "features.gazetteer_train=2", "vectors.unk_count=50"]
    run = train(load_config(tiny.config, [*chosen, "train.epochs=4"]), tmp_path / "run")
    (tmp_path / "places.txt").unlink()
    loaded = Tagger.load(tmp_path / "run")
    assert [name for name in loaded.network.tables if "gazetteer" in name] == ["gazetteer.LOC", "gazetteer.PER"]
    sentences = [SENTENCE, "Peter Chen lives in Xyzzy Plugh .".split()]
    assert loaded.tag(sentences) == run.tagger.tag(sentences)
    assert loaded.tag(sentences)[1] == TAGS
    names, forms = loaded.gazetteer.entries, set(loaded.forms)
    assert (("Xyzzy", "Plugh"), "LOC") in names
    assert "Plugh\0E-LOC" in forms


def test_a_folder_or_its_file_or_a_string(tiny, expected, sentences):
    for path in (tiny.run.folder, str(tiny.run.folder), str(tiny.model)):
        assert Tagger.load(path).tag(sentences) == expected


def test_loading_copies_no_array(tagger):
    for name, array in tagger.network.parameters.items():
        assert not array.flags.owndata, name
        assert not array.flags.writeable, name


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=6))
def test_any_text_gets_a_tag_a_token(tagger, drawn):
    assert [len(tags) for tags in tagger.tag(drawn)] == [len(sentence) for sentence in drawn]


# Files whose parts do not fit


def damaged(tiny, path, change) -> str:
    """Save the model with changed parts; return what loading it says."""
    description, arrays = read_model_file(tiny.model)
    change(description, arrays)
    write_model_file(path, description, arrays)
    with pytest.raises(ModelError) as error:
        Tagger.load(path)
    start = f"{path}: the parts of the model do not fit together: "
    assert str(error.value).startswith(start)
    return str(error.value).removeprefix(start)


NAMES = "E.words E.capitals E.shape E.prefix2 E.suffix3 values.words values.suffix2 W b1 U b2".split()


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_array(tiny, tmp_path, name):
    assert damaged(tiny, tmp_path / "m", lambda _, arrays: arrays.pop(name)) == f"{name} is missing"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["row", "column", "dimension", "scalar", "dtype", "empty"])
def test_an_array_of_the_wrong_shape_or_dtype(tiny, tmp_path, name, how):
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

    assert damaged(tiny, tmp_path / "m", change)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("tags", None, "missing required field `tags`"),
        ("config", None, "missing required field `config`"),
        ("trainable", None, "missing required field `trainable`"),
        ("tags", 3, "Expected `array`, got `int`"),
        ("tags", ["X-PER"] * 9, "unknown tag 'X-PER'"),
        ("tags", [], "has the shape"),
        ("config", [], "Expected `object`, got `array`"),
        ("config", {}, "its config: [data]"),
        ("config", {"data": {"train": "t"}, "vectors": {"mode": "x"}}, "its config: vectors.mode = 'x'"),
        ("config", {"data": {"train": "t"}, "vector": {}}, "its config: unknown section vector"),
        ("trainable", {"words": "all"}, "Expected `int`, got `str`"),
    ],
)
def test_a_description_that_lacks_or_breaks_a_key(tiny, tmp_path, key, value, expected):
    def change(description, _):
        description[key] = value
        if value is None:
            del description[key]

    assert expected in damaged(tiny, tmp_path / "m", change)


@pytest.mark.parametrize("strings", [b"", b"[", b"{}", b"[1]", b'["\xff"]', pack_strings(["a"]).tobytes()])
def test_values_that_are_no_list_of_strings(tiny, tmp_path, strings):
    def change(_, arrays):
        arrays["values.shape"] = np.frombuffer(strings, dtype=np.uint8)

    damaged(tiny, tmp_path / "m", change)


def test_the_description_says_where_a_model_comes_from(tagger, tiny):
    description = json.loads(json.dumps(tagger.description))
    assert description["best_epoch"] in (1, 2)
    assert description["data"]["train"]["sentences"] == 250
    assert description["config"]["train"]["epochs"] == 2
    assert pickle.loads(pickle.dumps(tagger.config)).as_dict() == tagger.config.as_dict()  # for worker processes
