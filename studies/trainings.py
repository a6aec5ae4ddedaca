"""Trainings of the bundled corpora that are kept in a file, so that a table can be broken off and gone on with.

A training is found again by everything that its config says, seed and preset included; where a default changes, it is
trained anew. What the file cannot know is that the code changed: `--fresh` trains all anew.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import msgspec
from tqdm import tqdm

import windowner

ROOT = Path(__file__).parent.parent
CORPORA = ("wikigold", "wnut17", "btc", "ncbi-disease")
SMALL = "vectors.keep=0"  # vectors of words outside the corpus change no score


@dataclass(frozen=True)
class Training:
    """A training to do: the corpus, `section.key=value` or `preset=name` each, the seed, and whether test is read.

    `{corpus}` in a value is the corpus's name.
    """

    corpus: str
    overrides: tuple[str, ...]
    seed: int
    test: bool = False

    @property
    def config(self) -> windowner.Config:
        """The config, as the command line would read it."""
        hidden = () if self.test else ('data.test=""',)
        named = [override.replace("{corpus}", self.corpus) for override in self.overrides]
        overrides = [SMALL, *hidden, *named, f"train.seed={self.seed}"]
        return windowner.load_config(ROOT / "configs" / f"{self.corpus}.toml", overrides)

    @property
    def key(self) -> str:
        """What it is found by."""
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
    """Train once; nothing else is kept."""
    start = process_time()
    with TemporaryDirectory() as folder:
        run = windowner.train(training.config, folder)
    f1 = {name: 100 * scores.overall.f1 for name, scores in run.scores.items()}
    return Outcome(f1["dev"], f1.get("test"), process_time() - start, len(run.history))


class Trainings(dict[str, Outcome]):
    """Outcomes by key, each appended to a file as soon as it is there."""

    def __init__(self, path: Path, fresh: bool = False):
        super().__init__()
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        for line in path.read_bytes().splitlines() if path.exists() else ():
            if line.endswith(b"}"):  # not one that was cut short
                record = json.loads(line)
                self[record["key"]] = msgspec.convert(record["outcome"], Outcome)

    def train(self, wanted: Iterable[Training], jobs: int, outcome: Callable[[Training], Outcome] = train) -> None:
        """Train what is not in the file yet, in so many processes; `outcome` trains one."""
        missing = {training.key: training for training in wanted}
        missing = {key: training for key, training in missing.items() if key not in self}
        with ProcessPoolExecutor(jobs) as pool, self.path.open("a", encoding="utf-8") as file:
            futures = {pool.submit(outcome, training): key for key, training in missing.items()}
            for future in tqdm(as_completed(futures), total=len(futures), unit=" trainings", disable=None):
                key = futures[future]
                self[key] = future.result()
                record = {"key": key, "training": asdict(missing[key]), "outcome": asdict(self[key])}
                file.write(json.dumps(record) + "\n")
                file.flush()

    def of(self, overrides: Sequence[str], corpus: str, seeds: Iterable[int], test: bool = False) -> list[Outcome]:
        """Return the outcomes of a row's cell."""
        return [self[Training(corpus, tuple(overrides), seed, test).key] for seed in seeds]
