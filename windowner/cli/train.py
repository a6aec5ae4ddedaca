"""`windowner train`."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from windowner.cli.options import set_option
from windowner.cli.progress import Progress
from windowner.cli.tables import print_scores
from windowner.config.loading import load_config
from windowner.runs.folder import MODEL_NAME
from windowner.runs.training import Run, train


@click.command("train")
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run.  [default: runs/NAME-OF-CONFIG]")
@click.option("--frozen", is_flag=True, help="Keep the pretrained vectors as they are.")
@click.option("--fine-tuned", is_flag=True, help="Also train the vectors of the words in the training data.")
@click.option("--threads", type=click.IntRange(min=1), default=1, help="Threads that compute matrix products.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed; it replaces train.seed of the config.")
@set_option
def command(
    config: Path,
    out: Path | None,
    frozen: bool,
    fine_tuned: bool,
    threads: int,
    seed: int | None,
    overrides: tuple[str, ...],
) -> None:
    """Train a tagger as the file CONFIG says, and score it on dev and test.

    The network of the epoch with the best entity F1 on dev is kept. Score tables go to stdout, progress goes to stderr.

    \b
    windowner train configs/wikigold.toml
    windowner train configs/wikigold.toml --fine-tuned --out runs/fine-tuned --set train.epochs=10
    """
    settings = load_config(config, overrides)
    if frozen and fine_tuned:
        raise click.UsageError("--frozen and --fine-tuned exclude each other, expected one of them")
    if frozen or fine_tuned:
        settings = replace(settings, vectors=replace(settings.vectors, mode="frozen" if frozen else "fine-tuned"))
    if seed is not None:
        settings = replace(settings, train=replace(settings.train, seed=seed))
    with closing(Progress()) as progress:
        run = train(settings, out, progress, threads)
    report(run)


def report(run: Run) -> None:
    """Print the scores of a run and the path of its model."""
    for name, scores in run.scores.items():
        click.secho(f"\n{name}", bold=True)
        print_scores(scores)
    metrics = run.metrics
    networks = run.tagger.model.config.train.ensemble
    kept = f"epoch {metrics['best_epoch']}" if networks == 1 else f"{networks} networks, their best epochs"
    threshold = f"; O made less likely by {metrics['threshold']:.2f}" if metrics["threshold"] else ""
    click.echo(
        f"\n{metrics['mode']} vectors; kept {kept} of {metrics['epochs']}, the best on dev{threshold}\n"
        f"{metrics['train_seconds']:.1f} s of training, {metrics['windows_per_second']:,.0f} windows/s"
    )
    rows, size = metrics["word_rows"]["all"], metrics["model_bytes"] / 1e6
    click.echo(f"{run.folder / MODEL_NAME} ({size:.1f} MB, {rows:,} words)")
