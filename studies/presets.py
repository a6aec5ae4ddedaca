"""The presets on the bundled corpora, dev and test: `make results`. Prints a Markdown table.

Nothing is chosen by this table: each training reads test once, when it has ended.
"""

from itertools import product
from pathlib import Path
from statistics import mean

import click

from docs.pages import ROOT, spread, table
from studies.trainings import Training, Trainings, options
from windowner.config.presets import PRESETS


@click.command()
@options(seeds=5)
@click.option("--fresh", is_flag=True, help="Train again what an earlier run has kept.")
@click.option(
    "--kept", type=click.Path(path_type=Path), default=ROOT / "runs" / "results.jsonl", help="File of the outcomes."
)
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...], fresh: bool, kept: Path) -> None:
    """Train, and print the table."""
    trainings = Trainings(kept, fresh)
    rows = {name: (f"preset={name}", *keys) for name in PRESETS}
    cells = product(rows, range(seeds), corpora)
    trainings.train([Training(corpus, rows[name], seed, test=True) for name, seed, corpus in cells], jobs)
    heads = [head for name in PRESETS for head in (f"*{name}*: dev / test", "CPU s")]
    lines = []
    for corpus in corpora:
        line = [corpus]
        for name in PRESETS:
            outcomes = trainings.outcomes(rows[name], corpus, range(seeds), test=True)
            test = [outcome.test for outcome in outcomes if outcome.test is not None]
            line += [f"{spread([outcome.dev for outcome in outcomes])} / {spread(test)}"]
            line += [f"{mean(outcome.seconds for outcome in outcomes):.1f}"]
        lines.append(line)
    click.echo(table(["corpus", *heads], lines))


if __name__ == "__main__":
    main()
