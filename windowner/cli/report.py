"""`windowner report`."""

from pathlib import Path

import click

from windowner.report.run_report import report_run


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The page.  [default: RUN/report.html]")
def command(run: Path, out: Path | None) -> None:
    """Write a page about RUN, the folder of a finished training.

    It shows how training went, scores and confusions of the types, what fine-tuning did to the word vectors, what
    excites hidden units, whether probabilities mean what they say, and the mistakes on dev. It is one file that opens
    from disk; its pictures are written beside it, as SVG and PNG.

    \b
    windowner report runs/wikigold
    """
    click.echo(report_run(run, out))
