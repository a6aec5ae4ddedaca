"""How the single words of a label are labelled elsewhere in a corpus.

    log Q(w_t, y_t)  =  log (n(w_t, y_t) + b) / (n(w_t) + b K)         0 inside of entities

n(w, y) counts the other places of word w whose label is y: a type, or none. K is the number of such labels. A comma has
hardly ever a type, so an entity that ends with a comma is wrong.

Inside of an entity of either side, a word says nothing: `of` and `,` stand there in any long name. Only words outside,
and the first and last ones of entities, are looked at.
"""

import numpy as np

from windowner.arrays import Array, Bools, Float64, Ids, Indices
from windowner.labels.ranking import PLACE
from windowner.text.schemes import PREFIXES
from windowner.text.spans import TagTable, find_spans

UNKNOWN_TYPE, OUTSIDE, TYPED = range(3)
"""Numbers of labels: a type that no tagger knows, no entity, and the first type."""


def word_log_frequencies(words: Ids, tags: TagTable, labellings: Ids, offsets: Indices) -> Float64:
    """Return log Q of each token in each labelling, (labellings, T).

    Parameters
    ----------
    words
        Number of each token's form, (T,).
    tags
        The tags.
    labellings
        Number of each token's tag in several labellings, (labellings, T); -1 is a tag that no tagger knows. The first
        labelling is the one that other places have.
    offsets
        First token of each sentence, and T at the end.
    """
    labels = np.where(labellings >= 0, tags.type_ids[labellings] + TYPED, UNKNOWN_TYPE)  # NO_TYPE + TYPED is OUTSIDE
    inside = np.any([is_inside(tags, each, offsets) for each in labellings], axis=0)
    found: Float64 = np.where(inside, 0.0, np.log(_frequencies(words, labels, len(tags.types))))
    return found


def is_inside(tags: TagTable, labelling: Ids, offsets: Indices) -> Bools:
    """Return whether a token is part of an entity, but neither its first nor its last one, (T,)."""
    known = labelling >= 0
    first = np.zeros(len(labelling), dtype=np.bool_)
    first[offsets[:-1][np.diff(offsets) > 0]] = True
    prefixes = np.where(known, tags.prefixes[labelling], PREFIXES.index("O"))
    spans = find_spans(prefixes, np.where(known, tags.type_ids[labelling], -1), first)
    long = spans.end - spans.start > 2
    steps = np.zeros(len(labelling) + 1, dtype=np.intp)
    np.add.at(steps, spans.start[long] + 1, 1)
    np.add.at(steps, spans.end[long] - 1, -1)
    inside: Bools = np.cumsum(steps[:-1]) > 0
    return inside


def _frequencies(words: Ids, labels: Array, types: int) -> Float64:
    """Return Q of each token in each labelling, (labellings, T), given the numbers of labels."""
    width = types + TYPED
    cells = words.astype(np.intp) * width + labels
    counts = np.bincount(cells[0], minlength=(int(words.max(initial=0)) + 1) * width)
    same = counts[cells] - (labels == labels[0])  # the place itself is not counted
    total = np.bincount(words)[words] - 1
    found: Float64 = (same + PLACE) / (total + PLACE * (types + 1))
    return found
