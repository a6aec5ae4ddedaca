"""A small experiment on the made-up corpus, run once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from synthetic import write_tiny

from windowner.experiments.answer import Answer
from windowner.experiments.running import compare

SMALL = """\
base = "tiny.toml"
seeds = [3, 5]
fractions = [0.2, 1.0]

[grid]
"vectors.mode" = ["frozen", "fine-tuned"]
"vectors.source" = ["vectors.txt"]
"vectors.keep" = [0]

[compare]
by = "vectors.mode"
test = true
"""


@dataclass(frozen=True)
class Case:
    """An experiment's file, its folder, and the answer."""

    path: Path
    folder: Path
    answer: Answer


@pytest.fixture
def small(tmp_path):
    """A fresh folder with an experiment that nobody has run; its path."""
    write_tiny(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    return tmp_path / "small.toml"


@pytest.fixture(scope="session")
def answered(tmp_path_factory):
    """The small experiment, run without interruption."""
    folder = tmp_path_factory.mktemp("answered")
    write_tiny(folder)
    path = folder / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return Case(path, folder / "out", compare(path, folder / "out", jobs=1))
