"""Which text is measured, and where what all peers read is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, Worker

BUNDLED = ("ncbi-disease", "btc")
MODES = {"btc": {"mode": "fine-tuned"}}  # what configs/ say


@dataclass(frozen=True)
class Corpus:
    """A corpus, written as two columns into a folder: train, dev, and all of it."""

    name: str
    folder: Path
    vectors: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Parameters
    ----------
    corpora
        On what.
    rounds
        How often each peer has its turn.
    seconds
        CPU seconds a turn lasts at least.
    quick
        Leave out what takes long.
    spacy_epochs
        How long spaCy is trained for its best dev F1.
    folder
        For files.
    """

    corpora: list[Corpus]
    rounds: int
    seconds: float
    quick: bool
    spacy_epochs: int
    folder: Path


def prepare_corpora(folder: Path, files: Sequence[str], quick: bool) -> list[Corpus]:
    """Write the corpora: the bundled ones, or else each of the files, of which a tenth is held out for dev."""
    sources = {Path(file).stem: [file] for file in files} or {
        name: [str(ROOT / "data" / name / f"{part}.conll") for part in ("train", "dev", "test")] for name in BUNDLED
    }
    if quick:
        sources = dict(list(sources.items())[:1])
    with Worker("prepare", {}) as worker:
        for name, paths in sources.items():
            worker.ask(
                {"do": "corpus", "folder": str(folder / name), "files": [str(Path(p).absolute()) for p in paths]}
            )
    return [Corpus(name, folder / name, MODES.get(name, {}) if not files else {}) for name in sources]
