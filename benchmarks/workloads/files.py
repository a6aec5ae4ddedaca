"""Tagging from file to file: windowner by its command, start-up counted; the others in their processes, loaded.

columns      one token per line; windowner by one job, by two jobs, and by two commands with half of the file each; also
             with the lecture's model, which the twin has
json-lines   JSON Lines of tokens to JSON Lines of tokens and tags
raw-text     one text per line to spans with their characters and probabilities
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.harness import Result, Samples, Worker, start, stop
from benchmarks.workloads.commands import run, run_together, windowner_command
from benchmarks.workloads.corpora import Corpus, Plan
from benchmarks.workloads.models import OURS, USUAL, WORDS, tagging_peers, windowner_model, write_file

TOKENS, TWIN_TOKENS = 2_000_000, 150_000
QUICK_TOKENS = 20_000
TWO_JOBS = f"{OURS}, 2 jobs"
TWO_COMMANDS = f"{OURS}, 2 commands"  # that share nothing but the machine
PEERS = ("PyTorch", USUAL, "spaCy")  # the last two tag dev
KINDS = {
    "columns": ("repeat", ".conll", ()),
    "json-lines": ("json-lines", ".jsonl", ()),
    "raw-text": ("raw-text", ".txt", ("--input", "text", "--output", "spans")),
}
"""By the name of a case: who writes the file, its suffix, and the options of `windowner tag`."""


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Tag the files of every corpus."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Tag the files of one corpus, all of them in each round."""
    model, count = windowner_model(corpus), QUICK_TOKENS if plan.quick else TOKENS
    words = windowner_model(corpus, words_only=True)
    files = {}
    for case, (writer, suffix, _) in KINDS.items():
        files[case] = write_file(corpus, f"large{suffix}", {"do": writer, "tokens": count, "model": str(model)})
    half = write_file(corpus, "half.conll", {"do": "repeat", "tokens": count // 2})
    twin_file, _ = write_file(corpus, "twin.conll", {"do": "repeat", "tokens": min(count, TWIN_TOKENS)})
    workers = start({name: begin for name, begin in tagging_peers(plan, corpus).items() if name in PEERS})
    samples = Samples()
    for _ in tqdm(range(plan.rounds), desc=f"{corpus.name}, files", unit="round", disable=None):
        for case, (file, tokens) in files.items():
            samples.add(case, OURS, tag_file(corpus, model, file, tokens, KINDS[case][2]))
        samples.add("columns", WORDS, tag_file(corpus, words, *files["columns"]))
        samples.add("columns", TWO_JOBS, tag_file(corpus, model, *files["columns"], ("--jobs", "2")))
        samples.add("columns", TWO_COMMANDS, tag_halves(corpus, model, *half))
        tag_by_peers(samples, workers, corpus, twin_file, plan.seconds)
    versions = {name: version for worker in workers.values() for name, version in worker.versions.items()}
    stop(workers)
    counts = {case: tokens for case, (_, tokens) in files.items()}
    return {"corpus": corpus.name, "tokens": counts, "versions": versions, "results": samples.results}


def tag_file(corpus: Corpus, model: Path, file: Path, tokens: int, options: tuple[str, ...] = ()) -> Result:
    """Run `windowner tag` on a file."""
    command = windowner_command("tag", str(model), str(file), *options)
    return {"units": tokens, **run(command, corpus.folder / "tagged")}


def tag_halves(corpus: Corpus, model: Path, half: Path, tokens: int) -> Result:
    """Run `windowner tag` twice at once, each time on half of a file."""
    outs = [corpus.folder / f"tagged-{number}" for number in range(2)]
    command = windowner_command("tag", str(model), str(half))
    return {"units": 2 * tokens, **run_together({out: command for out in outs})}


def tag_by_peers(samples: Samples, workers: Mapping[str, Worker], corpus: Corpus, twin: Path, seconds: float) -> None:
    """Let the others tag column files."""
    for name, worker in workers.items():
        source = twin if name == "PyTorch" else corpus.folder / "dev.conll"
        task = {"do": "file", "file": str(source), "out": str(corpus.folder / "tagged"), "seconds": seconds}
        samples.add("columns", name, worker.ask(task))
