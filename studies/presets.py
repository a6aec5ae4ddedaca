"""The presets on the bundled corpora, dev and test: `make results`. Prints a Markdown table.

Nothing is chosen by this table: test is read once a training, when it is over.
"""

from itertools import product
from pathlib import Path
from statistics import mean

import click

from studies.ablation import spread
from studies.trainings import CORPORA, ROOT, Training, Trainings
from windowner.config.presets import PRESETS


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Trainings a cell.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
@click.option("--fresh", is_flag=True, help="Train anew what is kept from an earlier time.")
@click.option(
    "--kept", type=click.Path(path_type=Path), default=ROOT / "runs" / "results.jsonl", help="Where outcomes are kept."
)
def main(seeds: int, jobs: int, fresh: bool, kept: Path) -> None:
    """Train, and print the table."""
    trainings = Trainings(kept, fresh)
    cells = product(PRESETS, range(seeds), CORPORA)
    trainings.train([Training(corpus, (f"preset={name}",), seed, test=True) for name, seed, corpus in cells], jobs)
    click.echo("| corpus | " + " | ".join(f"*{name}*: dev / test | CPU s" for name in PRESETS) + " |")
    click.echo("| --- |" + " ---: |" * (2 * len(PRESETS)))
    for corpus in CORPORA:
        line = [corpus]
        for name in PRESETS:
            outcomes = trainings.of([f"preset={name}"], corpus, range(seeds), test=True)
            test = [one.test for one in outcomes if one.test is not None]
            line += [f"{spread([one.dev for one in outcomes])} / {spread(test)}"]
            line += [f"{mean(one.seconds for one in outcomes):.1f}"]
        click.echo(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
