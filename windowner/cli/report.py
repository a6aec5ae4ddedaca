"""`windowner report`."""

from pathlib import Path

import click

from windowner.cli.paths import LocalPath
from windowner.cli.terminal import say
from windowner.report.run_report import report_run


@click.command("report")
@click.argument("run", type=LocalPath())
@click.option("--out", type=LocalPath(), help="The page.  [default: RUN/report.html]")
def command(run: Path, out: Path | None) -> None:
    """Write a page about RUN, the folder of a finished training.

    The page shows training curves, scores and confusions of entity types, what fine-tuning did to the word vectors,
    what excites hidden units, calibration, and the mistakes on dev. It is one file that opens from disk. Its pictures
    are also written beside it, as SVG and PNG.

    \b
    windowner report runs/wikigold
    """
    say(str(report_run(run, out)))
