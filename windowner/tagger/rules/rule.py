r"""A rule: which tokens it is about, and what it says of them.

{"label": "ORG", "pattern": "Apple Inc."}                          a phrase
{"label": "LOC", "pattern": [{"LOWER": "san"}, {"LOWER": "jose"}]} a token pattern
{"label": "ID", "regex": "[A-Z]{2}-\d+"}                           a regular expression
{"label": "PER", "pattern": "May", "never": true}                  these tokens are in no PER
{"pattern": "May", "never": true}                                  these tokens are in no entity
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from windowner.tagger.rules.checking import check_keys, shown
from windowner.tagger.rules.token_tests import OPERATOR, TokenTest, read_regex, read_test

KEYS = ("label", "pattern", "regex", "id", "never")
MOST = 100
"""Largest number of tokens that a token pattern may ask for."""

_COUNTS = re.compile(r"\{(\d*)(,?)(\d*)\}")


class Element(NamedTuple):
    """One object of a token pattern.

    Parameters
    ----------
    test
        What each of its tokens passes.
    least, most
        How many tokens it stands for. `most` is None where there is no bound.
    negated
        Whether its token must fail the test.
    """

    test: TokenTest
    least: int = 1
    most: int | None = 1
    negated: bool = False


class Rule(NamedTuple):
    """A rule.

    Parameters
    ----------
    label
        The entity type. None for all types, in a rule that says `never`.
    never
        Whether the tokens never are in an entity of this type. Otherwise they are one.
    pattern
        A phrase, the elements of a token pattern, or a regular expression.
    id
        What the output calls the rule. "" if it has no name.
    """

    label: str | None
    never: bool
    pattern: "str | tuple[Element, ...] | re.Pattern[str]"
    id: str = ""


def read_rule(record: Any) -> Rule:
    """Return the rule that a record describes.

    Raises
    ------
    ValueError
        If it describes none.
    """
    if not isinstance(record, dict):
        raise ValueError(f"{shown(record)}, expected an object with label and pattern")
    check_keys(record, KEYS, "the rule")
    never = record.get("never", False)
    if not isinstance(never, bool):
        raise ValueError(f"never is {shown(never)}, expected true or false")
    name = record.get("id", "")
    if not isinstance(name, str):
        raise ValueError(f"id is {shown(name)}, expected a string")
    return Rule(_label(record, never), never, _pattern(record), name)


def _label(record: Mapping[str, Any], never: bool) -> str | None:
    label = record.get("label")
    if label is None and never:
        return None
    if not isinstance(label, str) or not label or len(label.split()) != 1 or label != label.strip():
        expected = "an entity type without white space" + (", or null" if never else "")
        raise ValueError(f"label is {shown(label)}, expected {expected}")
    if label == "O":
        raise ValueError('label is "O", expected an entity type; what is no entity has "never": true and no label')
    return label


def _pattern(record: Mapping[str, Any]) -> "str | tuple[Element, ...] | re.Pattern[str]":
    given = [key for key in ("pattern", "regex") if key in record]
    if len(given) != 1:
        raise ValueError(f"{' and '.join(given) or 'neither pattern nor regex'}, expected one of pattern and regex")
    if given == ["regex"]:
        return read_regex(record["regex"], "regex")
    pattern = record["pattern"]
    if isinstance(pattern, str) and pattern.strip():
        return pattern
    if isinstance(pattern, list) and pattern and all(isinstance(each, dict) for each in pattern):
        elements = tuple(map(_element, pattern))
        least = sum(element.least for element in elements)
        if least > MOST:
            raise ValueError(f"pattern is of {least} tokens or more, expected at most {MOST}")
        return elements
    raise ValueError(f"pattern is {shown(pattern)}, expected a phrase or a list with one object per token")


def _element(record: Mapping[str, Any]) -> Element:
    names = [key for key in record if key.upper() == OPERATOR]
    if len(names) > 1:
        raise ValueError(f"token pattern {shown(record)}: {OPERATOR} is named twice, expected it once")
    sign = record[names[0]] if names else "{1}"
    least, most = _counts(sign)
    return Element(read_test(record), least, most, negated=sign == "!")


def _counts(sign: Any) -> tuple[int, int | None]:
    """Return the least and the largest number of tokens that an operator stands for."""
    plain: dict[Any, tuple[int, int | None]] = {"!": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}
    if isinstance(sign, str) and sign in plain:
        return plain[sign]
    match = _COUNTS.fullmatch(sign) if isinstance(sign, str) else None
    if match is None or not (match[1] or match[3]):
        raise ValueError(f"{OPERATOR} is {shown(sign)}, expected one of ! ? + * {{n}} {{n,m}} {{n,}} {{,m}}")
    least = int(match[1] or 0)
    most = least if not match[2] else int(match[3]) if match[3] else None
    if (most is not None and most < max(least, 1)) or max(least, most or 0) > MOST:
        raise ValueError(f"{OPERATOR} is {shown(sign)}, expected n <= m, and m from 1 to {MOST}")
    return least, most
