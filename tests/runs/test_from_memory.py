"""A training without a folder gives what the same training in a run's folder gives, and writes nothing."""

import numpy as np
import pytest
from comparing import assert_same_model
from synthetic import draw_sentence

import windowner
from windowner.errors import DataError
from windowner.runs.from_memory import FROM_MEMORY, train_tagger
from windowner.tagger.parts import read_model, write_model
from windowner.text.conversion import document_of
from windowner.text.sentence import Sentence

QUICK = {"model": {"hidden": 8}, "train": {"epochs": 2}}


def draw_pairs(count=60):
    rng = np.random.default_rng(0)
    drawn = [draw_sentence(rng) for _ in range(count)]
    return [([str(token) for token, _ in rows], [tag for _, tag in rows]) for rows in drawn]


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize("ensemble", [1, 2])
def test_it_is_the_training_of_a_run(tmp_path, monkeypatch, refit, ensemble):
    pairs = draw_pairs()
    config = {**QUICK, "train": {"epochs": 2, "refit": refit, "ensemble": ensemble}}
    run = windowner.train(config, tmp_path / "run", train=pairs[:50], dev=pairs[50:])
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    tagger = train_tagger(config, pairs[:50], iter(pairs[50:]))
    assert list((tmp_path / "empty").iterdir()) == []
    kept = run.tagger.model
    np.testing.assert_array_equal(tagger.model.network.W, kept.network.W)
    assert (tagger.model.threshold, tagger.model.temperature) == (kept.threshold, kept.temperature)
    here, there = tagger.model.provenance["data"], kept.provenance["data"]
    assert {name: here[name]["blake2b"] for name in here} == {name: there[name]["blake2b"] for name in there}
    write_model(tagger.model, tmp_path / "model.safetensors")
    assert_same_model(read_model(tmp_path / "model.safetensors"), tagger.model)


def test_dev_is_held_out():
    pairs = draw_pairs()
    data = train_tagger(QUICK, pairs).model.provenance["data"]
    assert (data["train"]["sentences"], data["dev"]["sentences"]) == (54, 6)
    assert data["train"]["file"] == data["dev"]["file"] == FROM_MEMORY


def test_files_of_the_config_are_not_read():
    config = {**QUICK, "data": {"train": "no.conll", "dev": "no.conll", "test": "no.conll", "fold": "1/2"}}
    assert train_tagger(config, draw_pairs()).model.config.data.test == ""


def test_documents():
    documents = [document_of([Sentence(*pair, 1, [])]) for pair in draw_pairs()]
    tagger = train_tagger(QUICK, [windowner.Document(each.text, each.spans) for each in documents])
    assert tagger.model.tokenizer == "european"
    assert tagger.model.tags.types == ["LOC", "PER"]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([(["a"], ["X"])], r"train\[0\]: unknown tag 'X', expected O or one of"),
        ([(["a"], ["O"]), (["a"], ["B-X", "O"])], r"train\[1\]: 2 tags, expected 1"),
        ([(["a"], ["O"]), windowner.Document("a", [])], r"train\[1\]: a document among sentences or the reverse"),
        ([windowner.Document("a")], r"train\[0\]: a document without spans"),
        ([(["a"], ["O"]), (["a"], ["O"])], "train: every tag is O, expected at least one entity"),
        ([], "train:1: no tokens, expected labelled sentences"),
    ],
)
def test_bad_text_is_named(items, message):
    with pytest.raises(DataError, match=message):
        train_tagger(QUICK, items)
