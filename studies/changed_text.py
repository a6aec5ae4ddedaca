"""Trainings on a bundled corpus whose training text was changed. Dev stays as it is.

Sentences are drawn one by one, so that the training text has no documents. No network of these studies reads documents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import windowner
from studies.trainings import Training
from windowner.formats.jsonl import json_line
from windowner.runs.finishing import Run
from windowner.text.sentence import Sentence
from windowner.text.token_spans import sentence_spans, span_tags


def sentences_of(training: Training) -> list[Sentence]:
    """Return the training sentences of a corpus, with IOB2 tags."""
    config = training.config
    corpus = windowner.read_corpus(config.path(config.data.train))
    spans = sentence_spans(corpus.tags)
    return [
        Sentence(each.tokens, span_tags(found, len(each.tokens), "IOB2"), each.line, [])
        for each, found in zip(corpus.sentences, spans, strict=True)
    ]


def forget_entities(sentences: Sequence[Sentence], share: float, rng: np.random.Generator) -> list[Sentence]:
    """Return sentences in which a share of the entities, drawn at random, is O."""
    kept = []
    for each, spans in zip(sentences, sentence_spans([each.tags or [] for each in sentences]), strict=True):
        left = [span for span in spans if rng.random() >= share]
        kept.append(each._replace(tags=span_tags(left, len(each.tokens), "IOB2")))
    return kept


def without_type(sentences: Iterable[Sentence], name: str) -> list[Sentence]:
    """Return sentences in which the entities of a type are O."""
    return [each._replace(tags=["O" if tag[2:] == name else tag for tag in each.tags or []]) for each in sentences]


def train_on(training: Training, sentences: Iterable[Sentence], folder: Path, **options: Any) -> Run:
    """Train on these sentences, in a folder. `options` are those of `windowner.train`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "train.jsonl"
    file.write_text("".join(json_line(each, each.tags or []) for each in sentences), encoding="utf-8")
    config = training.config
    dev = str(config.path(config.data.dev).resolve())
    data = replace(config.data, train=str(file.resolve()), dev=dev)
    config = replace(config, data=data, model=replace(config.model, document="off"))
    return windowner.train(config, folder / "run", **options)


def dev_f1(run: Run) -> float:
    """Return F1 on dev, in percent."""
    return 100 * run.scores["dev"].overall.f1
