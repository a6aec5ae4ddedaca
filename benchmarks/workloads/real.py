"""Training, real: CPU seconds from the corpus files to spaCy's own best dev F1.

windowner's default config pays for everything: reading text and vectors, and scoring dev after each epoch. spaCy's
efficiency pipeline pays for making its examples, initializing and updating; its scoring of dev is not counted.
"""

from typing import Any

from tqdm import tqdm

from benchmarks.harness import Worker
from benchmarks.workloads.corpora import Corpus, Plan


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Train both on every corpus."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Train both on one corpus; windowner as many times as there are rounds, spaCy once."""
    folder = str(corpus.folder)
    runs = []
    for _ in range(plan.rounds):
        with Worker("windowner_real", {"folder": folder, "vectors": corpus.vectors}) as worker:
            runs.append(worker.ask({"do": "train"}))
    with Worker("windowner_real", {"folder": folder, "vectors": {**corpus.vectors, "keep": "all"}}) as worker:
        whole_table = worker.ask({"do": "train"})["peak_mb"]
    outcome = {"corpus": corpus.name, "windowner": runs, "whole_table_mb": whole_table, "versions": worker.versions}
    with Worker("spacy_ner", {"folder": folder}) as worker:
        if worker.missing:
            return outcome
        epochs = []
        for _ in tqdm(range(plan.spacy_epochs), desc=f"{corpus.name}, spaCy", unit="epoch", disable=None):
            epochs.append(worker.ask({"do": "epoch"}))
        versions = {**outcome["versions"], **worker.versions}
    with Worker("windowner_real", {"folder": folder, "vectors": corpus.vectors}) as worker:
        for epoch in epochs:
            epoch["f1"] = worker.ask({"do": "score", "tags": epoch.pop("tags")})["f1"]
    return {**outcome, "spaCy": epochs, "versions": versions}


def seconds_to(epochs: list[dict[str, Any]], f1: float) -> float | None:
    """Return the CPU seconds after which a training first reached a dev F1."""
    return next((epoch["cpu_seconds"] for epoch in epochs if epoch["f1"] >= f1), None)


def to_spacys_best(outcome: dict[str, Any]) -> tuple[float, float, list[float | None]]:
    """Return spaCy's best dev F1, its CPU seconds to it, and windowner's to the same in each run."""
    target = max(epoch["f1"] for epoch in outcome["spaCy"])
    theirs = seconds_to(outcome["spaCy"], target)
    assert theirs is not None
    return target, theirs, [seconds_to(run["epochs"], target) for run in outcome["windowner"]]
