"""Tests of single tokens, as the token patterns of spaCy's Matcher have them.

    {"LOWER": "san"}                              an attribute, and its value
    {"LENGTH": {">=": 3, "<": 6}}                 an attribute, and comparisons that all hold
    {"IS_TITLE": true, "TEXT": {"REGEX": "ing$"}} several attributes, which all fit
    {}                                            any token

A test depends on the written form alone. So it is made once per distinct form.
"""

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from windowner.tagger.rules.checking import check_keys, shown

OPERATOR = "OP"
"""The key that says how many tokens a test stands for. It is no part of the test."""

RUN = 4
"""Longest run of one sign in a shape, as in spaCy."""

LONG = 100
"""Characters from which the shape of a form is the word LONG, as in spaCy."""

Check = Callable[[str], bool]


def word_shape(form: str) -> str:
    """Return the shape of a form as spaCy writes it: `Xxxxx-dd` for `Gloves-12`. Runs are cut after four signs."""
    if len(form) >= LONG:
        return "LONG"
    signs = ("d" if c.isdigit() else ("X" if c.isupper() else "x") if c.isalpha() else c for c in form)
    return "".join("".join(run)[:RUN] for _, run in groupby(signs))


def is_of_category(start: str, form: str) -> bool:
    """Return whether the Unicode categories of all characters begin so."""
    return all(unicodedata.category(character).startswith(start) for character in form)


STRINGS: dict[str, Callable[[str], str]] = {"TEXT": str, "ORTH": str, "LOWER": str.lower, "SHAPE": word_shape}
NUMBERS: dict[str, Callable[[str], int]] = {"LENGTH": len}
FLAGS: dict[str, Check] = {
    "IS_ALPHA": str.isalpha,
    "IS_ASCII": str.isascii,
    "IS_DIGIT": str.isdigit,
    "IS_LOWER": str.islower,
    "IS_UPPER": str.isupper,
    "IS_TITLE": str.istitle,
    "IS_PUNCT": partial(is_of_category, "P"),
    "IS_CURRENCY": partial(is_of_category, "Sc"),
}
ATTRIBUTES = (*STRINGS, *NUMBERS, *FLAGS)
LISTS: dict[str, Callable[[Any, Any], bool]] = {
    "IN": lambda value, listed: value in listed,
    "NOT_IN": lambda value, listed: value not in listed,
}
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
REGEX = "REGEX"


class TokenTest(NamedTuple):
    """A test of a token.

    Parameters
    ----------
    key
        The test as text. Equal tests have equal keys.
    equal
        Attribute and value, if the test is that one of `TEXT` and `LOWER` is equal to a value. Else None.
    checks
        What must hold of a form. Nothing of any token.
    """

    key: str
    equal: tuple[str, str] | None
    checks: tuple[Check, ...]

    def __call__(self, form: str) -> bool:
        """Return whether a form passes the test."""
        return all(check(form) for check in self.checks)


def read_test(record: Mapping[str, Any]) -> TokenTest:
    """Return the test that an object of a token pattern describes.

    Raises
    ------
    ValueError
        If a key or a value is unknown.
    """
    values = {key.upper(): value for key, value in record.items() if key.upper() != OPERATOR}
    check_keys(values, ATTRIBUTES, f"token pattern {shown(record)}")
    values = {"TEXT" if key == "ORTH" else key: value for key, value in values.items()}
    if len(values) < sum(key.upper() != OPERATOR for key in record):
        raise ValueError(f"token pattern {shown(record)}: an attribute is named twice, expected it once")
    checks = tuple(check for key, value in values.items() for check in _checks(key, value))
    equal = None
    if len(values) == 1:
        ((key, value),) = values.items()
        equal = (key, value) if key in ("TEXT", "LOWER") and isinstance(value, str) else None
    return TokenTest(msgspec.json.encode(values, order="deterministic").decode(), equal, checks)


def _checks(key: str, value: Any) -> list[Check]:
    """Return what an attribute and its value demand of a form."""
    if key in FLAGS:
        if not isinstance(value, bool):
            raise ValueError(f"{key} is {shown(value)}, expected true or false")
        return [partial(_is, FLAGS[key], value)]
    attribute, kind = (STRINGS[key], str) if key in STRINGS else (NUMBERS[key], int)
    if not isinstance(value, dict):
        return [partial(_holds, attribute, operator.eq, _value(key, value, kind))]
    orders = ORDERS if kind is int else {"==": operator.eq, "!=": operator.ne}
    check_keys(value, (*LISTS, *orders, *((REGEX,) if kind is str else ())), key)
    if not value:
        raise ValueError(f"{key} is {{}}, expected a value or a comparison such as IN")
    return [_comparison(key, name, each, kind, attribute) for name, each in value.items()]


def _comparison(key: str, name: str, value: Any, kind: type, attribute: Callable[[str], Any]) -> Check:
    if name == REGEX:
        return partial(_searches, attribute, read_regex(value, f"{key}: {REGEX}"))
    if name in LISTS:
        if not isinstance(value, list) or not value:
            raise ValueError(f"{key}: {name} is {shown(value)}, expected a list with values")
        return partial(_holds, attribute, LISTS[name], frozenset(_value(key, each, kind) for each in value))
    return partial(_holds, attribute, ORDERS[name], _value(key, value, kind))


def _value(key: str, value: Any, kind: type) -> Any:
    """Return a value that tokens may have."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{key} is {shown(value)}, expected {'a string' if kind is str else 'a number'}")
    if key == "LOWER" and value != str(value).lower():
        raise ValueError(f"LOWER is {shown(value)}, expected lower-case text: {shown(str(value).lower())}")
    return value


def read_regex(value: Any, name: str) -> "re.Pattern[str]":
    """Return a regular expression.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {shown(value)}, expected a regular expression")
    try:
        return re.compile(value)
    except (re.error, OverflowError) as error:
        raise ValueError(f"{name} is {shown(value)}, expected a regular expression of Python: {error}") from None


def _is(flag: Check, expected: bool, form: str) -> bool:
    return flag(form) == expected


def _holds(attribute: Callable[[str], Any], compare: Callable[[Any, Any], bool], value: Any, form: str) -> bool:
    return compare(attribute(form), value)


def _searches(attribute: Callable[[str], str], expression: "re.Pattern[str]", form: str) -> bool:
    return expression.search(attribute(form)) is not None
