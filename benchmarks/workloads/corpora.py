"""The text that is measured, and the files that all peers read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import Worker
from docs.pages import ROOT

BUNDLED = ("ncbi-disease", "btc")
MODES = {"btc": {"mode": "fine-tuned"}}


@dataclass(frozen=True)
class Corpus:
    """A corpus, written as two columns into a folder: train, dev, and all of it; and the keys of `[vectors]`.

    Parameters
    ----------
    name
        Its name.
    folder
        Folder of its files.
    vectors
        The keys of `[vectors]`.
    shared
        Folder for files of all corpora.
    """

    name: str
    folder: Path
    vectors: dict[str, Any]
    shared: Path


@dataclass(frozen=True)
class Plan:
    """What is measured, and how often.

    Parameters
    ----------
    corpora
        The text.
    rounds
        Turns of each peer.
    seconds
        CPU seconds that a turn lasts at least.
    quick
        Whether sizes are small and slow measurements are left out.
    folder
        Folder for files.
    """

    corpora: list[Corpus]
    rounds: int
    seconds: float
    quick: bool
    folder: Path


def prepare_corpora(folder: Path, files: Sequence[str], quick: bool, vectors: str) -> list[Corpus]:
    """Write the bundled corpora, or instead each of the files; a tenth of a file is held out for dev."""
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
    modes = {} if files else MODES
    vectors = str(Path(vectors).absolute()) if Path(vectors).exists() else vectors  # workers run in another folder
    return [Corpus(name, folder / name, {"source": vectors, **modes.get(name, {})}, folder) for name in sources]
