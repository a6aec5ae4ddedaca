"""Places where tagger and label agree, but most other places label the same words otherwise.

    2 times    [New York] LOC        labelled so, and found so
    9 times    [New York] ORG        the usual label of these words in this corpus

Such a place is an entity, or words without any entity. The usual label is the most frequent one,
if it is more frequent than the label of this place, which is counted too. So it stands in at least two other places.
"""

from collections.abc import Sequence

import numpy as np

from windowner.arrays import Bools, Ids, Indices
from windowner.labels.elsewhere import Runs, number_runs


def unusual_places(
    words: Ids, tags: Ids, offsets: Indices, spans: tuple[Indices, Indices], excluded: Bools
) -> list[tuple[int, int, int]]:
    """Return first token, length, and the first token of a place with the usual label; longer places come first.

    Parameters
    ----------
    words, tags
        Number of each token's form and of its gold tag, (T,).
    offsets
        First token of each sentence, and T at the end.
    spans
        First token of each gold entity, and the token behind its last one.
    excluded
        Whether a token is in a place that is suspicious for another reason, (T,).
    """
    starts, ends = spans
    if not len(starts):
        return []
    inside = np.zeros(len(words) + 1, dtype=np.intp)
    np.add.at(inside, starts, 1)
    np.add.at(inside, ends, -1)
    taken = excluded.copy()
    covered = np.concatenate([[0], np.cumsum(np.cumsum(inside[:-1]))])  # entity tokens before each place
    lengths = ends - starts
    found: list[tuple[int, int, int]] = []
    for runs in reversed(list(number_runs(words, tags[None], offsets, int(lengths.max())))):
        is_entity = np.zeros(len(words), dtype=np.bool_)
        is_entity[starts[lengths == runs.length]] = True
        whole = is_entity[runs.places]
        empty = covered[runs.places + runs.length] == covered[runs.places]
        usual = usual_labels(runs, whole | empty)
        for run in np.flatnonzero((usual >= 0) & (whole | (empty & whole[usual]))).tolist():
            place = int(runs.places[run])
            if not taken[place : place + runs.length].any():
                taken[place : place + runs.length] = True
                found.append((place, runs.length, int(runs.places[usual[run]])))
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


def suggested_tags(tags: Ids, places: Sequence[tuple[int, int, int]], labelling: Ids) -> Ids:
    """Return a labelling in which these places have their usual label, (T,)."""
    changed = labelling.copy()
    for place, length, usual in places:
        changed[place : place + length] = tags[usual : usual + length]
    return changed
