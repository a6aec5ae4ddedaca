"""`windowner train`."""

import shlex
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from windowner.cli.log import WARNING, log_option, record, tell
from windowner.cli.options import key_options, set_option
from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.cli.progress import Progress
from windowner.cli.tables import print_scores
from windowner.cli.terminal import say, say_lines
from windowner.config.config import Config
from windowner.config.loading import config_without_file, load_config
from windowner.errors import ConfigError
from windowner.files import shown_path
from windowner.runs.file_names import CHECKPOINT_NAME, MODEL_NAME
from windowner.runs.finishing import Run
from windowner.runs.fitting import kept_epoch
from windowner.runs.training import run_folder, train
from windowner.stores.address import AnyPath
from windowner.stores.credentials import without_credentials
from windowner.text.wording import count_of
from windowner.whole_folders import work_folder


@click.command("train")
@click.argument("config", type=LocalPath(), required=False)
@key_options()
@click.option("--out", type=LocalPath(), help="Folder of the run.  [default: runs/NAME]")
@click.option("--frozen", is_flag=True, help="Keep the pretrained vectors as they are.")
@click.option("--fine-tuned", is_flag=True, help="Also train the vectors of the words in the training data.")
@click.option(
    "--init",
    type=PathOrAddress(),
    help="Start from the network of this run, or of this model file: new words and types are added, old types stay. "
    "data.rehearse mixes old sentences in. Without train.epochs the training takes a tenth of the epochs.",
)
@click.option(
    "--resume", is_flag=True, help="Go on with an interrupted training of the same config and data, to the same model."
)
@click.option("--threads", type=click.IntRange(min=1), default=1, help="Threads that compute matrix products.")
@log_option
@set_option
@click.pass_context
def command(
    ctx: click.Context,
    config: Path | None,
    keys: dict[str, Any],
    out: Path | None,
    frozen: bool,
    fine_tuned: bool,
    init: AnyPath | None,
    resume: bool,
    threads: int,
    overrides: tuple[str, ...],
) -> None:
    """Train a tagger as the file CONFIG says, or on the file of --train, and score it on dev and test.

    The network of the epoch with the best entity F1 on dev is kept. Score tables go to stdout, progress goes to stderr.
    NAME is that of CONFIG, or else that of the training file, without suffix.

    A finished run takes the place of the folder, which may hold nothing but an earlier run. Until then, the training
    works in a folder beside it. With --resume, an interrupted training goes on, and gives the same model file as an
    uninterrupted one.

    \b
    windowner train --train train.conll --dev dev.conll --vectors glove-6b-50d
    windowner train configs/wikigold.toml
    windowner train new.toml --init runs/old --set data.rehearse=0.1
    windowner train configs/wikigold.toml --resume
    windowner train configs/wikigold.toml --fine-tuned --out runs/fine-tuned --set train.epochs=10
    """
    if frozen and fine_tuned:
        raise click.UsageError("--frozen and --fine-tuned exclude each other, expected one of them")
    if frozen or fine_tuned:
        keys["vectors.mode"] = "frozen" if frozen else "fine-tuned"
    settings = read_settings(config, keys, overrides, going_on=init is not None)
    try:
        with closing(Progress()) as progress:
            run = train(settings, out, progress, threads, resume=resume, init=init)
    except KeyboardInterrupt:
        tell("kept", what_is_kept(run_folder(settings, out), ctx), level=WARNING)
        raise
    report(run)
    f1 = {name: scores.overall.f1 for name, scores in run.scores.items()}
    record("finished", folder=run.folder, best_epoch=run.metrics["best_epoch"], f1=f1)


def what_is_kept(folder: Path, ctx: click.Context) -> str:
    """Return a message: what an interrupted training left, and the command that goes on."""
    checkpoint = work_folder(folder) / CHECKPOINT_NAME
    if not checkpoint.exists():
        return "interrupted before the first checkpoint: nothing is kept"
    typed = map(without_credentials, ctx.find_object(tuple) or ())
    arguments = [argument for argument in typed if argument != "--resume"]
    command = shlex.join(["windowner", *arguments, "--resume"])
    return f"the training so far is kept in {shown_path(checkpoint)}. To go on with it:\n{command}"


def read_settings(
    config: Path | None, keys: Mapping[str, Any], overrides: Sequence[str], *, going_on: bool = False
) -> Config:
    """Return the config of a file, or of the command line alone; `going_on` as for `load_config`."""
    if config is None:
        if "data.train" not in keys:
            raise click.UsageError("nothing to train on: expected a CONFIG, or --train FILE with labelled sentences")
        return config_without_file(keys, overrides, going_on=going_on)
    try:
        return load_config(config, overrides, keys=keys, going_on=going_on)
    except ConfigError as error:
        if config.suffix == ".toml" or not config.exists():
            raise
        raise ConfigError(f"{error}. For a file of labelled sentences: windowner train --train {config}") from None


def report(run: Run) -> None:
    """Print the scores of a run and the path of its model."""
    for name, scores in run.scores.items():
        say()
        say(name, bold=True)
        print_scores(scores)
    metrics = run.metrics
    networks = run.tagger.model.config.train.ensemble
    kept = f"epoch {metrics['best_epoch']}" if networks == 1 else f"{networks} networks, their best epochs"
    best = "the best on dev" if kept_epoch(run.history).dev_f1 > 0 else "the lowest loss on dev"
    threshold = f"; O's score lowered by {metrics['threshold']:.2f} nats" if metrics["threshold"] else ""
    say()
    say_lines(
        f"{metrics['mode']} vectors; kept {kept} of {metrics['epochs']}, {best}{threshold}\n"
        f"{metrics['train_seconds']:.1f} s of training, {metrics['windows_per_second']:,.0f} windows/s"
    )
    if "refit" in metrics:
        again = metrics["refit"]
        others = [name for name in run.scores if name != "dev"]
        also = f", and the kept one scored {' and '.join(others)}" if others else ""
        say(
            f"trained again on train and dev together, {again['sentences']:,} sentences, "
            f"{' + '.join(f'{steps:,}' for steps in again['steps'])} steps (train.refit). The kept model has seen dev: "
            f"the first model, trained on train alone, scored dev{also}"
        )
    rows, size = metrics["word_rows"]["all"], metrics["model_bytes"] / 1e6
    say(f"{run.folder / MODEL_NAME} ({size:.1f} MB, {count_of(rows, 'word')})")
    if not run.found_dev_entities:
        tell("nothing-found", nothing_found(run), level=WARNING, color="red")


def nothing_found(run: Run) -> str:
    """Say why no entity of dev is found."""
    if not run.scores["dev"].overall.support:
        return "nothing was measured: dev holds no entity. Choose a dev file with entities (--dev, data.dev)"
    return "nothing was learnt: the tagger finds no entity of dev"
