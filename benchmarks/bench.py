"""Windowner against PyTorch, spaCy and CRFsuite, and against the limit of this machine: `make bench`.

Writes one file of results per workload into `benchmarks/results/`, and the tables and the plot of `docs/benchmarks.md`.
A workload that is not named keeps its earlier results.
"""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks import machine
from benchmarks.page import write_page
from benchmarks.workloads import default, files, real, scaling, start, tagging, training
from benchmarks.workloads.corpora import Plan, prepare_corpora
from docs.pages import docs_option

RESULTS = Path(__file__).parent / "results"
WORKLOADS: dict[str, Callable[[Plan], Any]] = {
    "training": training.measure,
    "default": default.measure,
    "tagging": tagging.measure,
    "files": files.measure,
    "start": start.measure,
    "scaling": scaling.measure,
    "real": real.measure,
}


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Turns of each peer.")
@click.option("--seconds", default=1.0, show_default=True, help="CPU seconds that a turn lasts at least.")
@click.option("--quick", is_flag=True, help="One corpus, two rounds at most, small sizes, short trainings.")
@click.option("--data", multiple=True, type=click.Path(exists=True), help="A column file in place of the corpora.")
@click.option("--only", default=",".join(WORKLOADS), show_default=True, help="Workloads, separated by commas.")
@click.option("--results", type=click.Path(path_type=Path), default=RESULTS, help="Folder of the results.")
@click.option("--vectors", default="glove-6b-50d", show_default=True, help="As `vectors.source` of a config.")
@click.option("--tables/--no-tables", default=True, help="Write benchmarks.md.")
@docs_option
def main(
    rounds: int,
    seconds: float,
    quick: bool,
    data: tuple[str, ...],
    only: str,
    results: Path,
    vectors: str,
    tables: bool,
    docs: Path,
) -> None:
    """Measure, and write the results."""
    wanted = [name for name in only.split(",") if name]
    if unknown := sorted({*wanted} - {*WORKLOADS}):
        raise click.BadParameter(f"{', '.join(unknown)}: expected some of {', '.join(WORKLOADS)}", param_hint="--only")
    if quick:
        rounds, seconds = min(rounds, 2), min(seconds, 0.3)
    results.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        corpora = prepare_corpora(Path(folder), data, quick, vectors) if wanted else []
        plan = Plan(corpora, rounds, seconds, quick, Path(folder))
        for name in wanted:
            outcome = {"machine": machine.describe(), "rounds": rounds, "results": WORKLOADS[name](plan)}
            (results / f"{name}.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    if tables:
        write_page(docs, read_results(results))


def read_results(folder: Path) -> dict[str, Any]:
    """Return the results of all workloads that have some."""
    paths = {name: folder / f"{name}.json" for name in WORKLOADS}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.exists()}


if __name__ == "__main__":
    main()
