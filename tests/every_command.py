"""A call of each command, for the tests of what holds for all of them."""

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forked import forked
from synthetic import Tiny, train_tiny

EXPERIMENT = """\
base = "CONFIG"
seeds = [3]

[grid]
"vectors.mode" = ["frozen", "fine-tuned"]
"vectors.source" = ["vectors.txt"]
"train.epochs" = [1]

[compare]
by = "vectors.mode"
"""

CALLS = {
    "init": "init TRAIN DEV --out OUT/new.toml",
    "train": "train CONFIG --out OUT/run --seed 2 --set train.epochs=1",
    "eval": "eval RUN DEV --json OUT/scores.json",
    "tag": "tag RUN DEV",
    "tag a folder": "tag RUN TEXTS --out OUT/tagged",
    "explain": "explain RUN --sentence Paris --word 1 --out OUT/paris.html",
    "explain a picture": "explain RUN --sentence Paris --word 1 --out OUT/paris.png",
    "serve": "serve RUN --port 0",
    "cutoff": "cutoff OUT/run --target precision=0.9",
    "check": "check TRAIN DEV --json OUT/findings.json",
    "convert": "convert DEV OUT/new.jsonl.gz",
    "convert to brat": "convert DEV OUT/new --to brat",
    "review": "review CONFIG --jobs 1 --to html --out OUT/review.html",
    "review --apply": "review CONFIG --apply DECISIONS --out OUT/corrected",
    "suggest": "suggest RUN TEXTS/a.txt --input tokens --out OUT/tasks.jsonl",
    "score": "score DEV DEV --json OUT/scores.json",
    "cv": "cv CONFIG --folds 2 --jobs 1 --out OUT/cv --set train.epochs=1",
    "compare": "compare EXPERIMENT --jobs 1 --out OUT/compared",
    "info": "info RUN --json OUT/info.json",
    "diff": "diff RUN RUN DEV --out OUT/diff.html --json OUT/diff.json",
    "card": "card RUN --out OUT/card.md",
    "report": "report OUT/run",
    "export": "export RUN --html OUT/tagger.html",
    "vectors": "vectors export RUN --out OUT/words.kv",
    "vectors train": "vectors train TRAIN --out OUT/words.vec --epochs 1",
    "gradcheck": "gradcheck CONFIG --sample 1",
    "graph": "graph --expr x*y x=1 y=2 --out OUT/graph.svg --out OUT/graph.html",
    "lr-find": "lr-find CONFIG --steps 20 --out OUT/rates.png",
}
"""Their arguments. Words in capitals are places, see `Places`."""

TIMED = {"metrics.json", "history.jsonl", "results.csv"}
TIMED_OF_COMPARE = {"results.json", "report.html"}
"""Files that hold times, the second ones if `compare` has written them."""


def content(folder: Path, call: str = "") -> dict[Path, bytes]:
    """Return the bytes of the files in a folder by their names, without those that hold times."""
    timed = TIMED | TIMED_OF_COMPARE if call == "compare" else TIMED
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in timed)
    return {path.relative_to(folder): path.read_bytes() for path in paths}


@dataclass(frozen=True)
class Places:
    """A folder of what commands read. `home` is where they are called."""

    tiny: Tiny
    home: Path

    def arguments(self, name: str, out: Path) -> list[str]:
        """Return the arguments of a call that writes into the folder `out`."""
        places = {
            "TRAIN": self.tiny.folder / "train.conll",
            "DEV": self.tiny.folder / "dev.conll",
            "CONFIG": self.tiny.config,
            "RUN": self.tiny.run.folder,
            "TEXTS": self.home / "texts",
            "EXPERIMENT": self.home / "experiment.toml",
            "DECISIONS": self.home / "decisions.jsonl",
            "OUT": out,
        }
        return [self._placed(word, places) for word in CALLS[name].split()]

    @staticmethod
    def _placed(word: str, places: dict[str, Path]) -> str:
        first, slash, rest = word.partition("/")
        return f"{places[first]}{slash}{rest}" if first in places else word

    def filled(self, name: str, out: Path) -> Path:
        """Make the folder `out`, with a run in it if the call changes one."""
        out.mkdir()
        if "OUT/run" in CALLS[name]:
            shutil.copytree(self.tiny.run.folder, out / "run")
        return out


@cache
def make_places(base: Path) -> Places:
    """Write what the calls read, and train what they need; once a test session."""
    tiny, home = train_tiny(base), base / "every-command"
    (home / "texts").mkdir(parents=True)
    for name, count in (("a", 1), ("b", 2)):
        (home / "texts" / f"{name}.txt").write_text("John Smith lives in Paris .\n" * count, encoding="utf-8")
    experiment = EXPERIMENT.replace("CONFIG", str(tiny.config))
    experiment = experiment.replace("vectors.txt", str(tiny.folder / "vectors.txt"))
    (home / "experiment.toml").write_text(experiment, encoding="utf-8")
    review = ["review", str(tiny.config), "--folds", "2", "--jobs", "1", "--to", "jsonl", "--top", "2"]
    ended = forked([*review, "--out", "suspects.jsonl"], home / "errors", cwd=home)
    assert ended.status == 0, ended.stderr
    suspects = (home / "suspects.jsonl").read_text(encoding="utf-8").splitlines()
    decisions = [json.dumps({**json.loads(line), "decision": "accept"}) + "\n" for line in suspects]
    (home / "decisions.jsonl").write_text("".join(decisions), encoding="utf-8")
    return Places(tiny, home)
