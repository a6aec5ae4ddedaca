"""Measures every choice of docs/choices.md, and writes its tables: `make lecture`.

One key of base.toml is changed at a time. A cell is trained with three
seeds; entity F1 is that of the best epoch on dev. Test is never read.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from statistics import mean
from typing import NamedTuple

import click
from tqdm import tqdm

from studies.lecture.trials import SEEDS, Clock, dev_f1, settings, train
from studies.pages import DOCS, spread, table, write
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.training.schedules import SCHEDULES

PAGE = DOCS / "choices.md"
HEADS = ("dev F1", "epochs", "CPU seconds")
TRYING_SEED = 100  # with which learning rates are chosen; not one of those that are reported
EPOCHS = settings((), 0).train.epochs
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
    """What is kept of a training: dev F1 of the best epoch in percent; by epoch, dev F1 and seconds."""

    f1: float
    scores: list[float]
    seconds: list[float]

    def until_stop(self, patience: int) -> "Trial":
        """Return what would have been trained and kept with this patience: a beginning of this training."""
        best = 0
        for epoch, score in enumerate(self.scores):
            best = epoch if score > self.scores[best] else best
            if epoch - best >= patience:
                break
        return Trial(max(self.scores[: epoch + 1]), self.scores[: epoch + 1], self.seconds[: epoch + 1])


class Family(NamedTuple):
    """A table: its section, the heading of its first column, and its rows by name, each with the keys it changes."""

    section: str
    heading: str
    rows: Mapping[str, Overrides]


def trial(cell: Cell) -> Trial:
    """Train once."""
    overrides, seed = cell
    clock = Clock()
    run = train(overrides, seed, observer=clock)
    return Trial(dev_f1(run), [100 * record.dev_f1 for record in run.history], clock.seconds)


def values_of(key: str, *values: object) -> dict[str, Overrides]:
    """Return a row for each value of a key; the one that the base has says so, and changes nothing."""
    section, name = key.split(".")
    base = getattr(getattr(settings((), 0), section), name)
    return {
        f"`{value}` (base)" if value == base else f"`{value}`": () if value == base else (f"{key}={value}",)
        for value in values
    }


def initializers() -> dict[str, Overrides]:
    """Return the initializers with tanh, and the two that compete for ReLU."""
    rows = {
        f"{name}, tanh": (f"model.initializer={name}",) for name in ("glorot-uniform", "glorot-normal", "he", "lecun")
    }
    relu = "model.nonlinearity=relu"
    return rows | {
        "he, relu": (relu, "model.initializer=he"),
        "glorot-uniform, relu": (relu, "model.initializer=glorot-uniform"),
    }


def families() -> list[Family]:
    """Return the tables that need nothing but trainings."""
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
    """Trainings by the keys they change and their seed; what stands in several tables is trained once."""

    def __init__(self, jobs: int):
        super().__init__()
        self.jobs = jobs

    def train(self, rows: Iterable[Overrides], seeds: Iterable[int]) -> None:
        """Train what is not trained yet, in so many processes."""
        cells = [cell for cell in dict.fromkeys(product(rows, seeds)) if cell not in self]
        with ProcessPoolExecutor(self.jobs) as pool:
            self.update(
                zip(cells, tqdm(pool.map(trial, cells), total=len(cells), desc="choices", disable=None), strict=True)
            )

    def of(self, overrides: Overrides) -> list[Trial]:
        """Return a row's trainings."""
        return [self[overrides, seed] for seed in SEEDS]


def figures(trials: list[Trial]) -> list[str]:
    """Return a cell's F1, epochs and seconds."""
    epochs, seconds = mean(len(one.scores) for one in trials), mean(sum(one.seconds) for one in trials)
    return [spread([one.f1 for one in trials]), f"{epochs:.0f}", f"{seconds:.1f}"]


def with_rate(optimizer: str, rate: float) -> Overrides:
    """Return the keys of an optimizer and its learning rate."""
    return (f"train.optimizer={optimizer}", f"train.learning_rate={rate}")


def optimizer_rows(trials: Trials) -> list[list[str]]:
    """Choose each optimizer's learning rate on dev, and measure it with that."""
    trials.train((with_rate(name, rate) for name, rates in RATES.items() for rate in rates), [TRYING_SEED])
    best = {
        name: max(rates, key=lambda rate: trials[with_rate(name, rate), TRYING_SEED].f1)
        for name, rates in RATES.items()
    }
    trials.train((with_rate(name, rate) for name, rate in best.items()), SEEDS)
    return [
        [
            f"`{name}`",
            ", ".join(f"**{rate}**" if rate == best[name] else str(rate) for rate in rates),
            *figures(trials.of(with_rate(name, best[name]))),
        ]
        for name, rates in RATES.items()
    ]


def stopping_rows(trials: Trials) -> list[list[str]]:
    """Train all epochs, and return what each patience would have kept."""
    trials.train([(WHOLE,)], SEEDS)
    whole = trials.of((WHOLE,))
    rows = [
        [f"`train.patience = {patience}`", *figures([one.until_stop(patience) for one in whole])]
        for patience in (2, 5, 10, EPOCHS)
    ]
    return [*rows, ["never; the last epoch is kept", *figures([one._replace(f1=one.scores[-1]) for one in whole])]]


@click.command()
@click.option("--jobs", default=1, show_default=True, help="Trainings at a time.")
@click.option("--only", multiple=True, help="Measure this section alone; repeatable.")
def main(jobs: int, only: tuple[str, ...]) -> None:
    """Train, and write the tables."""
    trials = Trials(jobs)
    wanted = [family for family in families() if family.section in only or not only]
    trials.train([overrides for family in wanted for overrides in family.rows.values()], SEEDS)
    for family in wanted:
        rows = [[name, *figures(trials.of(overrides))] for name, overrides in family.rows.items()]
        write(PAGE, family.section, table((family.heading, *HEADS), rows))
    if "early-stopping" in only or not only:
        write(PAGE, "early-stopping", table(("training stops", *HEADS), stopping_rows(trials)))
    if "optimizers" in only or not only:
        heads = ("`train.optimizer`", "`train.learning_rate`: tried, **taken**", *HEADS)
        write(PAGE, "optimizers", table(heads, optimizer_rows(trials)))


if __name__ == "__main__":
    main()
