"""`windowner compare`."""

from importlib.util import find_spec
from pathlib import Path

import click
from rich.table import Table

from windowner.cli.answers import print_answer
from windowner.cli.tables import print_table
from windowner.cli.trial_progress import TrialProgress, duration
from windowner.engines.opening import ENGINES
from windowner.experiments.estimating import estimate
from windowner.experiments.experiment import Experiment, load_experiment
from windowner.experiments.page import write_page
from windowner.experiments.running import check_texts, compare, to_do
from windowner.platform import count_processors


@click.command("compare")
@click.argument("experiment", type=click.Path(path_type=Path))
@click.option("--base", type=click.Path(path_type=Path), help="Config to vary, in place of the experiment's own.")
@click.option("--out", type=click.Path(path_type=Path), help="The experiment's folder.  [default: runs/NAME]")
@click.option("--jobs", type=click.IntRange(min=1), help="Trials at a time.  [default: one a processor]")
@click.option("--engine", type=click.Choice(ENGINES), default="local", help="Processes of this machine, or Ray.")
@click.option("--address", help="Of a Ray cluster, host:port; its machines see the same folders.")
@click.option("--resume", is_flag=True, help="Go on with what was begun, which is also the default; do not begin.")
@click.option("--dry-run", is_flag=True, help="List the trials and how long they will take, and train nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    experiment: Path,
    base: Path | None,
    out: Path | None,
    jobs: int | None,
    engine: str,
    address: str | None,
    resume: bool,
    dry_run: bool,
) -> None:
    """Train every setting of the file EXPERIMENT with every seed on every amount of data, and say what to use.

    Settings are compared on dev, paired over seeds and sentences. What is done is kept: an experiment that was broken
    off goes on where it was. Tables and advice go to stdout and into the folder: results.json, results.csv, and
    report.html where the report extra is installed. The exit status is 1 if a trial failed.

    \b
    windowner compare configs/experiments/frozen-vs-finetuned.toml
    windowner compare configs/experiments/frozen-vs-finetuned.toml --base mine.toml --dry-run
    """
    loaded = load_experiment(experiment, base)
    out = out or Path("runs") / loaded.name
    if dry_run:
        list_trials(loaded, out, jobs or count_processors())
        return
    try:
        answer = compare(loaded, out, jobs=jobs, engine=engine, address=address, resume=resume, watcher=TrialProgress())
    except KeyboardInterrupt:
        click.echo("what is done is kept; the same command goes on where it was", err=True)
        raise
    print_answer(answer)
    if find_spec("matplotlib") and find_spec("jinja2"):
        click.echo(write_page(answer))
    else:
        click.echo('no report.html: pip install "windowner[report]"', err=True)
    for one in answer.failed:
        click.secho(f"failed: {one.name}: {one.error}", fg="red", err=True)
    if answer.failed:
        ctx.exit(1)


def list_trials(experiment: Experiment, out: Path, jobs: int) -> None:
    """Print the trials that are to be done, with estimated times."""
    check_texts(experiment)
    left = to_do(experiment, out)
    seconds = estimate(experiment, left)
    table = Table("trial", "seconds, at most about", box=None, pad_edge=False, header_style="bold")
    table.columns[1].justify = "right"
    for trial in left:
        table.add_row(trial.name, f"{seconds[trial.name]:.1f}")
    print_table(table)
    total = sum(seconds.values())
    wall = max(total / jobs, max(seconds.values(), default=0))
    click.echo(
        f"{len(left)} trials to do of {len(experiment.trials)}, at most about {duration(total)} of one processor, "
        f"{duration(wall)} with {jobs} at a time (minutes:seconds)"
    )
