"""A tagger with the sentence-level loss, from its config to its file and back."""

from itertools import pairwise

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.errors import ModelError
from windowner.network.chain.scores import CHAIN
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.tagger.model_file import read_model_file, write_model_file
from windowner.tagger.parts import write_model
from windowner.tagger.tagger import Tagger
from windowner.training.trainer import Trainer

SENTENCE = ["model.loss=sentence"]


@pytest.fixture
def run(tiny_config, tmp_path):
    return train(load_config(tiny_config, SENTENCE), tmp_path / "run")


def test_a_tiny_corpus_is_learnt_with_a_chain_that_the_file_keeps(run, tiny_config):
    assert run.metrics["dev"]["overall"]["f1"] == 1.0
    loaded = Tagger.load(run.folder)
    for name, learned in run.tagger.model.network.chain.parameters.items():
        assert learned.any(), name
        np.testing.assert_array_equal(loaded.model.network.parameters[name], learned)
    sentences = [["John", "Smith", "left", "Paris"], [], ["Rome"]]
    assert loaded.tag(sentences) == run.tagger.tag(sentences)


def test_tags_are_legal_and_decoded_with_the_chain(run):
    """With all logits 0, only the chain's scores choose; without it the first tag, O, would be everywhere."""
    network, names = run.tagger.model.network, run.tagger.model.tags.names
    legality = run.tagger.model.decoder.legality
    network.U[:], network.b2[:] = 0, 0
    network.chain.transition[:] = 0
    network.chain.start[:] = [10 * (tag == "B-PER") for tag in names]
    prediction = run.tagger.predict([["a", "b", "c"], ["d", "e"]])
    assert all(names[prediction.tags[first]] == "B-PER" for first in prediction.offsets[:-1])
    for first, last in pairwise(prediction.offsets.tolist()):
        tags = prediction.tags[first:last]
        assert legality.transition[tags[:-1], tags[1:]].all()
        assert legality.end[tags[-1]]


def test_the_config_says_how_tags_are_chosen(tiny_config, tmp_path):
    """Two sequences begin with `B-PER`, each less probable than `O O`, and more probable together."""
    sentences = [["a", "b"]]
    chosen = {}
    for decoding in ("posterior", "viterbi"):
        prepared = prepare(load_config(tiny_config, [*SENTENCE, "data.scheme=IOB2", f"model.decoding={decoding}"]))
        network, names = prepared.model.network, prepared.model.tags.names
        network.U[:], network.b2[:] = 0, 0
        for scores in network.chain.parameters.values():
            scores[...] = -20
        b, i, o = (names.index(tag) for tag in ("B-PER", "I-PER", "O"))
        network.chain.start[[b, o]] = 0
        network.chain.end[:] = 0
        network.chain.transition[b, [i, o]] = 0
        network.chain.transition[o, o] = 0.5
        write_model(prepared.model, tmp_path / decoding)
        (chosen[decoding],) = Tagger.load(tmp_path / decoding).tag(sentences)
    assert chosen == {"posterior": ["B-PER", "O"], "viterbi": ["O", "O"]}


@pytest.mark.parametrize("name", CHAIN)
def test_a_file_without_one_of_the_chains_arrays(run, name, tmp_path):
    description, arrays = read_model_file(run.folder / "model.safetensors")
    write_model_file(tmp_path / "lacks", description, {n: array for n, array in arrays.items() if n != name})
    with pytest.raises(ModelError, match=f"do not fit together: {name} is missing"):
        Tagger.load(tmp_path / "lacks")
    write_model_file(tmp_path / "short", description, {**arrays, name: arrays[name][:-1].copy()})
    with pytest.raises(ModelError, match=f"do not fit together: {name} has the shape"):
        Tagger.load(tmp_path / "short")


@pytest.mark.parametrize("update", [["chain"], ["U", "b2"]], ids="-".join)
def test_the_chain_is_a_block_of_its_own(tiny_config, update):
    prepared = prepare(load_config(tiny_config, [*SENTENCE, f"train.update={update}"]))
    network = prepared.model.network
    before = {name: p.copy() for name, p in network.parameters.items()}
    trainer = Trainer(network, prepared.training, prepared.model.config.train, prepared.rng)
    losses = [trainer.train_epoch(epoch).loss for epoch in range(1, 6)]
    assert losses[-1] < losses[0]
    changed = {name for name, p in network.parameters.items() if (p != before[name]).any()}
    assert changed == (set(CHAIN) if update == ["chain"] else set(update))
