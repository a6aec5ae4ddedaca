"""A training that starts from a trained model: what is kept, what is new, what is refused."""

import shutil

import numpy as np
import pytest
from preparing import Notes, prepared
from synthetic import error_of, succeed

from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.inputs.tables import FIRST
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.tagger.parts import read_model

NEW = """Zoe B-PER
Quux I-PER
works O
at O
Initech B-ORG
Inc B-ORG

Geneva B-LOC
and O
Oslo B-LOC
"""


@pytest.fixture(params=["word", "sentence", "frozen", "document", "characters"])
def old(path, request):
    """A trained run, its overrides, and a file of new text."""
    keys = {
        "word": [],
        "sentence": ["model.loss=sentence"],
        "frozen": [f"vectors.source={path.parent}/vectors.txt", "vectors.mode=frozen", "vectors.keep=3"],
        "characters": ["features.characters=4"],
        "document": ["model.document=on", "model.loss=sentence"],
    }[request.param]
    keys.append("train.epochs=1")
    run = train(load_config(path, keys), path.parent / "old")
    (path.parent / "new.conll").write_text(NEW)
    return run, [*keys, f"data.train={path.parent}/new.conll"]


def start(path, keys, init, *more):
    notes = Notes()
    return prepare(load_config(path, [*keys, *more]), notes, init=init), notes.text


def test_everything_old_stays_in_its_place_by_name(path, old):
    run, keys = old
    before, (ready, _) = run.tagger.model, start(path, keys, run.folder)
    model, network = ready.model, ready.members[0]
    assert model.tags.types == [*before.tags.types, "ORG"]
    assert model.config.vectors.mode == before.config.vectors.mode
    for table, known in zip(network.tables, before.network.tables, strict=True):
        assert set(known.values) <= set(table.values)
        places = [table.rows[value] for value in known.values]
        np.testing.assert_array_equal(table.E[places], known.E[FIRST:])
        np.testing.assert_array_equal(table.E[:FIRST], known.E[:FIRST])
        movable = set(known.values[: known.trainable - FIRST])
        assert movable <= set(table.values[: table.trainable - FIRST])
    if network.characters is not None:
        known = before.network.characters.alphabet
        places = [network.characters.alphabet.rows[value] for value in known.values]
        np.testing.assert_array_equal(network.characters.E[places], before.network.characters.E[FIRST:])
        np.testing.assert_array_equal(network.characters.W, before.network.characters.W)
    for name in ("W", "b1"):
        np.testing.assert_array_equal(network.parameters[name], before.network.parameters[name])
    of_type = {name: place for place, name in enumerate(model.tags.names) if name[2:] in ("ORG", "PER", "LOC")}
    for prefix in "BIES":  # a new type begins as the mean of the old ones
        mean = (network.U[:, of_type[f"{prefix}-PER"]] + network.U[:, of_type[f"{prefix}-LOC"]]) / 2
        np.testing.assert_allclose(network.U[:, of_type[f"{prefix}-ORG"]], mean, rtol=1e-5, atol=1e-7)
    if network.chain is not None:
        scores = network.chain.transition
        within = [scores[of_type[f"B-{name}"], of_type[f"E-{name}"]] for name in ("ORG", "PER", "LOC")]
        assert within[0] == pytest.approx((within[1] + within[2]) / 2, rel=1e-5)
    for i, tag in enumerate(before.tags.names):
        new = model.tags.names.index(tag)
        np.testing.assert_array_equal(network.U[:, new], before.network.U[:, i])
        assert network.b2[new] == before.network.b2[i]
        if network.document is not None:
            np.testing.assert_array_equal(network.document.others[:, new], before.network.document.others[:, i])
        if network.chain is not None:
            for j, other in enumerate(before.tags.names):
                found = network.chain.transition[new, model.tags.names.index(other)]
                assert found == before.network.chain.transition[i, j]


def test_new_words_have_rows(path, old):
    run, keys = old
    ready, _ = start(path, keys, run.folder)
    rows = ready.model.words.rows
    assert {"Zoe", "Quux", "Initech"} <= set(rows)
    assert all(rows[word] < ready.model.words.trainable for word in ("Zoe", "Quux", "Initech"))
    if "vectors.mode=frozen" in keys:
        assert rows["geneva"] >= ready.model.words.trainable  # it has a pretrained vector, which stays


def test_without_a_step_old_text_is_tagged_as_before(path, old):
    """New tags have a score of about 0, so only the old tags' scores are compared."""
    run, keys = old
    before = run.tagger.model
    ready, _ = start(path, keys, run.folder)
    from windowner.inputs.forms import Forms
    from windowner.runs.encoded import encode_corpus
    from windowner.tagger.prediction import predict_encoded

    logits = []
    for model in (before, ready.model):
        forms = Forms(model.encoder)
        text = encode_corpus(model, ready.corpora["dev"], forms)
        found = predict_encoded(model, text, forms.F).logits
        logits.append(found[:, [model.tags.names.index(tag) for tag in before.tags.names]])
    if "vectors.mode=frozen" in keys:  # dev's words had rows before, too
        assert logits[0].shape == logits[1].shape
    np.testing.assert_allclose(logits[0], logits[1], rtol=1e-5, atol=1e-5)


@pytest.fixture
def trained(path):
    run = train(load_config(path, ["train.epochs=1"]), path.parent / "old")
    (path.parent / "new.conll").write_text(NEW)
    return run.folder, [f"data.train={path.parent}/new.conll"]


def test_the_command(path, trained, tmp_path):
    folder, keys = trained
    sets = [part for key in [*keys, "data.rehearse=0.2"] for part in ("--set", key)]
    shown = succeed("train", path, "--init", folder, "--out", tmp_path / "new", *sets)
    assert "data.rehearse = 0.2: 50 sentences of" in " ".join(shown.stderr.split())
    model = read_model(tmp_path / "new")
    assert model.tags.types == ["LOC", "PER", "ORG"]
    assert model.provenance["data"]["init"]["file"] == str(folder)


def test_rehearsed_sentences_are_a_share_of_the_old_ones(path, trained):
    folder, keys = trained
    ready, _ = start(path, keys, folder, "data.rehearse=0.1")
    assert len(ready.corpora["train"].sentences) == 2 + 25
    copy = shutil.copy(path.parent / "dev.conll", path.parent / "old.conll")
    other, _ = start(path, keys, folder, "data.rehearse=1", f"data.rehearse_from={copy}")
    assert other.corpora["train"].tokens[2:] == other.corpora["dev"].tokens
    new, old = other.corpora["train"].sentences[:2], other.corpora["train"].sentences[2:]
    assert {sentence.unmarked for sentence in new} == {()}
    assert {sentence.unmarked for sentence in old} == {("ORG",)}
    (path.parent / "new.conll").write_text(NEW.replace("ORG", "LOC"))
    without_new_types, _ = start(path, keys, folder, "data.rehearse=1", f"data.rehearse_from={copy}")
    assert not any(sentence.unmarked for sentence in without_new_types.corpora["train"].sentences)
    (path.parent / "both.conll").write_text("Ana B-PER\nof O\nAcme B-ORG\n")
    (path.parent / "new.conll").write_text(NEW)
    with_new_types, _ = start(path, keys, folder, "data.rehearse=1", f"data.rehearse_from={path.parent}/both.conll")
    assert not any(sentence.unmarked for sentence in with_new_types.corpora["train"].sentences[2:])
    (path.parent / "new.conll").write_text(NEW.replace("PER", "ORG"))
    without_persons, notes = start(path, keys, folder)
    assert {sentence.unmarked for sentence in without_persons.corpora["train"].sentences} == {("PER",)}
    assert "new.conll: no entity of PER. Nobody looked for such entities there, so O means O or PER" in notes


def test_a_short_training_has_keys_of_its_own(path, trained):
    """Keys of the file and of the command stand above them."""
    folder, keys = trained
    config = load_config(path, keys, going_on=True)
    assert (config.train.batch, config.train.epochs) != (load_config(path, keys).train.batch, "auto")
    assert load_config(path, [*keys, "train.batch=77"], going_on=True).train.batch == 77
    run = train(path, path.parent / "again", init=folder)
    assert run.tagger.model.config.train.batch == config.train.batch


def test_old_words_that_nobody_annotated_stay_unknown(path, trained):
    """What the old run read as not annotated is no O when it is seen again."""
    _, keys = trained
    partial = train(load_config(path, ["train.epochs=1", "data.unlabelled_as=unknown"]), path.parent / "partial")
    (path.parent / "new.conll").write_text(NEW.replace("ORG", "LOC"))
    ready, _ = start(path, keys, partial.folder, "data.rehearse=0.1")
    assert not any("O" in tags for tags in ready.corpora["train"].tags[2:])


@pytest.mark.parametrize("name", ["train", "dev", "test"])
def test_what_is_scored_is_not_rehearsed(path, trained, name):
    folder, keys = trained
    file = load_config(path, keys).path(getattr(load_config(path, keys).data, name))
    with pytest.raises(DataError, match=rf"{file.name}: data.{name}, and the old text of data.rehearse too; expected"):
        start(path, keys, folder, "data.rehearse=0.1", f"data.rehearse_from={file}")


def test_the_second_training_of_refit_starts_there_too(path, trained, monkeypatch):
    folder, keys = trained
    seen = []
    from windowner.runs import refitting

    right = refitting.prepare_corpora
    monkeypatch.setattr(
        refitting, "prepare_corpora", lambda *args, **options: seen.append(options["start"]) or right(*args, **options)
    )
    train(load_config(path, [*keys, "train.refit=true"]), path.parent / "again", init=folder)
    assert [each.path for each in seen] == [folder]


def test_mistakes(path, trained):
    folder, keys = trained
    for wrong, message in {
        "model.radius=1": r"model.radius = 1, expected 2",
        "model.hidden=7": "model.hidden = 7",
        "features.capitals=0": "features.capitals = 0",
        "data.scheme=IO": "data.scheme = 'IO'",
        "train.ensemble=2": "train.ensemble = 2",
        f"vectors.source={path.parent}/vectors.txt": "vectors.source: .*vectors.txt, expected none",
    }.items():
        with pytest.raises(ConfigError, match=message):
            start(path, keys, folder, wrong)
    with pytest.raises(ConfigError, match="expected a model to start from, --init RUN"):
        prepared(path, "data.rehearse=0.1")
    with pytest.raises(ConfigError, match=r"model\.safetensors: a model file does not say where its training text is"):
        start(path, keys, folder / "model.safetensors", "data.rehearse=0.1")
    with pytest.raises(DataError, match="no such file, expected the training text of"):
        start(path, keys, folder, "data.rehearse=0.1", "data.rehearse_from=gone.conll")
    assert "no such file" in error_of("train", path, "--init", path.parent / "nothing")


def test_a_model_of_several_networks_is_refused(path, trained):
    _, keys = trained
    run = train(load_config(path, ["train.epochs=1", "train.ensemble=2"]), path.parent / "several")
    with pytest.raises(ConfigError, match="merged from 2 networks, expected the model of one"):
        start(path, keys, run.folder)


def test_a_training_that_started_from_a_model_goes_on_from_the_same_one_alone(path, trained):
    """A finished training is found again; with another model to start from, it is another training."""
    folder, keys = trained
    config = load_config(path, [*keys, "train.epochs=1"])
    out = path.parent / "again"
    first = train(config, out, init=folder)
    content = (out / "model.safetensors").read_bytes()
    notes = Notes()
    train(config, out, notes, init=folder, resume=True)
    assert "finished already" in notes.text
    assert (out / "model.safetensors").read_bytes() == content
    other = train(config, out, resume=True)
    assert "init" not in other.tagger.model.provenance["data"]
    assert first.tagger.model.provenance["data"]["init"]["file"] == str(folder)
