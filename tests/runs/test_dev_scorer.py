"""The loss on dev that decides between epochs with the same F1, and the epoch that is kept."""

import numpy as np
import pytest
from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.dev_scorer import DevScorer
from windowner.runs.encoded import encode_tag_numbers
from windowner.runs.fitting import kept_epoch
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.tagger.prediction import predict_encoded


@pytest.fixture
def path(tmp_path):
    return write_tiny(tmp_path)


def test_without_a_chain_it_is_the_cross_entropy_of_the_legal_tags(path):
    """With IO tags every sequence is legal: the loss is the mean of log(sum exp z) - z of the gold tag."""
    prepared = prepare(load_config(path, ["data.scheme=IO"]))
    scorer = DevScorer(prepared.model, prepared)
    scorer.f1()
    z = predict_encoded(prepared.model, prepared.dev, prepared.dev_F).logits.astype(np.float64)
    gold = encode_tag_numbers(prepared.model, prepared.corpora["dev"])
    expected = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), gold])
    assert scorer.loss() == pytest.approx(expected, rel=1e-6)  # float32 logits


@pytest.mark.parametrize("loss", ["word", "sentence"])
def test_it_falls_as_the_network_learns(path, tmp_path, loss):
    prepared = prepare(load_config(path, [f"model.loss={loss}"]))
    scorer = DevScorer(prepared.model, prepared)
    scorer.f1()
    before = scorer.loss()
    trained = train(load_config(path, [f"model.loss={loss}"]), tmp_path / "run").tagger.model.network
    for name, p in prepared.model.network.parameters.items():
        p[...] = trained.parameters[name]
    scorer.f1()
    assert scorer.loss() < 0.5 * before


def test_types_that_training_lacks_are_left_out(path):
    dev = path.parent / "dev.conll"
    dev.write_text("Paris B-LOC\nis O\nYear B-TIME\n")
    prepared = prepare(load_config(path))
    assert encode_tag_numbers(prepared.model, read_corpus(dev))[2] == -1
    scorer = DevScorer(prepared.model, prepared)
    assert scorer.f1() >= 0
    gold = scorer.tag_numbers.copy()
    with_unknown = scorer.loss()
    gold[2] = 0
    assert np.isfinite(with_unknown)
    scorer.tag_numbers = gold
    assert scorer.loss() != with_unknown


def test_dev_of_unknown_types_alone_has_no_loss(path):
    (path.parent / "dev.conll").write_text("Year B-TIME\n")
    prepared = prepare(load_config(path))
    scorer = DevScorer(prepared.model, prepared)
    assert (scorer.f1(), scorer.loss()) == (0, 0)


def test_it_needs_a_prediction(path):
    prepared = prepare(load_config(path))
    with pytest.raises(ValueError, match="call f1 first"):
        DevScorer(prepared.model, prepared).loss()


def test_without_dev_entities_a_later_epoch_can_be_kept(path, tmp_path):
    """Every F1 is 0, and the loss on dev falls while O is learnt."""
    (path.parent / "dev.conll").write_text("The O\nweather O\nis O\nbad O\n")
    run = train(load_config(path, ["train.epochs=3"]), tmp_path / "run")
    assert [record.dev_f1 for record in run.history] == [0, 0, 0]
    assert run.metrics["best_epoch"] == kept_epoch(run.history).epoch > 1
