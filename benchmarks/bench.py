"""Windowner against PyTorch, spaCy and CRFsuite, and against this machine: `make bench`.

Writes one file of results a workload into `benchmarks/results/`, and the tables and the plot of `docs/benchmarks.md`.
A workload that was not asked for keeps the results it has.
"""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks import machine, report
from benchmarks.workloads import real, scaling, tagging, training
from benchmarks.workloads.corpora import Plan, prepare_corpora

RESULTS = Path(__file__).parent / "results"
WORKLOADS: dict[str, Callable[[Plan], Any]] = {
    "training": training.measure,
    "tagging": tagging.measure,
    "scaling": scaling.measure,
    "real": real.measure,
}


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each peer has its turn.")
@click.option("--seconds", default=1.0, show_default=True, help="CPU seconds a turn lasts at least.")
@click.option("--quick", is_flag=True, help="One corpus, two short rounds, and nothing that takes long.")
@click.option(
    "--data", "files", multiple=True, type=click.Path(exists=True), help="A column file in place of the corpora."
)
@click.option("--only", default=",".join(WORKLOADS), show_default=True, help="Workloads, with commas between.")
@click.option("--spacy-epochs", default=5, show_default=True, help="How long spaCy is trained for its best dev F1.")
@click.option("--results", type=click.Path(path_type=Path), default=RESULTS, help="Folder of the results.")
@click.option("--tables/--no-tables", default=True, help="Write docs/benchmarks.md.")
def main(
    rounds: int,
    seconds: float,
    quick: bool,
    files: tuple[str, ...],
    only: str,
    spacy_epochs: int,
    results: Path,
    tables: bool,
) -> None:
    """Measure, and write down what was found."""
    wanted = [name for name in only.split(",") if name]
    if unknown := sorted({*wanted} - {*WORKLOADS}):
        raise click.BadParameter(f"{', '.join(unknown)}: expected some of {', '.join(WORKLOADS)}", param_hint="--only")
    if quick:
        rounds, seconds, spacy_epochs = 2, 0.3, 1
    results.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        corpora = prepare_corpora(Path(folder), files, quick) if wanted else []
        plan = Plan(corpora, rounds, seconds, quick, spacy_epochs, Path(folder))
        for name in wanted:
            outcome = {"machine": machine.describe(), "rounds": rounds, "results": WORKLOADS[name](plan)}
            (results / f"{name}.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    if tables:
        report.write_page(read_results(results))


def read_results(folder: Path) -> dict[str, Any]:
    """Return the results of all workloads that were ever measured."""
    paths = {name: folder / f"{name}.json" for name in WORKLOADS}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.exists()}


if __name__ == "__main__":
    main()
