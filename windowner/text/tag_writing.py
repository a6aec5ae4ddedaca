"""From entities as arrays back to tags, in any scheme; the other direction is `spans`."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.text.schemes import NOT_ANNOTATED_PREFIX, OUTSIDE, PREFIXES, Scheme, find_scheme, join_tag
from windowner.text.spans import NO_TYPE, EncodedTags, Spans, encode_tags


def write_prefixes(spans: Spans, first: Bools, scheme: Scheme) -> tuple[Indices, Indices]:
    """Return entities as prefix codes and type ids, both (tokens,): the inverse of `find_spans`."""
    code = PREFIXES.index
    prefixes = np.full(len(first), OUTSIDE, dtype=np.intp)
    type_ids = np.full(len(first), NO_TYPE, dtype=np.intp)
    lengths = spans.end - spans.start
    # Tokens of all entities: a range over their number, shifted to the place of each entity.
    tokens = np.arange(lengths.sum()) + np.repeat(spans.start - (np.cumsum(lengths) - lengths), lengths)
    type_ids[tokens] = np.repeat(spans.type_id, lengths)
    prefixes[tokens] = code(scheme.inside)
    prefixes[spans.end - 1] = code(scheme.last)
    prefixes[spans.start] = np.where(lengths == 1, code(scheme.single), code(scheme.first))
    if scheme.adjacent != scheme.first:
        touches = (spans.start[1:] == spans.end[:-1]) & (spans.type_id[1:] == spans.type_id[:-1])
        adjacent = spans.start[1:][touches]
        prefixes[adjacent[~first[adjacent]]] = code(scheme.adjacent)
    return prefixes, type_ids


def convert(sentences: Sequence[Sequence[str]], scheme: Scheme | str) -> list[list[str]]:
    """Return the tags of the same entities in another scheme.

    Ill-formed sequences become well-formed. In the scheme `IO`, adjacent entities of one type become one entity.

    Parameters
    ----------
    sentences
        Tags of each sentence, in any scheme or in several.
    scheme
        The new scheme, or its name.
    """
    tags = write_tags(encode_tags(sentences), scheme)
    borders = accumulate(map(len, sentences), initial=0)
    return [tags[start:end] for start, end in pairwise(borders)]


def write_tags(encoded: EncodedTags, scheme: Scheme | str) -> list[str]:
    """Return encoded tags as strings of a scheme, one per token."""
    numbers, names = number_tags(encoded, scheme)
    tags: list[str] = np.array(names, dtype=object)[numbers].tolist()
    return tags


def number_tags(encoded: EncodedTags, scheme: Scheme | str) -> tuple[Indices, list[str]]:
    """Return encoded tags in a scheme as places in a list of strings, (tokens,), and that list."""
    spans = encoded.spans()
    prefixes, type_ids = write_prefixes(spans, encoded.first, find_scheme(scheme))
    prefixes[encoded.not_annotated] = NOT_ANNOTATED_PREFIX
    # Type ids are shifted by one, because the id of O is -1.
    types = ["", *encoded.types]
    names = [join_tag(prefix, entity_type) for prefix in PREFIXES for entity_type in types]
    return prefixes * len(types) + type_ids + 1, names
