"""Places whose words are labelled otherwise in most other places.

    2 times    [New York] LOC        labelled so, and found so
    9 times    [New York] ORG        the usual label of these words in this corpus

Such a place is an entity, or words without any entity. The usual label is the most frequent one, if it is more frequent
than the label of this place, which is counted too. So it stands in at least two other places.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools, Ids, Indices
from windowner.labels.elsewhere import Runs, number_runs


class Place(NamedTuple):
    """A run of tokens: its first token, and their number."""

    start: int
    length: int


def unusual_places(
    words: Ids, tags: Ids, offsets: Indices, spans: tuple[Indices, Indices], suspicious: Sequence[Place]
) -> dict[Place, int]:
    """Return the unusual places, and the first token of a place with the usual label of each; longer ones come first.

    Parameters
    ----------
    words, tags
        Number of each token's form and of its gold tag, (T,).
    offsets
        First token of each sentence, and T at the end.
    spans
        First token of each gold entity, and the token behind its last one.
    suspicious
        Places that are suspicious for another reason. An unusual place may be one of them, and overlaps no other one.
    """
    starts, ends = spans
    if not len(starts):
        return {}
    inside = np.zeros(len(words) + 1, dtype=np.intp)
    np.add.at(inside, starts, 1)
    np.add.at(inside, ends, -1)
    admitted, taken = set(suspicious), np.zeros(len(words), dtype=np.bool_)
    for place in suspicious:
        taken[place.start : place.start + place.length] = True
    covered = np.concatenate([[0], np.cumsum(np.cumsum(inside[:-1]))])  # entity tokens before each place
    lengths = ends - starts
    found: dict[Place, int] = {}
    for runs in reversed(list(number_runs(words, tags[None], offsets, int(lengths.max())))):
        is_entity = np.zeros(len(words), dtype=np.bool_)
        is_entity[starts[lengths == runs.length]] = True
        whole = is_entity[runs.places]
        empty = covered[runs.places + runs.length] == covered[runs.places]
        usual = usual_labels(runs, whole | empty)
        for run in np.flatnonzero((usual >= 0) & (whole | (empty & whole[usual]))).tolist():
            place = Place(int(runs.places[run]), runs.length)
            tokens = slice(place.start, place.start + place.length)
            if place in admitted or not taken[tokens].any():
                taken[tokens] = True
                found[place] = int(runs.places[usual[run]])
    return found


def usual_labels(runs: Runs, counted: Bools) -> Indices:
    """Return for each run a run with the usual label of its words, (runs,); -1 if its own label is as usual.

    Parameters
    ----------
    runs
        The runs, with their tags in one labelling.
    counted
        Whether a run is looked at, and counts as a place: a whole entity, or words without an entity.
    """
    usual = np.full(len(runs.places), -1, dtype=np.intp)
    chosen = np.flatnonzero(counted)
    pairs = runs.words[chosen] * (runs.tags.max(initial=0) + 1) + runs.tags[0, chosen]
    _, first, own, counts = np.unique(pairs, return_index=True, return_inverse=True, return_counts=True)
    words = runs.words[chosen[first]]
    order = np.lexsort((-counts, words))  # the most frequent label of each words comes first
    heads = np.searchsorted(words[order], words, side="left")
    best = order[heads][own]
    is_rarer = counts[best] > counts[own]
    usual[chosen[is_rarer]] = chosen[first[best[is_rarer]]]
    return usual


def suggested_tags(tags: Ids, places: Mapping[Place, int]) -> Ids:
    """Return the tags with the usual label at unusual places, (T,)."""
    changed = tags.copy()
    for (start, length), usual in places.items():
        changed[start : start + length] = tags[usual : usual + length]
    return changed
