"""Tagging: lists of tokens to lists of tags in memory, and single sentences.

windowner          its default network, with features of form and a linear chain
windowner, words   the lecture's model of words alone; PyTorch's twin has the same weights, and is compared with it
PyTorch            the single best tag of each window, legal or not
CRFsuite           its features of words and neighbours are made in Python, as its users make them
sklearn-crfsuite   the same model and features behind the interface of scikit-learn
CRFsuite, rich     with affixes, shapes, two words on both sides and pairs of words
spaCy              its efficiency pipeline with vectors, on documents that are already tokens
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import click

from benchmarks.harness import Task, Worker, start, stop, take_turns
from benchmarks.workloads.corpora import Corpus, Plan
from benchmarks.workloads.models import (
    MACHINE,
    OURS,
    RICH,
    USUAL,
    WORDS,
    WRAPPED,
    tagging_peers,
    with_machine,
    write_file,
)

ALL = 10**9
TOKENS = {OURS: ALL, WORDS: ALL, "PyTorch": ALL, USUAL: 40_000, WRAPPED: 40_000, RICH: 20_000, "spaCy": 8_000}
LENGTH = 20  # tokens of a single sentence
SINGLE = {OURS: 1000, WORDS: 1000, "PyTorch": 1000, USUAL: 1000, WRAPPED: 1000, RICH: 1000, "spaCy": 200}
AGREEMENT = 0.97  # least share of equal tags; windowner's are the best legal ones


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Tag every corpus by all peers, in turns."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Tag one corpus."""
    text, tokens = write_file(corpus, "once.conll", {"do": "repeat", "tokens": 0})
    workers = start(tagging_peers(plan, corpus))
    check_agreement(workers, corpus)
    unseen = str(corpus.folder / "dev.conll")
    bulk = {name: {"file": str(text), "tokens": TOKENS[name], "seconds": plan.seconds} for name in workers}
    single: dict[str, Task] = {
        name: {"do": "single", "file": unseen, "tokens": ALL, "length": LENGTH, "count": SINGLE[name]}
        for name in workers
    }
    cases: dict[str, dict[str, Task]] = {
        "bulk": {name: {**task, "do": "bulk"} for name, task in bulk.items()},
        "cold": {name: {**task, "do": "cold"} for name, task in bulk.items() if name in (OURS, WORDS)},
        "single": single,
        "rates": {MACHINE: {}},
    }
    workers = with_machine(workers)
    samples = take_turns(workers, cases, plan.rounds, f"{corpus.name}, tagging")
    profile = workers[OURS].ask({"do": "profile", "file": str(text), "tokens": ALL, "count": 12})
    shapes = {name: workers[name].ask({"do": "shape"}) for name in (OURS, WORDS)}
    versions = {name: version for worker in workers.values() for name, version in worker.versions.items()}
    stop(workers)
    results = {**samples.results, "profile": {OURS: [profile]}}
    return {"corpus": corpus.name, "tokens": tokens, "versions": versions, "shapes": shapes, "results": results}


def check_agreement(workers: Mapping[str, Worker], corpus: Corpus) -> None:
    """Raise an error unless PyTorch's twin gives the tags of windowner's model of words."""
    if "PyTorch" not in workers:
        return
    task = {"do": "tags", "file": str(corpus.folder / "dev.conll"), "tokens": ALL}
    ours, theirs = (list(chain.from_iterable(workers[name].ask(task)["tags"])) for name in (WORDS, "PyTorch"))
    same = sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)
    if same < AGREEMENT:
        raise click.ClickException(f"{corpus.name}: PyTorch's twin gives {same:.1%} of windowner's tags")
