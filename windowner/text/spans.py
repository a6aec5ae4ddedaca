"""Entities as arrays: one definition, for every scheme, of where an entity starts and where it ends.

Reading, decoding and scoring share it. With prefix codes p and type ids t of all tokens of a corpus in order:

    inside[i]    = p[i] is not O
    continues[i] = inside[i-1] and inside[i] and t[i-1] == t[i]
                   and p[i-1] does not close (E, L, S, U) and p[i] does not open (B, S, U)
                   and i is not the first token of a sentence
    starts[i]    = inside[i] and not continues[i]

On B, I and O this is what conlleval computes, ill-formed sequences included: an `I` that continues nothing starts an
entity. Tags are looked up once per distinct tag; everything else is numpy over the whole corpus.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.text.schemes import OUTSIDE, PREFIXES, Scheme, find_scheme, join_tag, split_tag

OPENS = np.array([prefix in "BSU" for prefix in PREFIXES])
CLOSES = np.array([prefix in "ELSU" for prefix in PREFIXES])

NO_TYPE = -1
"""Type id of `O`."""


class Spans(NamedTuple):
    """Entities in the order of the text: first token, token behind the last one, type id; each (entities,)."""

    start: Indices
    end: Indices
    type_id: Indices


@dataclass(frozen=True)
class TagTable:
    """Prefix code and type id of each of K tags; index its arrays with tag ids.

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
        """Split every tag; `types` keep their ids, unseen ones follow in order of appearance."""
        split = [split_tag(name) for name in names]
        entity_types = (entity_type for prefix, entity_type in split if prefix != "O")
        ids = {name: place for place, name in enumerate(dict.fromkeys(chain(types, entity_types)))}
        prefixes = [PREFIXES.index(prefix) for prefix, _ in split]
        type_ids = [NO_TYPE if prefix == "O" else ids[entity_type] for prefix, entity_type in split]
        return cls(list(names), np.array(prefixes, dtype=np.intp), np.array(type_ids, dtype=np.intp), list(ids))


@dataclass(frozen=True)
class EncodedTags:
    """The tags of a corpus, one token after the other.

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
        """Return the entities, as `find_spans` finds them."""
        return find_spans(self.prefixes, self.type_ids, self.first)


def first_tokens(lengths: Iterable[int]) -> Bools:
    """Mark the first token of each sentence, given the sentences' lengths; empty sentences have none."""
    length_array = np.fromiter(lengths, dtype=np.intp)
    ends = np.cumsum(length_array)
    first = np.zeros(length_array.sum(), dtype=np.bool_)
    first[(ends - length_array)[length_array > 0]] = True
    return first


def encode_tags(sentences: Sequence[Sequence[str]], types: Sequence[str] = ()) -> EncodedTags:
    """Turn the tags of all sentences into arrays.

    Parameters
    ----------
    sentences
        Tags, sentence by sentence.
    types
        Types whose ids are fixed already, such as those of the other side of a comparison.

    Raises
    ------
    ValueError
        If a tag is unknown.
    """
    tags = list(chain.from_iterable(sentences))
    names = list(dict.fromkeys(tags))
    ids = {name: tag_id for tag_id, name in enumerate(names)}
    tag_ids = np.fromiter(map(ids.__getitem__, tags), dtype=np.intp, count=len(tags))
    table = TagTable.of(names, types)
    return EncodedTags(table.prefixes[tag_ids], table.type_ids[tag_ids], first_tokens(map(len, sentences)), table.types)


def start_tokens(prefixes: Indices, type_ids: Indices, first: Bools) -> Bools:
    """Mark the tokens that start an entity, as the module's docstring defines it."""
    inside = prefixes != OUTSIDE
    continues = inside & ~OPENS[prefixes] & ~first
    continues[1:] &= inside[:-1] & (type_ids[1:] == type_ids[:-1]) & ~CLOSES[prefixes[:-1]]
    continues[:1] = False
    starts: Bools = inside & ~continues
    return starts


def find_spans(prefixes: Indices, type_ids: Indices, first: Bools) -> Spans:
    """Find the entities of a corpus.

    Parameters
    ----------
    prefixes, type_ids
        Prefix code and type id of each token, both (tokens,).
    first
        Whether a token is the first of its sentence, (tokens,).
    """
    starts = start_tokens(prefixes, type_ids, first)
    # An entity ends before the next token that does not continue it: one that is outside or starts another entity.
    breaks = np.flatnonzero(starts | (prefixes == OUTSIDE))
    next_breaks = np.append(breaks[1:], len(prefixes))
    opening = starts[breaks]
    start = breaks[opening]
    return Spans(start, next_breaks[opening], type_ids[start])


def write_prefixes(spans: Spans, first: Bools, scheme: Scheme) -> tuple[Indices, Indices]:
    """Write entities as prefix codes and type ids, both (tokens,): the inverse of `find_spans`."""
    code = PREFIXES.index
    prefixes = np.full(len(first), OUTSIDE, dtype=np.intp)
    type_ids = np.full(len(first), NO_TYPE, dtype=np.intp)
    lengths = spans.end - spans.start
    # Tokens of all entities: a range over all of them, moved to where each entity lies.
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
    """Write the entities of a corpus in another scheme.

    Ill-formed sequences come out well-formed, since entities are read first. `IO` cannot hold everything: adjacent
    entities of one type become one.

    Parameters
    ----------
    sentences
        Tags in any scheme, or in several, sentence by sentence.
    scheme
        The scheme to write, or its name.
    """
    tags = write_tags(encode_tags(sentences), scheme)
    borders = accumulate(map(len, sentences), initial=0)
    return [tags[start:end] for start, end in pairwise(borders)]


def write_tags(encoded: EncodedTags, scheme: Scheme | str) -> list[str]:
    """Write encoded tags as strings of a scheme, one token after the other."""
    spans = encoded.spans()
    prefixes, type_ids = write_prefixes(spans, encoded.first, find_scheme(scheme))
    # Type ids are shifted by one, so that O, whose id is -1, finds a column of its own.
    names = np.array(
        [[join_tag(p, entity_type) for entity_type in ["", *encoded.types]] for p in PREFIXES], dtype=object
    )
    tags: list[str] = names[prefixes, type_ids + 1].tolist()
    return tags
