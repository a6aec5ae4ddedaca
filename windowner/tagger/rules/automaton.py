"""Token patterns as one automaton, in which all tokens of a text take a step together.

    {"LOWER": "dr"}, {"TEXT": ".", "OP": "?"}, {"IS_TITLE": true, "OP": "+"}

    state          0 dr           1 .            2 title
    may follow     1, 2           2              2              what comes after the token of a state
    may be last                                  yes

A state is an element of a pattern: a test, and what may follow. `{n,m}` becomes n elements and m - n that are optional.
This is the automaton of Glushkov (Russian Mathematical Surveys 16, 1961), without steps that read nothing.

A test is made once per distinct form. Which tests a form passes is kept as sorted numbers, form * tests + test.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from windowner.arrays import Array, Bools, Ids, Indices
from windowner.inputs.encoding import ranges
from windowner.tagger.rules.rule import MOST, Element
from windowner.tagger.rules.token_tests import TokenTest

Lists = tuple[Indices, Indices, Indices]
"""Lists of numbers, end to end: first place, length, and the numbers."""


class Automaton:
    """Token patterns, each with the number of its rule.

    Parameters
    ----------
    patterns
        The elements of each pattern, and the number of its rule.
    """

    def __init__(self, patterns: Iterable[tuple[Sequence[Element], int]]):
        self.tests: dict[str, TokenTest] = {}
        numbers: dict[str, int] = {}
        tests: list[int] = []
        negated, rules, follow, last, first = [], [], [], [], []
        for elements, rule in patterns:
            states = [copy for element in elements for copy in _copies(element)]
            origin = len(tests)
            for place, (element, _, loops) in enumerate(states):
                self.tests.setdefault(element.test.key, element.test)
                tests.append(numbers.setdefault(element.test.key, len(numbers)))
                negated.append(element.negated)
                rules.append(rule)
                reached = _reached(states, place + 1)
                follow.append([origin + each for each in (*([place] if loops else []), *reached)])
                last.append(all(optional for _, optional, _ in states[place + 1 :]))
            first += [origin + each for each in _reached(states, 0)]
        self.first = np.array(first, dtype=np.intp)
        self.test, self.rule = np.array(tests, dtype=np.intp), np.array(rules, dtype=np.intp)
        self._rules = int(self.rule.max()) + 1
        self.negated, self.last = np.array(negated, dtype=np.bool_), np.array(last, dtype=np.bool_)
        self.follow = _lists(follow)

    def find(self, forms: Ids, ends: Indices, passed: "PassedTests") -> Iterator[tuple[Indices, Indices, Indices]]:
        """Yield starts, ends and rules of matches. None has more than `MOST` tokens.

        Parameters
        ----------
        forms
            Form number of each token, (T,).
        ends
            End of each token's sentence, (T,).
        passed
            The tests that the forms pass.
        """
        starts, states = passed.openings(forms)
        firsts, counts, follow = self.follow
        for length in range(1, MOST + 1):
            is_last = self.last[states]
            # Two states of one rule may end at the same token.
            found = np.unique(starts[is_last] * self._rules + self.rule[states[is_last]])
            yield found // self._rules, found // self._rules + length, found % self._rules
            after = follow[ranges(firsts[states], counts[states])]
            starts = np.repeat(starts, counts[states])
            inside = starts + length < ends[starts]
            starts, states = starts[inside], after[inside]
            fits = self.fits(states, forms[starts + length], passed)
            # Two states may be followed by the same one.
            keys = np.unique(starts[fits] * len(self.test) + states[fits])
            starts, states = np.divmod(keys, max(len(self.test), 1))
            if not len(starts):
                return

    def fits(self, states: Indices, forms: Ids, passed: "PassedTests") -> Bools:
        """Return whether forms pass the tests of states, (states,)."""
        fits: Bools = passed.are_passed(forms, self.test[states]) != self.negated[states]
        return fits


class PassedTests:
    """The tests that forms pass, and the states in which a pattern may begin with a form.

    Parameters
    ----------
    automaton
        The automaton.
    """

    def __init__(self, automaton: Automaton):
        tests = list(enumerate(automaton.tests.values()))
        self._size = len(tests)
        self._equal = {test.equal: number for number, test in tests if test.equal is not None}
        self._others = [(number, test) for number, test in tests if test.equal is None]
        self._opened: list[list[int]] = [[] for _ in tests]  # first states by their test
        self._negated: list[tuple[int, int]] = []  # first states whose test must fail, with the test
        for state in automaton.first.tolist():
            if automaton.negated[state]:
                self._negated.append((state, int(automaton.test[state])))
            else:
                self._opened[automaton.test[state]].append(state)
        self._passed = array("q", [-1])
        self._openings = array("i")
        self._counts = array("i", [0])  # of the openings of each form; the padding has none

    def extend(self, written: Sequence[str]) -> None:
        """Add forms, whose numbers follow those of earlier ones."""
        for number, form in enumerate(written, start=len(self._counts)):
            passed = {test for test, holds in self._others if holds(form)}
            equal = map(self._equal.get, (("TEXT", form), ("LOWER", form.lower())))
            passed.update(test for test in equal if test is not None)
            self._passed.extend(number * self._size + test for test in sorted(passed))
            before = len(self._openings)
            for test in passed:
                self._openings.extend(self._opened[test])
            self._openings.extend(state for state, test in self._negated if test not in passed)
            self._counts.append(len(self._openings) - before)

    def are_passed(self, forms: Ids, tests: Indices) -> Bools:
        """Return whether each form passes the test beside it."""
        passed = np.frombuffer(self._passed, dtype=np.int64)
        keys = forms.astype(np.int64) * self._size + tests
        places = np.minimum(np.searchsorted(passed, keys), len(passed) - 1)
        are_passed: Bools = passed[places] == keys
        return are_passed

    def openings(self, forms: Ids) -> tuple[Indices, Indices]:
        """Return the tokens and the states with which a pattern may begin."""
        counts = np.frombuffer(self._counts, dtype=np.int32).astype(np.intp)
        firsts, states = np.cumsum(counts) - counts, np.array(self._openings, dtype=np.intp)
        tokens = np.repeat(np.arange(len(forms)), counts[forms])
        return tokens, states[ranges(firsts[forms], counts[forms])]


State = tuple[Element, bool, bool]
"""An element, whether it is optional, and whether its token may be repeated."""


def _copies(element: Element) -> list[State]:
    """Return an element as elements that stand for one token each."""
    if element.most is None:
        required = [(element, False, False)] * max(element.least - 1, 0)
        return [*required, (element, element.least == 0, True)]
    return [(element, place >= element.least, False) for place in range(element.most)]


def _reached(states: Sequence[State], place: int) -> range:
    """Return the places from `place` up to the first one that is not optional."""
    end = next((i for i in range(place, len(states)) if not states[i][1]), len(states) - 1)
    return range(place, end + 1)


def _lists(lists: Sequence[Sequence[int]]) -> Lists:
    lengths: Array = np.fromiter(map(len, lists), dtype=np.intp, count=len(lists))
    return np.cumsum(lengths) - lengths, lengths, np.fromiter(chain.from_iterable(lists), dtype=np.intp)
