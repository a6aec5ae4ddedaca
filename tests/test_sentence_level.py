"""A tagger with the sentence-level loss, from its config to its file and back."""

from itertools import pairwise

import numpy as np
import pytest

from windowner.config import load_config
from windowner.errors import ModelError
from windowner.model_file import read_model_file, write_model_file
from windowner.network.chain import CHAIN
from windowner.preparation import prepare
from windowner.run import train
from windowner.tagger import Tagger
from windowner.training.trainer import Trainer

SENTENCE = ["model.loss=sentence"]


@pytest.fixture
def run(tiny_config, tmp_path):
    return train(load_config(tiny_config, SENTENCE), tmp_path / "run")


def test_a_tiny_corpus_is_learnt_with_a_chain_that_the_file_keeps(run, tiny_config):
    assert run.metrics["dev"]["overall"]["f1"] == 1.0
    loaded = Tagger.load(run.folder)
    for name, learned in run.tagger.network.chain.parameters.items():
        assert learned.any(), name
        np.testing.assert_array_equal(loaded.network.parameters[name], learned)
    sentences = [["John", "Smith", "left", "Paris"], [], ["Rome"]]
    assert loaded.tag(sentences) == run.tagger.tag(sentences)


def test_tags_are_legal_and_decoded_with_the_chain(run):
    """With all logits 0, only the chain's scores choose; without it the first tag, O, would be everywhere."""
    tagger = run.tagger
    tagger.network.U[:], tagger.network.b2[:] = 0, 0
    tagger.network.chain.transition[:] = 0
    tagger.network.chain.start[:] = [10 * (tag == "B-PER") for tag in tagger.tags.names]
    prediction = tagger.predict([["a", "b", "c"], ["d", "e"]])
    assert all(tagger.tags.names[prediction.tags[first]] == "B-PER" for first in prediction.offsets[:-1])
    for first, last in pairwise(prediction.offsets.tolist()):
        tags = prediction.tags[first:last]
        assert tagger.legality.transition[tags[:-1], tags[1:]].all()
        assert tagger.legality.end[tags[-1]]


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
    network = prepared.tagger.network
    before = {name: p.copy() for name, p in network.parameters.items()}
    trainer = Trainer(network, prepared.training, prepared.tagger.config.train, prepared.rng)
    losses = [trainer.train_epoch(epoch).loss for epoch in range(1, 6)]
    assert losses[-1] < losses[0]
    changed = {name for name, p in network.parameters.items() if (p != before[name]).any()}
    assert changed == (set(CHAIN) if update == ["chain"] else set(update))
