"""What is trained or written once and then read by several workloads of a run."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness import Worker
from benchmarks.workloads.corpora import Corpus, Plan

EPOCHS = 5  # of windowner's models
CRF_ITERATIONS, QUICK_ITERATIONS = 100, 5
SPACY_STEPS, QUICK_STEPS = 200, 4  # of the pipeline that tags: its speed hardly depends on its accuracy
OURS, WORDS = "windowner", "windowner, words"
MACHINE = "machine"  # the worker that measures this machine's own rates
USUAL, WRAPPED, RICH = "CRFsuite", "sklearn-crfsuite", "CRFsuite, rich"
SAME_NETWORK = {WORDS: WORDS, "PyTorch": WORDS}
"""Those that are compared with the lecture's model. All others are compared with windowner's default network."""


def with_machine(workers: Mapping[str, Worker]) -> dict[str, Worker]:
    """Return workers with one more, which measures the machine. It takes its turn, and has memory of its own."""
    return {**workers, MACHINE: Worker("machine_rates", {})}


def windowner_model(corpus: Corpus, words_only: bool = False) -> Path:
    """Return the folder of windowner's default model, or of the lecture's; it is trained if it was not yet."""
    folder = corpus.folder / ("words" if words_only else "default")
    if not folder.exists():
        task = {"do": "model", "corpus": str(corpus.folder), "vectors": corpus.vectors, "epochs": EPOCHS}
        with Worker("prepare", {}) as worker:
            worker.ask({**task, "folder": str(folder), "words_only": words_only})
    return folder


def write_file(corpus: Corpus, name: str, task: dict[str, Any]) -> tuple[Path, int]:
    """Let `prepare` write a file of a corpus; return its path and its tokens."""
    path = corpus.folder / name
    with Worker("prepare", {}) as worker:
        answer = worker.ask({**task, "corpus": str(corpus.folder), "file": str(path)})
    return path, int(answer["tokens"])


def spacy_worker(corpus: Corpus, **task: Any) -> Worker:
    """Start spaCy with the corpus's vectors, which are written first if they were not yet."""
    worker = partial(
        Worker, "spacy_ner", {"folder": str(corpus.folder), "vectors": str(corpus.shared / "spacy"), **task}
    )
    text = corpus.shared / "spacy" / "vectors.txt"
    if not text.exists():
        text.parent.mkdir()
        with Worker("prepare", {}) as prepare:
            prepare.ask({"do": "vectors", "source": corpus.vectors["source"], "file": str(text)})
    return worker()


def crfsuite_worker(plan: Plan, corpus: Corpus, features: str, module: str = "crfsuite_ner") -> Worker:
    """Start CRFsuite, or sklearn-crfsuite, with a model that is trained if it was not yet."""
    iterations = QUICK_ITERATIONS if plan.quick else CRF_ITERATIONS
    return Worker(module, {"folder": str(corpus.folder), "features": features, "iterations": iterations})


def tagging_peers(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Return how each peer that tags is started."""
    words = str(windowner_model(corpus, words_only=True))
    return {
        OURS: partial(Worker, "windowner_tagging", {"folder": str(windowner_model(corpus))}),
        WORDS: partial(Worker, "windowner_tagging", {"folder": words, "scheme": "BIOES"}),
        "PyTorch": partial(Worker, "torch_window", {"folder": words}),
        USUAL: partial(crfsuite_worker, plan, corpus, "usual"),
        WRAPPED: partial(crfsuite_worker, plan, corpus, "usual", "sklearn_crfsuite_ner"),
        RICH: partial(crfsuite_worker, plan, corpus, "rich"),
        "spaCy": partial(spacy_worker, corpus, steps=QUICK_STEPS if plan.quick else SPACY_STEPS),
    }
