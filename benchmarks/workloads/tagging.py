"""Tagging: lists of tokens to lists of tags in memory, single sentences, and file to file.

windowner          its default config, with features of form
windowner, words   the lecture's model of words alone; PyTorch's twin has the same weights
PyTorch            the single best tag of each window, legal or not
CRFsuite           its features of words and neighbours are made in Python, as its users make them
spaCy              its efficiency pipeline, on documents that are already tokens
"""

import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from itertools import chain
from os import environ, wait4
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from benchmarks.harness import ONE_THREAD, Result, Samples, Task, Worker, start, stop, take_turns
from benchmarks.workloads.corpora import Corpus, Plan
from docs.pages import ROOT

OURS, WORDS = "windowner", "windowner, words"
ALL = 10**9
TOKENS = {OURS: ALL, WORDS: ALL, "PyTorch": ALL, "CRFsuite": 40_000, "spaCy": 8_000}  # tagged in bulk, at most
FILE_TOKENS = {OURS: 2_000_000, "PyTorch": 150_000}
QUICK_FILE_TOKENS = {OURS: 20_000, "PyTorch": 20_000}
LARGE_FILES = (OURS, "PyTorch")
FILE_PEERS = (*LARGE_FILES, "CRFsuite", "spaCy")  # the last two tag dev
LENGTH = 20  # tokens of a single sentence
SINGLE = {OURS: 1000, WORDS: 1000, "PyTorch": 1000, "CRFsuite": 1000, "spaCy": 200}
AGREEMENT = 0.97  # least share of equal tags; windowner's are the best legal ones
CRF_ITERATIONS = 50
EPOCHS = 5  # of windowner's models


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Tag every corpus by all peers, in turns."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Tag one corpus."""
    tokens = train_models(corpus, QUICK_FILE_TOKENS if plan.quick else FILE_TOKENS)
    workers = start(peers(corpus))
    check_agreement(workers, corpus)
    text, unseen = str(corpus.folder / "all.conll"), str(corpus.folder / "dev.conll")
    bulk = {name: {"file": text, "tokens": TOKENS[name], "seconds": plan.seconds} for name in workers}
    single: dict[str, Task] = {
        name: {"do": "single", "file": unseen, "tokens": ALL, "length": LENGTH, "count": SINGLE[name]}
        for name in workers
    }
    cases: dict[str, dict[str, Task]] = {
        "bulk": {name: {**task, "do": "bulk"} for name, task in bulk.items()},
        "cold": {name: {**task, "do": "cold"} for name, task in bulk.items() if name in (OURS, WORDS)},
        "single": single,
    }
    samples = take_turns(workers, cases, plan.rounds, f"{corpus.name}, tagging")
    profile = workers[OURS].ask({"do": "profile", "file": text, "tokens": ALL, "count": 12})
    file_to_file(samples, plan, corpus, workers)
    versions = {name: version for worker in workers.values() for name, version in worker.versions.items()}
    stop(workers)
    results = {**samples.results, "profile": {OURS: [profile]}}
    return {"corpus": corpus.name, "tokens": tokens, "versions": versions, "results": results}


def train_models(corpus: Corpus, file_tokens: Mapping[str, int]) -> int:
    """Train windowner's two models, and write the large files; return the corpus's number of tokens."""
    shared = {"corpus": str(corpus.folder), "epochs": EPOCHS, "vectors": corpus.vectors}
    with Worker("prepare", {}) as worker:
        for name, words_only in (("default", False), ("words", True)):
            worker.ask({**shared, "do": "model", "folder": str(corpus.folder / name), "words_only": words_only})
        repeat = {"do": "repeat", "corpus": str(corpus.folder)}
        for name in LARGE_FILES:
            worker.ask({**repeat, "tokens": file_tokens[name], "file": str(corpus.folder / f"{name}.conll")})
        answer: Result = worker.ask({**repeat, "tokens": 0, "file": str(corpus.folder / "once.conll")})
    return int(answer["tokens"])


def peers(corpus: Corpus) -> dict[str, Any]:
    """Return how each peer is started."""
    folder = str(corpus.folder)
    words = str(corpus.folder / "words")
    return {
        OURS: partial(Worker, "windowner_tagging", {"folder": str(corpus.folder / "default")}),
        WORDS: partial(Worker, "windowner_tagging", {"folder": words, "scheme": "BIOES"}),
        "PyTorch": partial(Worker, "torch_window", {"folder": words}),
        "CRFsuite": partial(Worker, "crfsuite_ner", {"folder": folder, "iterations": CRF_ITERATIONS}),
        "spaCy": partial(Worker, "spacy_ner", {"folder": folder, "epochs": 1}),
    }


def check_agreement(workers: Mapping[str, Worker], corpus: Corpus) -> None:
    """Raise an error unless PyTorch's twin gives the tags of windowner's model of words."""
    if "PyTorch" not in workers:
        return
    task = {"do": "tags", "file": str(corpus.folder / "dev.conll"), "tokens": ALL}
    ours, theirs = (list(chain.from_iterable(workers[name].ask(task)["tags"])) for name in (WORDS, "PyTorch"))
    same = sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)
    if same < AGREEMENT:
        raise click.ClickException(f"{corpus.name}: PyTorch's twin gives {same:.1%} of windowner's tags")


def file_to_file(samples: Samples, plan: Plan, corpus: Corpus, workers: Mapping[str, Worker]) -> None:
    """Tag column files: windowner by its command, start-up counted; the others in their processes, loaded."""
    out = str(corpus.folder / "tagged.conll")
    for _ in range(plan.rounds):
        for name, worker in workers.items():
            if name == OURS:
                samples.add("file", name, command(corpus, out))
                if has_jobs():
                    samples.add("file", f"{OURS}, 2 jobs", command(corpus, out, "--jobs", "2"))
            elif name in FILE_PEERS:
                source = corpus.folder / (f"{name}.conll" if name in LARGE_FILES else "dev.conll")
                task = {"do": "file", "file": str(source), "out": out, "seconds": plan.seconds}
                samples.add("file", name, worker.ask(task))


def command(corpus: Corpus, out: str, *options: str) -> Result:
    """Run `windowner tag` on the large file."""
    source = corpus.folder / f"{OURS}.conll"
    arguments = [str(windowner_command()), "tag", str(corpus.folder / "default"), str(source), *options]
    begin = perf_counter()
    with open(out, "wb") as target:
        process = subprocess.Popen(arguments, stdout=target, env={**environ, **ONE_THREAD}, cwd=ROOT)
        _, status, usage = wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise click.ClickException(f"windowner tag ended with status {status}")
    with source.open(encoding="utf-8") as file:
        tokens = sum(1 for line in file if line != "\n")
    used = usage.ru_utime + usage.ru_stime
    seconds = perf_counter() - begin
    return {"units": tokens, "cpu_seconds": used, "wall_seconds": seconds, "peak_mb": usage.ru_maxrss * 1024 / 1e6}


def has_jobs() -> bool:
    """Whether this windowner tags by several processes."""
    return (
        "--jobs" in subprocess.run([str(windowner_command()), "tag", "--help"], capture_output=True, text=True).stdout
    )


def windowner_command() -> Path:
    """Return the command that is installed beside this Python."""
    return Path(sys.executable).parent / "windowner"
