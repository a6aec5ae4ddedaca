"""Intervals of a finished run: with its texts, without them, and where they have changed."""

import shutil

import pytest
from synthetic import train_documents, train_tiny, write_tiny, write_unsealed

from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.folder import read_run
from windowner.runs.run_intervals import run_intervals
from windowner.runs.score_intervals import corpus_intervals
from windowner.runs.training import train
from windowner.scoring.intervals import score_intervals


def test_dev_and_test_are_those_of_the_texts(tmp_path_factory):
    run = read_run(train_tiny(tmp_path_factory.getbasetemp()).run.folder)
    found = run_intervals(run)
    assert found["dev"] == score_intervals([each.gold for each in run.dev], [each.predicted for each in run.dev])
    low, high = found["test"].overall.f1
    assert low < run.metrics["test"]["overall"]["f1"] < high
    assert found.keys() == {"dev", "test"}


def test_documents_of_dev_are_known_while_the_text_is_unchanged(tmp_path, monkeypatch):
    folder = train_documents(tmp_path).folder
    monkeypatch.setattr("windowner.runs.drawing.HELD_OUT", 5)  # its texts have eight documents
    found = run_intervals(read_run(folder / "run"))
    assert {(sure.unit, sure.units) for sure in found.values()} == {("document", 8)}
    text = (folder / "dev.conll").read_text(encoding="utf-8")
    (folder / "dev.conll").write_text(text + "\n", encoding="utf-8")
    assert run_intervals(read_run(folder / "run"))["dev"].unit == "sentence"


@pytest.fixture
def run(tmp_path):
    """A run of the test's own, without a dev file."""
    config = write_tiny(tmp_path / "project")
    return train(load_config(config, ["train.epochs=1", 'data.dev=""']), tmp_path / "run").folder


def test_a_text_that_is_gone_or_changed_gives_a_reason(run):
    project = run.parent / "project"
    assert not isinstance(run_intervals(read_run(run))["test"], str)
    shutil.copyfile(project / "train.conll", project / "test.conll")
    assert run_intervals(read_run(run))["test"] == "the text has changed since the training"
    (project / "test.conll").unlink()
    found = run_intervals(read_run(run))
    assert found["test"].startswith("the texts cannot be read: ")
    assert found["dev"].units == len(read_run(run).dev)


def test_scores_that_the_model_does_not_give_have_no_interval(run):
    write_unsealed(run)
    metrics = run / "metrics.json"
    f1 = read_run(run).metrics["test"]["overall"]["f1"]
    metrics.write_text(metrics.read_text().replace(repr(f1), repr(f1 / 2)))
    assert run_intervals(read_run(run))["test"] == "the model gives other scores today than the training wrote down"


def test_units_of_a_corpus(tmp_path):
    path = tmp_path / "text.conll"
    path.write_text("-DOCSTART- O\n\na B-X\n\nb O\n\n" * 10)
    corpus = read_corpus(path)
    sure = corpus_intervals(corpus, corpus.tags, 100)
    assert (sure.unit, sure.units, sure.resamples) == ("document", 10, 100)
