"""Rules made ready for a tokenizer, and what is known of the forms met so far."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Ids, Indices
from windowner.errors import DataError
from windowner.inputs.forms import Forms
from windowner.tagger.rules.automaton import Automaton, PassedTests
from windowner.tagger.rules.checking import shown
from windowner.tagger.rules.matches import Matches, kept_matches
from windowner.tagger.rules.phrases import PhraseTree
from windowner.tagger.rules.rule import Element
from windowner.tagger.rules.rules import Rules
from windowner.text.tokenizers import find_tokenizer

ATTRIBUTES: dict[str, Callable[[str], str]] = {"TEXT": str, "LOWER": str.lower}
"""What the words of a phrase tree are, by the name that token patterns have for it."""


class Matcher(NamedTuple):
    """Rules for a tokenizer.

    Parameters
    ----------
    rules
        The rules.
    trees
        The phrases, and the token patterns that are phrases, by attribute of their tokens.
    automaton
        All other token patterns. None without such.
    regexes
        The regular expressions, with the numbers of their rules.
    """

    rules: Rules
    trees: dict[str, PhraseTree]
    automaton: Automaton | None
    regexes: list[tuple["re.Pattern[str]", int]]

    @classmethod
    def of(cls, rules: Rules, tokenizer: str) -> "Matcher":
        """Return rules whose phrases are split by a tokenizer.

        Raises
        ------
        DataError
            If a phrase has no token.
        """
        phrases: dict[str, list[tuple[Sequence[str], int]]] = {name: [] for name in ATTRIBUTES}
        patterns: list[tuple[Sequence[Element], int]] = []
        regexes = []
        for number, rule in enumerate(rules.rules):
            if isinstance(rule.pattern, str):
                phrases["TEXT"].append((_tokens(rule.pattern, tokenizer, number), number))
            elif isinstance(rule.pattern, re.Pattern):
                regexes.append((rule.pattern, number))
            elif attribute := _attribute(rule.pattern):
                phrases[attribute].append(([each.test.equal[1] for each in rule.pattern if each.test.equal], number))
            else:
                patterns.append((rule.pattern, number))
        trees = {name: PhraseTree(some) for name, some in phrases.items() if some}
        return cls(rules, trees, Automaton(patterns) if patterns else None, regexes)


def _tokens(phrase: str, tokenizer: str, number: int) -> list[str]:
    """Return the tokens of the phrase of a rule."""
    tokens = list(chain.from_iterable(find_tokenizer(tokenizer).split(phrase).sentences))
    if not tokens:
        raise DataError(f"rule {number + 1}: the phrase {shown(phrase)} has no token, expected one at least")
    return tokens


def _attribute(pattern: Sequence[Element]) -> str:
    """Return the attribute that each element of a pattern compares with a value; "" if the pattern is no phrase."""
    names = {
        element.test.equal[0] if element.test.equal and element == Element(element.test) else "" for element in pattern
    }
    return names.pop() if len(names) == 1 else ""


class MatchedForms:
    """What the rules need to know of the forms met so far, found once per form.

    Parameters
    ----------
    matcher
        The rules.
    forms
        The forms met so far.
    """

    def __init__(self, matcher: Matcher, forms: Forms):
        self._matcher, self._forms = matcher, forms
        self._known = 1  # forms, with the padding
        self._words = {name: array("i", [0]) for name in matcher.trees}
        self._passed = None if matcher.automaton is None else PassedTests(matcher.automaton)
        self._written = [""]  # for regular expressions

    def find(self, forms: Ids, offsets: Indices) -> Matches:
        """Return the matches that are kept, in sentences that start at `offsets`, given each token's form, (T,)."""
        self._extend()
        ends = np.repeat(offsets[1:], np.diff(offsets))
        return kept_matches(Matches.joined(self._find(forms, ends, offsets)), self._matcher.rules.rules)

    def _find(self, forms: Ids, ends: Indices, offsets: Indices) -> Iterator[tuple[Indices, Indices, Indices]]:
        matcher = self._matcher
        for name, tree in matcher.trees.items():
            yield from tree.find(np.frombuffer(self._words[name], dtype=np.int32)[forms], ends)
        if matcher.automaton is not None and self._passed is not None:
            yield from matcher.automaton.find(forms, ends, self._passed)
        if matcher.regexes:
            yield self._search(forms, offsets)

    def _search(self, forms: Ids, offsets: Indices) -> tuple[Indices, Indices, Indices]:
        """Return what regular expressions find in the sentences, whose tokens are joined by spaces.

        A match that begins or ends inside of a token is left out.
        """
        written = list(map(self._written.__getitem__, forms.tolist()))
        matches = []
        for first, last in pairwise(offsets.tolist()):
            text = " ".join(written[first:last])
            lengths = (len(token) + 1 for token in written[first:last])
            places = {place: token for token, place in enumerate(accumulate(lengths, initial=0), start=first)}
            for expression, rule in self._matcher.regexes:
                for match in expression.finditer(text):
                    start, end = places.get(match.start()), places.get(match.end() + 1)
                    if start is not None and end is not None and start < end:
                        matches.append((start, end, rule))
        starts, ends, rules = np.array(matches, dtype=np.intp).reshape(-1, 3).T
        return starts, ends, rules

    def _extend(self) -> None:
        """Look at the forms that were not met before."""
        new = self._forms.written(self._known)
        self._known += len(new)
        for name, words in self._words.items():
            number_of = self._matcher.trees[name].words.get
            words.extend(number_of(word, 0) for word in map(ATTRIBUTES[name], new))
        if self._passed is not None:
            self._passed.extend(new)
        if self._matcher.regexes:
            self._written += new
