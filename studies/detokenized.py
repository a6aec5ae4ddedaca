"""The sentences of a corpus as text, written by a detokenizer that is not our own: sacremoses'."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sacremoses import MosesDetokenizer

from docs.pages import ROOT
from windowner.formats.reading import read_corpus
from windowner.text.document import Offsets

BUNDLED = ("wikigold", "wnut17", "btc", "ncbi-disease")


def bundled(part: str) -> list[Path]:
    """Return the files of one part (train, dev, test) of the bundled corpora."""
    return [ROOT / "data" / name / f"{part}.conll" for name in BUNDLED]


def corpus_name(path: Path) -> str:
    """Return the name of a corpus: that of its folder."""
    return path.absolute().parent.name


def detokenized(path: Path) -> Iterator[tuple[str, Offsets, list[str]]]:
    """Yield text, gold tokens in it, and tags of each sentence; the few that the detokenizer changed are left out."""
    detokenizer = MosesDetokenizer("en")
    corpus = read_corpus(path)
    for tokens, tags in zip(corpus.tokens, corpus.tags, strict=True):
        text = detokenizer.detokenize(tokens, unescape=False)
        places = place_tokens(tokens, text)
        if places is not None:
            yield text, places, tags


def place_tokens(tokens: Sequence[str], text: str) -> Offsets | None:
    """Return where tokens stand in a text of the same characters, white space aside; None if it has others."""
    places: Offsets = []
    place = 0
    for token in tokens:
        while place < len(text) and text[place].isspace():
            place += 1
        if not text.startswith(token, place):
            return None
        places.append((place, place + len(token)))
        place += len(token)
    return None if text[place:].strip() else places
