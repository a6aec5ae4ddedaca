"""Drawing training sentences: a share to train on, and a tenth to hold out where there is no dev file.

Sentences keep their order. Where the file marks documents, the drawn sentences still know where documents start.

What is held out is drawn in two parts: units that hold an entity, and units that hold none. A tenth of the sentences of
each part is taken, so that dev has entities where the training text has enough of them. A unit is a whole document
where the file marks at least `HELD_OUT` of them, because sentences of one document repeat each other's names. Otherwise
a unit is a sentence.

Each function has a generator of its own: the network and the order of batches are drawn as they would be without it,
and whoever reads a run's training text later draws the same sentences.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from windowner.arrays import Indices
from windowner.errors import DataError
from windowner.text.schemes import TYPELESS
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of

HELD_OUT = 10  # one in this many training sentences, when there is no dev file


def draw_fraction(corpus: Corpus, fraction: float, seed: int) -> Corpus:
    """Return a share of a corpus's sentences; with one seed a smaller share is part of a larger one.

    Raises
    ------
    DataError
        No drawn sentence holds an entity.
    """
    order = np.random.default_rng((seed, len(corpus.sentences))).permutation(len(corpus.sentences))
    kept = np.sort(order[: max(1, round(fraction * len(order)))])
    drawn = take(corpus, kept)
    if not drawn.entity_types:
        raise DataError(
            f"{corpus.path}: data.fraction = {fraction:g}: "
            f"all tags of {count_of(len(kept), 'sentence')} are O; choose a larger share"
        )
    return drawn


def hold_out(corpus: Corpus, seed: int) -> tuple[Corpus, Corpus]:
    """Split a corpus at random into about nine tenths and one tenth of its sentences.

    Dev holds an entity, unless only one unit of the corpus does: training keeps that one.

    Raises
    ------
    DataError
        The corpus has only one sentence.
    """
    if len(corpus.sentences) < 2:
        count = len(corpus.sentences)
        long = "".join(f"; {note}" for note in corpus.notes if "blank lines" in note)
        raise DataError(f"{corpus.path}: {count} sentence, expected at least 2 where there is no data.dev{long}")
    rng = np.random.default_rng((seed, HELD_OUT))
    units = list_units(corpus)
    lengths = np.array([len(unit) for unit in units])
    has_entity = np.array([any(set(corpus.tags[place]) - TYPELESS for place in unit) for unit in units])
    with_entity, without = (np.flatnonzero(part) for part in (has_entity, ~has_entity))
    held = _draw_tenth(with_entity, lengths, rng, least=1 if len(with_entity) > 1 else 0)
    held += _draw_tenth(without, lengths, rng, least=0 if held else 1)
    chosen = np.zeros(len(corpus.sentences), dtype=np.bool_)
    for unit in held:
        chosen[units[unit].start : units[unit].stop] = True
    return take(corpus, np.flatnonzero(~chosen)), take(corpus, np.flatnonzero(chosen))


def draws_documents(corpus: Corpus) -> bool:
    """Return whether whole documents are held out: enough of them are marked."""
    return len(_documents(corpus)) >= HELD_OUT


def list_units(corpus: Corpus) -> Sequence[range]:
    """Return the places of what is held out as a whole: documents, or single sentences."""
    if draws_documents(corpus):
        return _documents(corpus)
    return [range(place, place + 1) for place in range(len(corpus.sentences))]


def _documents(corpus: Corpus) -> list[range]:
    edges = dict.fromkeys([0, *corpus.document_starts, len(corpus.sentences)])
    return [range(*pair) for pair in pairwise(edges)]


def _draw_tenth(units: Indices, lengths: Indices, rng: np.random.Generator, least: int) -> list[int]:
    """Draw units that hold about a tenth of the sentences of all these units.

    In random order, a unit is taken if the number of sentences taken comes nearer to a tenth. Where nothing is taken
    but `least` is 1, the unit of the most fitting length is.
    """
    order = rng.permutation(units).tolist()
    target = int(lengths[units].sum()) / HELD_OUT
    taken: list[int] = []
    total = 0
    for unit in order:
        if abs(total + lengths[unit] - target) < abs(total - target):
            taken.append(unit)
            total += int(lengths[unit])
    if not taken and least:
        return [min(order, key=lambda unit: abs(lengths[unit] - target))]
    return taken


def take(corpus: Corpus, places: Indices) -> Corpus:
    """Return the sentences of a corpus at these places, which are sorted, with the starts of what is left of documents.

    Sentences before the first mark belong to a document that no mark starts.
    """
    documents = np.searchsorted(np.array(corpus.document_starts, dtype=np.intp), places, side="right")
    starts = np.flatnonzero(np.diff(documents, prepend=0))
    return replace(
        corpus, sentences=[corpus.sentences[place] for place in places.tolist()], document_starts=starts.tolist()
    )
