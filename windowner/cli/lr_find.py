"""`windowner lr-find`."""

from pathlib import Path

import click
from tqdm import tqdm

from windowner.cli.options import FiniteRange, check_picture, set_option
from windowner.cli.paths import LocalPath
from windowner.cli.progress import Progress
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.config.loading import load_config
from windowner.errors import ConfigError
from windowner.files import shown_path
from windowner.report.curve_pictures import rate_plot
from windowner.report.figures import load_matplotlib
from windowner.runs.preparation import prepare
from windowner.training.rate_test import RateTest, rate_test
from windowner.training.trainer import Trainer

ROWS = 12  # about this many are printed


@click.command("lr-find")
@click.argument("config", type=LocalPath())
@click.option("--low", type=FiniteRange(min=0), default=1e-5, help="First learning rate, the lowest.")
@click.option("--high", type=FiniteRange(min=0), default=1.0, help="Last learning rate, the highest.")
@click.option("--steps", default=200, type=click.IntRange(min=20), help="Number of learning rates, one per batch.")
@click.option("--out", type=LocalPath(), help="Also draw the losses to a .svg or .png file.")
@set_option
def command(config: Path, low: float, high: float, steps: int, out: Path | None, overrides: tuple[str, ...]) -> None:
    """Raise the learning rate from batch to batch on the data of CONFIG, and suggest one.

    The suggestion is a tenth of the rate with the lowest smoothed loss. Use it as train.learning_rate, and try a few
    rates around it.

    \b
    windowner lr-find configs/wikigold.toml --out rates.png
    windowner lr-find configs/wikigold.toml --set train.optimizer=sgd
    """
    if not 0 < low < high:
        raise ConfigError(f"--low {low:g} --high {high:g}: expected 0 < low < high")
    if out is not None:
        check_picture(out)
        load_matplotlib()  # fails before anything that takes time
    prepared = prepare(load_config(config, overrides), Progress())
    trainer = Trainer(prepared.members[0], prepared.training, prepared.model.config.train, prepared.rng)
    with tqdm(total=steps, desc="trying rates", unit=" batches", disable=None) as bar:
        found = rate_test(trainer, low, high, steps, tick=bar.update)
    print_table(rate_table(found))
    say(f"suggested: train.learning_rate = {found.suggestion:.2g}")
    if out is not None:
        rate_plot(found.rates, found.losses, found.smoothed, found.suggestion).write(out)
        say(f"wrote {shown_path(out)}", err=True)


def rate_table(found: RateTest) -> TextTable:
    """Return about `ROWS` of the learning rates with their losses."""
    table = TextTable("learning rate", "loss", "smoothed")
    for column in table.columns:
        column.justify = "right"
    for i in range(0, len(found.rates), max(1, len(found.rates) // ROWS)):
        table.add_row(f"{found.rates[i]:.2g}", f"{found.losses[i]:.4f}", f"{found.smoothed[i]:.4f}")
    return table
