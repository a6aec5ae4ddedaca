"""Readers of each kind. What they assert is right of any file that is read."""

from pathlib import Path

import numpy as np
from fuzz.samples import base
from fuzz.small import CHECKPOINT_OF, small_trainer
from synthetic import train_tiny

from windowner.config.loading import load_config
from windowner.experiments.experiment import load_experiment
from windowner.experiments.held_out import read_held_out
from windowner.experiments.manifest import claim, kept_folds
from windowner.formats.reading import read_corpus
from windowner.inputs.gazetteer import Gazetteer, read_gazetteer_file
from windowner.labels.decisions import read_decisions
from windowner.report.run_report import familiarity_bars, training_curves
from windowner.report.sentences import mistakes_on_dev
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.folder import read_run
from windowner.scoring.entities import score
from windowner.tagger.tagger import Tagger
from windowner.training.snapshot import restore_snapshot
from windowner.vectors.foreign import read_foreign
from windowner.vectors.loading import load_vectors

SENTENCES = [["John", "Smith", "lives", "in", "Rome", "."], ["Nothing", "happened", "."], ["x\0y"]]


def corpus(path: Path) -> None:
    read = read_corpus(path)
    for sentence, tokens, tags in zip(read.sentences, read.tokens, read.tags, strict=True):
        assert len(tokens) == len(tags) > 0
        assert sentence.line > 0
        "".join(tokens).encode()


def gazetteer(path: Path) -> None:
    names = Gazetteer(read_gazetteer_file(path))
    assert Gazetteer.from_lines(names.lines()).entries == names.entries
    for tokens, _ in names.entries:
        names.mark(tokens)


def check_vectors(vectors) -> None:
    assert len(vectors.words) == len(vectors.array) > 0
    assert np.isfinite(vectors.rows(range(len(vectors)))).all()
    "".join(vectors.words).encode()


def vectors(path: Path) -> None:
    check_vectors(load_vectors(str(path), directory=Path()))


def vectors_beside(path: Path) -> None:
    vectors(path.with_name("v.kv"))


def foreign_file(path: Path) -> None:
    check_vectors(read_foreign(str(path))[0])


def foreign_folder(path: Path) -> None:
    check_vectors(read_foreign(str(path.parent))[0])


def config(path: Path) -> None:
    read = load_config(path)
    read.write(path.with_name("written.toml"))
    assert load_config(path.with_name("written.toml")).as_dict() == read.with_absolute_paths().as_dict()


def experiment(path: Path) -> None:
    assert load_experiment(path).trials


def check_tagger(tagger: Tagger) -> None:
    for entities in tagger.entities(SENTENCES):
        assert all(0 <= entity.probability <= 1 for entity in entities)


def any_model(path: Path) -> None:
    """Whatever the numbers of a model are, it tags, and its probabilities are such."""
    check_tagger(Tagger.load(path))


def same_tags(path: Path) -> None:
    """Damage is noticed, or it changes nothing."""
    assert Tagger.load(path).entities(SENTENCES) == train_tiny(base()).run.tagger.entities(SENTENCES)


def run(path: Path) -> None:
    found = read_run(path.parent)
    familiarity_bars(found.metrics)
    training_curves(found)
    mistakes_on_dev({found.metrics["mode"]: found})
    score([sentence.gold for sentence in found.dev], [sentence.predicted for sentence in found.dev])
    check_tagger(found.tagger)
    assert found.config.data.train


def manifest(path: Path) -> None:
    kept_folds(path.parent)
    claim(path.parent, {"name": "x"})


def held_out(path: Path) -> None:
    held = read_held_out(path.parent)
    assert held.log_marginals.shape == (held.offsets[-1], len(held.tags))
    assert len(held.offsets) == len(held.places) + 1
    assert (held.log_marginals <= 1e-3).all()


def checkpoint(path: Path) -> None:
    kept = Checkpoint(path, CHECKPOINT_OF)
    kept.read()
    kept.take_over(small_trainer().network)
    snapshot = kept.begin()
    if snapshot is not None:
        restore_snapshot(snapshot, small_trainer())


def decisions(path: Path) -> None:
    for decision in read_decisions(path):
        assert decision.place.startswith(str(path))
