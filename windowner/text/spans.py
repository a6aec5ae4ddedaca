"""Entities as arrays: one definition, for every scheme, of where an entity starts and where it ends.

Reading, decoding and scoring share this definition. All tokens of a corpus stand in one sequence, with prefix codes p
and type ids t:

    inside[i]    = p[i] is neither O nor "not annotated"
    continues[i] = inside[i-1] and inside[i] and t[i-1] == t[i]
                   and p[i-1] does not close (E, L, S, U) and p[i] does not open (B, S, U)
                   and i is not the first token of a sentence
    starts[i]    = inside[i] and not continues[i]

For B, I and O this is the definition of conlleval, also in ill-formed sequences: an `I` that continues no entity starts
one. Strings are handled once per distinct tag; everything else is numpy over the whole corpus.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.text.schemes import (
    NOT_ANNOTATED_PREFIX,
    PREFIXES,
    TYPELESS,
    split_tag,
)

OPENS = np.array([prefix in "BSU" for prefix in PREFIXES])
CLOSES = np.array([prefix in "ELSU" for prefix in PREFIXES])
INSIDE = np.array([prefix not in TYPELESS for prefix in PREFIXES])

NO_TYPE = -1
"""Type id of `O`, and of tokens that are not annotated."""


class Spans(NamedTuple):
    """Entities in the order of the text: first token, token after the last one, type id; each (entities,)."""

    start: Indices
    end: Indices
    type_id: Indices

    def where(self, chosen: Bools) -> "Spans":
        """Return the entities that are chosen, (entities,)."""
        return Spans(*(array[chosen] for array in self))


@dataclass(frozen=True)
class TagTable:
    """Prefix codes and type ids of K tags; its arrays are indexed with tag ids.

    Parameters
    ----------
    names
        The tags.
    prefixes, type_ids
        Their prefix codes and type ids, both (K,).
    types
        Names of the types; a type id is a place in this list.
    """

    names: list[str]
    prefixes: Indices
    type_ids: Indices
    types: list[str]

    @classmethod
    def of(cls, names: Sequence[str], types: Sequence[str] = ()) -> "TagTable":
        """Split every tag; `types` have the first ids, and new types follow in order of appearance."""
        split = [split_tag(name) for name in names]
        entity_types = (entity_type for prefix, entity_type in split if prefix not in TYPELESS)
        ids = {name: place for place, name in enumerate(dict.fromkeys(chain(types, entity_types)))}
        prefixes = [PREFIXES.index(prefix) for prefix, _ in split]
        type_ids = [NO_TYPE if prefix in TYPELESS else ids[entity_type] for prefix, entity_type in split]
        return cls(list(names), np.array(prefixes, dtype=np.intp), np.array(type_ids, dtype=np.intp), list(ids))


@dataclass(frozen=True)
class EncodedTags:
    """The tags of a corpus, as arrays over all of its tokens.

    Parameters
    ----------
    prefixes, type_ids
        Prefix codes and type ids, both (tokens,).
    first
        Whether a token is the first of its sentence, (tokens,).
    types
        Names of the types; a type id is a place in this list.
    """

    prefixes: Indices
    type_ids: Indices
    first: Bools
    types: list[str]

    def spans(self) -> Spans:
        """Return the entities; see `find_spans`."""
        return find_spans(self.prefixes, self.type_ids, self.first)

    @property
    def not_annotated(self) -> Bools:
        """Whether each token is not annotated, (tokens,)."""
        not_annotated: Bools = self.prefixes == NOT_ANNOTATED_PREFIX
        return not_annotated

    def judge(self, spans: Spans) -> Bools:
        """Return whether these tags can say of entities if they are right: all of their tokens are annotated."""
        before = np.append(0, np.cumsum(self.not_annotated))
        judged: Bools = before[spans.start] == before[spans.end]
        return judged


def first_tokens(lengths: Iterable[int]) -> Bools:
    """Return whether each token is the first of its sentence, given the lengths of the sentences, (tokens,)."""
    length_array = np.fromiter(lengths, dtype=np.intp)
    ends = np.cumsum(length_array)
    first = np.zeros(length_array.sum(), dtype=np.bool_)
    first[(ends - length_array)[length_array > 0]] = True
    return first


def encode_tags(sentences: Sequence[Sequence[str]], types: Sequence[str] = ()) -> EncodedTags:
    """Return the tags of all sentences as arrays.

    Parameters
    ----------
    sentences
        Tags of each sentence.
    types
        Types that have the first ids, such as the types of the other side of a comparison.

    Raises
    ------
    ValueError
        If a tag is unknown, or no string.
    """
    tags = list(chain.from_iterable(sentences))
    try:
        names = list(dict.fromkeys(tags))
    except TypeError as error:  # a tag that cannot be a key, such as a list
        raise ValueError(f"a tag is not a string: {error}") from None
    ids = {name: tag_id for tag_id, name in enumerate(names)}
    tag_ids = np.fromiter(map(ids.__getitem__, tags), dtype=np.intp, count=len(tags))
    table = TagTable.of(names, types)
    return EncodedTags(table.prefixes[tag_ids], table.type_ids[tag_ids], first_tokens(map(len, sentences)), table.types)


def start_tokens(prefixes: Indices, type_ids: Indices, first: Bools) -> Bools:
    """Return whether each token starts an entity, by the module's definition, (tokens,)."""
    inside = INSIDE[prefixes]
    continues = inside & ~OPENS[prefixes] & ~first
    continues[1:] &= inside[:-1] & (type_ids[1:] == type_ids[:-1]) & ~CLOSES[prefixes[:-1]]
    continues[:1] = False
    starts: Bools = inside & ~continues
    return starts


def find_spans(prefixes: Indices, type_ids: Indices, first: Bools) -> Spans:
    """Return the entities of a corpus.

    Parameters
    ----------
    prefixes, type_ids
        Prefix code and type id of each token, both (tokens,).
    first
        Whether a token is the first of its sentence, (tokens,).
    """
    starts = start_tokens(prefixes, type_ids, first)
    # An entity ends before the next token that is outside or starts another entity.
    breaks = np.flatnonzero(starts | ~INSIDE[prefixes])
    next_breaks = np.append(breaks[1:], len(prefixes))
    opening = starts[breaks]
    start = breaks[opening]
    return Spans(start, next_breaks[opening], type_ids[start])
