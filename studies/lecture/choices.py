"""Measures every choice of docs/choices.md, and writes its tables: `make lecture`.

One key of base.toml is changed at a time. Each row is trained with three seeds. Entity F1 is that of the best epoch on
dev; test is never read.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import click

from docs.pages import spread, table, write
from studies.lecture.trials import Clock, dev_f1, options, settings, train
from studies.trainings import side_by_side
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.training.schedules import SCHEDULES

HEADS = ("dev F1", "epochs", "CPU seconds")
TRYING_SEED = 100  # of the trainings that choose learning rates; none of the seeds that are reported
EPOCHS = settings((), 0).train.passes(words=1)
WHOLE = f"train.patience={EPOCHS}"  # no early stopping, so that every schedule runs to its end
FINE_TUNED = "vectors.mode=fine-tuned"
RATES = {
    "sgd": (0.3, 1.0, 3.0),
    "momentum": (0.03, 0.1, 0.3),
    "nesterov": (0.03, 0.1, 0.3),
    "adagrad": (0.01, 0.03, 0.1),
    "rmsprop": (0.0003, 0.001, 0.003),
    "adam": (0.0003, 0.001, 0.003),
    "adamw": (0.0003, 0.001, 0.003),
}

Overrides = tuple[str, ...]
Cell = tuple[Overrides, int]


class Trial(NamedTuple):
    """A training: dev F1 of the best epoch in percent; by epoch, dev F1 and seconds."""

    f1: float
    scores: list[float]
    seconds: list[float]

    def until_stop(self, patience: int) -> "Trial":
        """Return the training as it would have been with this patience: a beginning of this one."""
        best = 0
        for epoch, score in enumerate(self.scores):
            best = epoch if score > self.scores[best] else best
            if epoch - best >= patience:
                break
        return Trial(max(self.scores[: epoch + 1]), self.scores[: epoch + 1], self.seconds[: epoch + 1])


class Family(NamedTuple):
    """A table: its section, the heading of its first column, and the keys that each row changes."""

    section: str
    heading: str
    rows: Mapping[str, Overrides]


def trial(keys: Overrides, cell: Cell) -> Trial:
    """Train once, with keys that are changed for all trainings and those of a cell."""
    overrides, seed = cell
    clock = Clock()
    run = train((*overrides, *keys), seed, observer=clock)
    return Trial(dev_f1(run), [100 * record.dev_f1 for record in run.history], clock.seconds)


def values_of(key: str, *values: object) -> dict[str, Overrides]:
    """Return a row for each value of a key. The row of the base's own value says so, and changes nothing."""
    section, name = key.split(".")
    base = getattr(getattr(settings((), 0), section), name)
    return {
        f"`{value}` (base)" if value == base else f"`{value}`": () if value == base else (f"{key}={value}",)
        for value in values
    }


def initializers() -> dict[str, Overrides]:
    """Return rows of the initializers with tanh, and of two with ReLU."""
    rows = {
        f"{name}, tanh": (f"model.initializer={name}",) for name in ("glorot-uniform", "glorot-normal", "he", "lecun")
    }
    relu = "model.nonlinearity=relu"
    return rows | {
        "he, relu": (relu, "model.initializer=he"),
        "glorot-uniform, relu": (relu, "model.initializer=glorot-uniform"),
    }


def families() -> list[Family]:
    """Return the tables whose rows are trained with fixed keys."""
    hidden, both = "train.dropout_hidden=0", "train.dropout_input=0"
    return [
        Family("l2", "`train.l2`", values_of("train.l2", 0.0, 1e-5, 1e-4, 1e-3)),
        Family("dropout-hidden", "`train.dropout_hidden`", values_of("train.dropout_hidden", 0.0, 0.3, 0.5)),
        Family("dropout-input", "`train.dropout_input`", values_of("train.dropout_input", 0.0, 0.3, 0.5)),
        Family("dropout-none", "dropout", {"both as in the base": (), "neither": (hidden, both)}),
        Family("clipping", "`train.clip`", values_of("train.clip", 0.0, 0.25, 1.0)),
        Family(
            "loss",
            "`model.loss`",
            values_of("model.loss", "word", "sentence")
            | {f"`{loss}`, fine-tuned": (FINE_TUNED, f"model.loss={loss}") for loss in ("word", "sentence")},
        ),
        Family("nonlinearities", "`model.nonlinearity`", values_of("model.nonlinearity", *NONLINEARITIES)),
        Family("initialization", "`model.initializer`, nonlinearity", initializers()),
        Family(
            "schedules",
            "`train.schedule`",
            {f"`{name}`": (f"train.schedule={name}", WHOLE) for name in SCHEDULES}
            | {"`linear`, `train.warmup = 0.1`": ("train.schedule=linear", "train.warmup=0.1", WHOLE)},
        ),
        Family(
            "groups",
            "learning rate of",
            {"all blocks alike": (FINE_TUNED,)}
            | {f"words, times {share}": (FINE_TUNED, f"train.word_rate={share}") for share in (0.1, 0.3)}
            | {"features, times 0.3": (FINE_TUNED, "train.feature_rate=0.3")},
        ),
    ]


class Trials(dict[Cell, Trial]):
    """Trainings by the keys they change and their seed. What stands in several tables is trained once."""

    def __init__(self, seeds: int, jobs: int, keys: Overrides):
        super().__init__()
        self.seeds, self.jobs, self.changed = range(seeds), jobs, keys

    def train(self, rows: Iterable[Overrides], seeds: Iterable[int] = ()) -> None:
        """Train what is not trained yet, with these seeds or with those that are reported."""
        cells = [cell for cell in dict.fromkeys(product(rows, seeds or self.seeds)) if cell not in self]
        self.update(side_by_side(partial(trial, self.changed), cells, self.jobs))

    def row(self, overrides: Overrides) -> list[Trial]:
        """Return a row's trainings."""
        return [self[overrides, seed] for seed in self.seeds]


def figures(trials: list[Trial]) -> list[str]:
    """Return F1, epochs and seconds of a row."""
    epochs, seconds = mean(len(trial.scores) for trial in trials), mean(sum(trial.seconds) for trial in trials)
    return [spread([trial.f1 for trial in trials]), f"{epochs:.0f}", f"{seconds:.1f}"]


def with_rate(optimizer: str, rate: float) -> Overrides:
    """Return the keys of an optimizer and its learning rate."""
    return (f"train.optimizer={optimizer}", f"train.learning_rate={rate}")


def optimizer_rows(trials: Trials) -> list[list[str]]:
    """Choose each optimizer's learning rate on dev, and measure the optimizer with that rate."""
    trials.train((with_rate(name, rate) for name, rates in RATES.items() for rate in rates), [TRYING_SEED])
    best = {
        name: max(rates, key=lambda rate: trials[with_rate(name, rate), TRYING_SEED].f1)
        for name, rates in RATES.items()
    }
    trials.train(with_rate(name, rate) for name, rate in best.items())
    return [
        [
            f"`{name}`",
            ", ".join(f"**{rate}**" if rate == best[name] else str(rate) for rate in rates),
            *figures(trials.row(with_rate(name, best[name]))),
        ]
        for name, rates in RATES.items()
    ]


def stopping_rows(trials: Trials) -> list[list[str]]:
    """Train all epochs, and return a row for each patience that could have stopped them."""
    trials.train([(WHOLE,)])
    whole = trials.row((WHOLE,))
    rows = [
        [f"`train.patience = {patience}`", *figures([trial.until_stop(patience) for trial in whole])]
        for patience in (2, 5, 10, EPOCHS)
    ]
    last = [trial._replace(f1=trial.scores[-1]) for trial in whole]
    return [*rows, ["never; the last epoch is kept", *figures(last)]]


@click.command()
@options
@click.option("--jobs", default=1, show_default=True, help="Trainings at a time.")
@click.option("--only", multiple=True, help="Measure this section alone; repeatable.")
def main(docs: Path, seeds: int, keys: tuple[str, ...], jobs: int, only: tuple[str, ...]) -> None:
    """Train, and write the tables."""
    page, trials = docs / "choices.md", Trials(seeds, jobs, keys)
    wanted = [family for family in families() if family.section in only or not only]
    trials.train(overrides for family in wanted for overrides in family.rows.values())
    for family in wanted:
        rows = [[name, *figures(trials.row(overrides))] for name, overrides in family.rows.items()]
        write(page, family.section, table((family.heading, *HEADS), rows))
    if "early-stopping" in only or not only:
        write(page, "early-stopping", table(("training stops", *HEADS), stopping_rows(trials)))
    if "optimizers" in only or not only:
        heads = ("`train.optimizer`", "`train.learning_rate`: tried, **taken**", *HEADS)
        write(page, "optimizers", table(heads, optimizer_rows(trials)))


if __name__ == "__main__":
    main()
