"""`windowner cv`."""

from pathlib import Path

import click

from windowner.cli.answers import with_deviation
from windowner.cli.log import WARNING, log_option, record, tell
from windowner.cli.options import FOLD_HELPS, json_option, key_options, set_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table, write_json
from windowner.cli.terminal import say
from windowner.cli.train import read_settings
from windowner.cli.trial_progress import TrialProgress, tell_failed
from windowner.engines.opening import ENGINES
from windowner.experiments.cross_validation import FOLDS, CrossValidation, FoldScores, cross_validate
from windowner.experiments.folder import TRIALS_NAME
from windowner.experiments.held_out import LINES_NAME
from windowner.experiments.running import Workplace
from windowner.files import shown_path
from windowner.scoring.entities import PRF
from windowner.text.wording import count_of, type_name


@click.command("cv")
@click.argument("config", type=LocalPath(), required=False)
@click.option("--folds", type=click.IntRange(min=2, max=100), default=FOLDS, help="Parts, each held out once.")
@click.option("--out", type=LocalPath(), help="Folder of the folds' runs.  [default: runs/NAME-cv]")
@click.option("--jobs", type=click.IntRange(min=1), help="Folds at a time.  [default: one per processor]")
@click.option(
    "--engine", type=click.Choice(ENGINES), default="local", help="Train in processes of this machine, or on Ray."
)
@click.option("--address", help="Address of a Ray cluster, host:port. Its machines must see the same folders.")
@click.option("--resume", is_flag=True, help="Fail unless the folder already holds this cross-validation.")
@json_option("the scores")
@key_options(FOLD_HELPS)
@set_option
@log_option
@click.pass_context
def command(
    ctx: click.Context,
    config: Path | None,
    folds: int,
    out: Path | None,
    jobs: int | None,
    engine: str,
    address: str | None,
    resume: bool,
    json_path: str | None,
    keys: dict[str, object],
    overrides: tuple[str, ...],
) -> None:
    """Cross-validate CONFIG: train once per fold of the labelled text without the fold, and score the fold.

    The labelled text is train, and dev where CONFIG names it. Test is not read. Folds are whole documents where enough
    are marked, otherwise sentences, and hold about the same number of entities of each type. The epoch is chosen on a
    tenth of the other folds, so a fold chooses nothing. The numbers do not depend on --jobs.

    The folder keeps a run per fold, and the predictions for each labelled sentence by the tagger that has not seen it.
    An interrupted cross-validation continues where it stopped when the command is given again. The exit status is 1 if
    a fold fails.

    \b
    windowner cv configs/wikigold.toml
    windowner cv --train all.conll --vectors glove-6b-50d --folds 10
    """
    settings = read_settings(config, keys, overrides)
    try:
        result = cross_validate(
            settings,
            out,
            folds=folds,
            workplace=Workplace(jobs, engine, address),
            resume=resume,
            watcher=TrialProgress(),
        )
    except KeyboardInterrupt:
        tell("kept", "finished folds are kept; the same command continues with the others", level=WARNING)
        raise
    if json_path is not None:
        write_json(result.as_dict(), json_path)
    if json_path != "-":
        show(result)
    tell_failed(result.failed)
    record("finished", folder=result.folder, failed=len(result.failed), f1=result.together.overall.f1)
    if result.failed:
        ctx.exit(1)


def show(result: CrossValidation) -> None:
    """Print the scores, and where the predictions are."""
    together = result.together
    done, count = len(result.finished), len(result.experiment.trials)
    say(
        f"{done} of {count} folds: {count_of(together.sentences, 'sentence')}, {count_of(together.tokens, 'token')}, "
        f"{count_of(together.overall.support, 'entity')}; scores in %, mean ± standard deviation over folds"
    )
    table = TextTable("type", *("precision", "recall", "F1", "F1 together", "support"))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, scores in result.types.items():
        table.add_row(type_name(name), *_cells(scores, together.types[name]))
    table.add_row("overall", *_cells(result.overall, together.overall), style="bold")
    print_table(table)
    say(f"predictions for each sentence: {shown_path(result.folder / TRIALS_NAME)}/*/{LINES_NAME}")


def _cells(scores: FoldScores, together: PRF) -> list[str]:
    means = [with_deviation(score) for score in (scores.precision, scores.recall, scores.f1)]
    return [*means, f"{100 * together.f1:.1f}", f"{together.support:,}"]
