"""`windowner compare`."""

from importlib.util import find_spec
from pathlib import Path

import click

from windowner.cli.answers import print_answer
from windowner.cli.log import WARNING, log_option, record, tell
from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.cli.trial_progress import TrialProgress, duration, tell_failed
from windowner.config.sample_config import is_sample
from windowner.engines.opening import ENGINES
from windowner.experiments.answer import Answer
from windowner.experiments.estimating import estimate
from windowner.experiments.experiment import Experiment, load_experiment
from windowner.experiments.running import check_texts, compare, trials_left
from windowner.experiments.shipped import shipped_experiments
from windowner.files import shown_path
from windowner.platform import count_processors
from windowner.report.experiment_report import report_experiment


@click.command("compare", epilog=f"Experiments of windowner: {', '.join(shipped_experiments())}.")
@click.argument("experiment", type=LocalPath())
@click.option(
    "--base",
    type=LocalPath(),
    help="Config to vary instead of the experiment's own.  [default for experiments of windowner: 40 sample sentences]",
)
@click.option("--out", type=LocalPath(), help="The experiment's folder.  [default: runs/NAME]")
@click.option("--jobs", type=click.IntRange(min=1), help="Trials at a time.  [default: one per processor]")
@click.option(
    "--engine", type=click.Choice(ENGINES), default="local", help="Train in processes of this machine, or on Ray."
)
@click.option("--address", help="Address of a Ray cluster, host:port. Its machines must see the same folders.")
@click.option("--resume", is_flag=True, help="Fail unless the folder already holds this experiment.")
@click.option("--dry-run", is_flag=True, help="Train nothing. List the trials with their estimated times.")
@log_option
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
    """Train every setting of EXPERIMENT with every seed on every amount of data, and advise which to use.

    EXPERIMENT is a file, or the name of an experiment of windowner. These are listed below.

    Settings are compared on dev, paired over seeds and sentences. An interrupted experiment continues where it stopped
    when the command is given again. Tables and advice are printed on stdout. They are also written into the folder, as
    results.json, results.csv and, if the report extra is installed, report.html. The exit status is 1 if a trial fails.

    \b
    windowner compare frozen-vs-finetuned --base mine.toml --dry-run
    windowner compare frozen-vs-finetuned --base mine.toml
    """
    loaded = load_experiment(experiment, base)
    out = out or Path("runs") / loaded.name
    if is_sample(loaded.base):
        tell("note", "no --base: the sample sentences of windowner are used, which say nothing about other text")
    if dry_run:
        list_trials(loaded, out, jobs or count_processors())
        return
    try:
        answer = compare(loaded, out, jobs=jobs, engine=engine, address=address, resume=resume, watcher=TrialProgress())
    except KeyboardInterrupt:
        tell("kept", "finished trials are kept; the same command continues with the others", level=WARNING)
        raise
    show(answer)
    record("finished", folder=answer.folder, failed=len(answer.failed), advice=answer.advice)
    if answer.failed:
        ctx.exit(1)


def show(answer: Answer) -> None:
    """Print the answer and the trials that failed, and write the page if its libraries are installed."""
    print_answer(answer)
    if find_spec("matplotlib") and find_spec("jinja2"):
        say(shown_path(report_experiment(answer)))
    else:
        tell("note", 'no report.html: pip install "windowner[report]"')
    tell_failed(answer.failed)


def list_trials(experiment: Experiment, out: Path, jobs: int) -> None:
    """Print the trials that are not done yet, with estimated times."""
    check_texts(experiment)
    left = trials_left(experiment, out)
    seconds = estimate(experiment, left)
    table = TextTable("trial", "seconds, at most about")
    table.columns[1].justify = "right"
    for trial in left:
        table.add_row(trial.name, f"{seconds[trial.name]:.1f}")
    print_table(table)
    total = sum(seconds.values())
    wall = max(total / jobs, max(seconds.values(), default=0))
    say(
        f"{len(left)} of {len(experiment.trials)} trials are left: at most about {duration(total)} on one processor, "
        f"{duration(wall)} with {jobs} at a time (minutes:seconds)"
    )
