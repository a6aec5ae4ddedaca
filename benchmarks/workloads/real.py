"""Training, real: CPU seconds from the corpus files to the best dev F1 of each program.

windowner   its default config pays for everything: reading text and vectors, and scoring dev after each epoch
spaCy       its efficiency pipeline with the same vectors, until its own rule stops it; it pays for reading text and
            vectors, initializing and updating; the conversion of the vectors and scoring are not counted
CRFsuite    pays for its features and for training; it has no word vectors, and its F1 is known when it has ended
"""

from typing import Any

from tqdm import tqdm

from benchmarks.harness import Result, Worker
from benchmarks.workloads.corpora import Corpus, Plan
from benchmarks.workloads.models import RICH, USUAL, crfsuite_worker, spacy_worker

QUICK_LIMITS = {"max_steps": 4, "eval_frequency": 2}
QUICK_TRAIN = {"epochs": 2}
CRFSUITE = {USUAL: "usual", RICH: "rich"}


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Train all on every corpus."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Train all on one corpus; windowner as many times as there are rounds, the others once."""
    runs = [windowner(plan, corpus)[0] for _ in range(plan.rounds)]
    whole_table, versions = windowner(plan, corpus, keep="all")
    outcome: dict[str, Any] = {"corpus": corpus.name, "windowner": runs, "whole_table_mb": whole_table["peak_mb"]}
    with scorer(corpus) as scores:
        for name, features in CRFSUITE.items():
            with crfsuite_worker(plan, corpus, features) as worker:
                if not worker.missing:
                    outcome[name] = crfsuite(worker, scores, corpus)
                    versions |= worker.versions
        with spacy_worker(corpus, limits=QUICK_LIMITS if plan.quick else {}) as worker:
            if not worker.missing:
                outcome |= spacy(worker, scores, corpus)
                versions |= worker.versions
    return {**outcome, "versions": versions}


def windowner(plan: Plan, corpus: Corpus, **keys: Any) -> tuple[Result, dict[str, str]]:
    """Train windowner in a fresh process."""
    train = QUICK_TRAIN if plan.quick else {}
    task = {"folder": str(corpus.folder), "vectors": {**corpus.vectors, **keys}, "train": train}
    with Worker("windowner_real", task) as worker:
        return worker.ask({"do": "train"}), dict(worker.versions)


def scorer(corpus: Corpus) -> Worker:
    """Start a process that scores the tags of dev."""
    return Worker("windowner_real", {"folder": str(corpus.folder)})


def crfsuite(worker: Worker, scores: Worker, corpus: Corpus) -> Result:
    """Return the time, the passes and the dev F1 of a training of CRFsuite."""
    tags = worker.ask({"do": "tags", "file": str(corpus.folder / "dev.conll"), "tokens": 10**9})["tags"]
    return {**worker.ask({"do": "training"}), "f1": scores.ask({"do": "score", "tags": tags})["f1"]}


def spacy(worker: Worker, scores: Worker, corpus: Corpus) -> dict[str, Any]:
    """Return the evaluations of a training of spaCy: time, step and dev F1 of each; and the rule that ended it."""
    evaluations = []
    with tqdm(desc=f"{corpus.name}, spaCy", unit="evaluation", disable=None) as progress:
        while not (answer := worker.ask({"do": "evaluation"})).get("ended"):
            answer["f1"] = scores.ask({"do": "score", "tags": answer.pop("tags")})["f1"]
            evaluations.append(answer)
            progress.update()
    return {"spaCy": evaluations, "stopping": answer["stopping"]}


def seconds_to(epochs: list[dict[str, Any]], f1: float) -> float | None:
    """Return the CPU seconds after which a training first reached a dev F1."""
    return next((epoch["cpu_seconds"] for epoch in epochs if epoch["f1"] >= f1), None)


def to_spacys_best(outcome: dict[str, Any]) -> tuple[float, float, list[float | None]]:
    """Return spaCy's best dev F1, its CPU seconds to it, and windowner's to the same in each run."""
    target = max(evaluation["f1"] for evaluation in outcome["spaCy"])
    theirs = seconds_to(outcome["spaCy"], target)
    assert theirs is not None
    return target, theirs, [seconds_to(run["epochs"], target) for run in outcome["windowner"]]


def to_own_best(outcome: dict[str, Any]) -> list[float]:
    """Return windowner's CPU seconds to its own best dev F1 in each run."""
    found = []
    for run in outcome["windowner"]:
        seconds = seconds_to(run["epochs"], max(epoch["f1"] for epoch in run["epochs"]))
        assert seconds is not None
        found.append(seconds)
    return found
