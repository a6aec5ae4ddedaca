"""Matches of rules in a text, and which of them are kept.

    New York City   LOC        longest first
        York City   ORG        dropped: it shares tokens with a longer entity
    New             never PER  kept: it agrees with LOC

Two matches disagree if they share a token and one of them says that it is an entity, unless the other one says `never`
of another type. Matches are taken in this order: longer ones first, then those that start further left, then those of
rules that stand further up in the file. A match that disagrees with one that was taken is dropped.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Bools, Indices
from windowner.tagger.rules.rule import Rule


class Matches(NamedTuple):
    """Matches: first token, token after the last one, and number of the rule; each (matches,)."""

    start: Indices
    end: Indices
    rule: Indices

    @classmethod
    def joined(cls, parts: Iterable[Sequence[Array]]) -> "Matches":
        """Return matches that were found in parts."""
        columns = zip(*parts, strict=True)
        found = [np.concatenate(column).astype(np.intp) for column in columns]
        return cls(*found) if found else cls(*np.empty((3, 0), dtype=np.intp))

    def where(self, chosen: Bools | Indices) -> "Matches":
        """Return some of the matches."""
        return Matches(*(column[chosen] for column in self))


def kept_matches(matches: Matches, rules: Sequence[Rule]) -> Matches:
    """Return the matches that are kept, from left to right."""
    start, end, rule = matches
    matches = matches.where(np.lexsort((rule, start, start - end)))
    kept = np.ones(len(matches.start), dtype=np.bool_)
    crowded = np.flatnonzero(_share_tokens(matches))
    kept[crowded] = _agreeing(matches.where(crowded), rules)
    matches = matches.where(kept)
    return matches.where(np.argsort(matches.start, kind="stable"))


def _share_tokens(matches: Matches) -> Bools:
    """Return whether each match is in a group of matches that share tokens, one with the next."""
    order = np.argsort(matches.start, kind="stable")
    start, end = matches.start[order], matches.end[order]
    opens = np.append(True, start[1:] >= np.maximum.accumulate(end)[:-1])[: len(start)]  # no match reaches into it
    groups = np.cumsum(opens) - 1
    shared = np.empty(len(start), dtype=np.bool_)
    shared[order] = (np.bincount(groups) > 1)[groups]
    return shared


def _agreeing(matches: Matches, rules: Sequence[Rule]) -> list[bool]:
    """Return whether each match is kept, given all of them in the order in which they are taken."""
    entities: dict[int, str | None] = {}  # type of the entity at a token
    never: dict[int, set[str | None]] = {}  # types that a token has not; None stands for all
    kept = []
    for start, end, number in zip(*(column.tolist() for column in matches), strict=True):
        label, tokens = rules[number].label, range(start, end)
        if rules[number].never:
            agrees = not any(token in entities and label in (None, entities[token]) for token in tokens)
            for token in tokens if agrees else ():
                never.setdefault(token, set()).add(label)
        else:
            agrees = not any(
                token in entities or not {None, label}.isdisjoint(never.get(token, ())) for token in tokens
            )
            entities.update(dict.fromkeys(tokens, label) if agrees else {})
        kept.append(agrees)
    return kept
