"""Trainings of the bundled corpora whose outcomes are kept in a file, so that an interrupted table can be resumed.

A training is found again by its whole config, seed and preset included: where a default changes, it is trained again.
The file cannot know whether the code changed: `--fresh` trains everything again.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, TypeVar

import click
import msgspec
from tqdm import tqdm

import windowner
from docs.pages import ROOT

CORPORA = ("wikigold", "wnut17", "btc", "ncbi-disease")
SMALL = "vectors.keep=0"  # vectors of words outside the corpus change no score

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])


def options(seeds: int, corpora: Sequence[str] = CORPORA) -> Callable[[Command], Command]:
    """Return a decorator that adds the options of every study: `--seeds`, `--jobs`, `--corpus` and `--set`."""
    added = [
        click.option("--seeds", default=seeds, show_default=True, help="Trainings per cell of the table."),
        click.option("--jobs", default=2, show_default=True, help="Trainings at a time."),
        click.option(
            "--corpus",
            "corpora",
            multiple=True,
            default=corpora,
            show_default=True,
            help="A corpus of configs/; repeatable.",
        ),
        click.option(
            "--set", "keys", multiple=True, help="section.key=value, or preset=name, of all rows; repeatable."
        ),
    ]

    def decorate(command: Command) -> Command:
        for option in reversed(added):
            command = option(command)
        return command

    return decorate


def options_of_rows(kept: str, seeds: int, corpora: Sequence[str] = CORPORA) -> Callable[[Command], Command]:
    """Return a decorator that adds the options of a study of many rows, whose outcomes are kept in `runs/`.

    Besides those of every study, they are `--only`, `--fresh` and `--kept`. `kept` is the default name of the file.
    """
    added = [
        options(seeds, corpora),
        click.option("--only", multiple=True, help="Only rows whose name holds this text; repeatable."),
        click.option("--fresh", is_flag=True, help="Train again what an earlier run has kept."),
        click.option(
            "--kept", type=click.Path(path_type=Path), default=ROOT / "runs" / kept, help="File of the outcomes."
        ),
    ]

    def decorate(command: Command) -> Command:
        for option in reversed(added):
            command = option(command)
        return command

    return decorate


def wanted(rows: Mapping[str, tuple[str, ...]], only: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the rows whose name holds one of these texts; all rows without a text."""
    return {name: row for name, row in rows.items() if not only or any(text in name for text in only)}


def side_by_side(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int, unit: str = " trainings"
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with the function's result as it is finished; with one job, all are computed in this process."""
    items = list(items)
    bar = partial(tqdm, total=len(items), unit=unit, disable=None)
    if jobs == 1:
        yield from ((item, function(item)) for item in bar(items))
        return
    with ProcessPoolExecutor(jobs) as pool:
        futures = {pool.submit(function, item): item for item in items}
        yield from ((futures[future], future.result()) for future in bar(as_completed(futures)))


@dataclass(frozen=True)
class Training:
    """A training to do: the corpus, `section.key=value` or `preset=name` each, the seed, and whether test is read.

    `{corpus}` in a value stands for the corpus's name. `going_on` is that of `load_config`.
    """

    corpus: str
    overrides: tuple[str, ...]
    seed: int
    test: bool = False
    going_on: bool = False

    @property
    def config(self) -> windowner.Config:
        """The config, as the command line would read it."""
        hidden = () if self.test else ('data.test=""',)
        named = [override.replace("{corpus}", self.corpus) for override in self.overrides]
        overrides = [SMALL, *hidden, *named, f"train.seed={self.seed}"]
        return windowner.load_config(self.path, overrides, going_on=self.going_on)

    def with_keys(self, *overrides: str) -> "Training":
        """Return the training with further overrides, which stand above the others."""
        return replace(self, overrides=(*self.overrides, *overrides))

    @property
    def path(self) -> Path:
        """The config's file: one of configs/, or, where the corpus is a path without suffix, the file of that name."""
        return ROOT / "configs" / f"{self.corpus}.toml"

    @property
    def key(self) -> str:
        """The key of its outcome in the file."""
        sections = json.dumps([self.corpus, self.config.as_dict()], sort_keys=True)
        return sha256(sections.encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """Entity F1 in percent on dev and, if it was read, on test; CPU seconds, reading and scoring included; epochs."""

    dev: float
    test: float | None
    seconds: float
    epochs: int


def train(training: Training) -> Outcome:
    """Train once, in a folder that is removed."""
    start = process_time()
    with TemporaryDirectory() as folder:
        run = windowner.train(training.config, folder)
    f1 = {name: 100 * scores.overall.f1 for name, scores in run.scores.items()}
    return Outcome(f1["dev"], f1.get("test"), process_time() - start, len(run.history))


class Trainings(dict[str, Outcome]):
    """Outcomes by key. Each is appended to the file as soon as its training is finished."""

    def __init__(self, path: Path, fresh: bool = False):
        super().__init__()
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        for line in path.read_bytes().splitlines() if path.exists() else ():
            if line.endswith(b"}"):  # a line that was not interrupted
                record = json.loads(line)
                self[record["key"]] = msgspec.convert(record["outcome"], Outcome)

    def train(self, wanted: Iterable[Training], jobs: int, outcome: Callable[[Training], Outcome] = train) -> None:
        """Train what is not in the file yet, in `jobs` processes; `outcome` trains one."""
        missing = {training.key: training for training in wanted}
        missing = {key: training for key, training in missing.items() if key not in self}
        with self.path.open("a", encoding="utf-8") as file:
            for training, result in side_by_side(outcome, missing.values(), jobs):
                self[training.key] = result
                record = {"key": training.key, "training": asdict(training), "outcome": asdict(result)}
                file.write(json.dumps(record) + "\n")
                file.flush()

    def outcomes(
        self, overrides: Sequence[str], corpus: str, seeds: Iterable[int], test: bool = False
    ) -> list[Outcome]:
        """Return the outcomes of a cell of the table."""
        return [self[Training(corpus, tuple(overrides), seed, test).key] for seed in seeds]
