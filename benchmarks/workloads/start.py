"""What users wait for first: the start of the command, models of several sizes, and the training of `make train`.

numpy     `import numpy` in a Python of its own, which no program of this kind can do without
imports   `import numpy, scipy.sparse`, against which the project's target is set
started   `windowner tag` from its start to the tags of one sentence; it imports no scipy.sparse
"""

import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.harness import Worker
from benchmarks.workloads.commands import SENTENCE, run, windowner_command
from benchmarks.workloads.corpora import Plan
from docs.pages import ROOT

ROWS = (10_000, 100_000, 1_000_000)
SIZE = 50
IMPORTS = {"numpy": "import numpy", "imports": "import numpy, scipy.sparse"}
CONFIG = ROOT / "configs" / "wikigold.toml"  # of `make train`


def measure(plan: Plan) -> dict[str, Any]:
    """Measure all."""
    out = plan.folder / "out"
    return {
        "help": [run(windowner_command("--help"), out)["cpu_seconds"] for _ in range(plan.rounds)],
        "models": [measure_model(plan, rows) for rows in tqdm(ROWS[:2] if plan.quick else ROWS, desc="models")],
        **make_train(plan),
    }


def measure_model(plan: Plan, rows: int) -> dict[str, Any]:
    """Time loading a model of this many words and tagging one sentence; imports alone are timed in turns."""
    model, out = str(plan.folder / f"model-{rows}"), plan.folder / "out"
    with Worker("windowner_scaling", {"rows": rows, "size": SIZE}) as worker:
        size = worker.ask({"do": "write", "model": model})["bytes"]
    loaded: list[Any] = []
    seconds: dict[str, list[float]] = {"started": [], **{name: [] for name in IMPORTS}}
    command = windowner_command("tag", model, "--input", "tokens", "-")
    for _ in range(plan.rounds):
        with Worker("windowner_tagging", {"folder": model}) as worker:
            loaded.append(worker.ask({"do": "load", "seconds": plan.seconds}))
        for name, statement in IMPORTS.items():
            seconds[name].append(run([sys.executable, "-c", statement], out)["cpu_seconds"])
        seconds["started"].append(run(command, out, SENTENCE)["cpu_seconds"])
    return {"rows": rows, "bytes": size, "results": loaded, **seconds}


def make_train(plan: Plan) -> dict[str, Any]:
    """Train as `make train` does."""
    keys = ["train.epochs=1"] if plan.quick else []
    runs = []
    for _ in range(plan.rounds):
        with Worker("windowner_real", {"folder": str(Path(plan.folder)), "vectors": {}}) as worker:
            runs.append(worker.ask({"do": "config", "config": str(CONFIG), "keys": keys}))
    return {"make_train": runs, "versions": worker.versions}
