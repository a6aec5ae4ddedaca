"""Files of rules: what they may say, and what is refused."""

import gzip
import json

import pytest

from windowner.errors import DataError
from windowner.tagger.rules.rules import Rules
from windowner.tagger.rules.token_tests import read_test, word_shape


def message(record):
    text = record if isinstance(record, str) else json.dumps(record)
    with pytest.raises(DataError) as error:
        Rules.from_lines(["", text], "rules.jsonl")
    return str(error.value)


def test_a_file_may_be_gzipped_and_hold_blank_lines(tmp_path):
    text = '\ufeff{"label": "ORG", "pattern": "Apple Inc."}\n\n{"pattern": "May", "never": true, "id": "month"}\n'
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    rules = Rules.read(tmp_path / "a.jsonl")
    assert rules.rules == Rules.read(tmp_path / "a.jsonl.gz").rules
    assert [(rule.label, rule.never, rule.id) for rule in rules.rules] == [("ORG", False, ""), (None, True, "month")]
    assert len(rules) == 2
    assert rules.labels == ["ORG"]
    assert Rules.from_lines(rules.lines, "model").rules == rules.rules


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xff\xff")
    with pytest.raises(DataError, match=r"a.jsonl: .*expected UTF-8"):
        Rules.read(tmp_path / "a.jsonl")
    with pytest.raises(DataError, match=r"b.jsonl: no such file"):
        Rules.read(tmp_path / "b.jsonl")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", "Input data was truncated; expected a JSON object with label and pattern"),
        ("[1]", "[1], expected an object with label and pattern"),
        (
            {"lable": "ORG", "pattern": "x"},
            'the rule: unknown key "lable", expected label, pattern, regex, id, never; did you mean label?',
        ),
        ({"label": "ORG"}, "neither pattern nor regex, expected one of pattern and regex"),
        (
            {"label": "ORG", "pattern": "x", "regex": "x"},
            "pattern and regex, expected one of pattern and regex",
        ),
        ({"pattern": "x"}, "label is null, expected an entity type without white space"),
        (
            {"label": "", "never": True, "pattern": "x"},
            'label is "", expected an entity type without white space, or null',
        ),
        ({"label": "A B", "pattern": "x"}, 'label is "A B", expected an entity type without white space'),
        (
            {"label": "O", "pattern": "x"},
            'label is "O", expected an entity type; what is no entity has "never": true and no label',
        ),
        ({"label": "X", "never": 1, "pattern": "x"}, "never is 1, expected true or false"),
        ({"label": "X", "id": 1, "pattern": "x"}, "id is 1, expected a string"),
        ({"label": "X", "pattern": " "}, 'pattern is " ", expected a phrase or a list with one object per token'),
        ({"label": "X", "pattern": []}, "pattern is [], expected a phrase or a list with one object per token"),
        ({"label": "X", "regex": "("}, 'regex is "(", expected a regular expression of Python: missing ), '),
        (
            {"label": "X", "pattern": [{"OP": "{60}"}, {"OP": "{41}"}]},
            "pattern is of 101 tokens or more, expected at most 100",
        ),
        (
            {"label": "X", "regex": "a{99999999999}"},
            'regex is "a{99999999999}", expected a regular expression of Python',
        ),
        ({"label": "X", "regex": ""}, 'regex is "", expected a regular expression'),
    ],
)
def test_what_is_no_rule_is_refused(record, said):
    assert message(record).startswith(f"rules.jsonl:2: {said}")


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ({"LOWR": "x"}, 'token pattern {"LOWR":"x"}: unknown key "LOWR", expected TEXT, ORTH, LOWER, '),
        ({"POS": "NOUN"}, 'token pattern {"POS":"NOUN"}: unknown key "POS", expected TEXT'),
        ({"TEXT": "a", "ORTH": "b"}, 'token pattern {"TEXT":"a","ORTH":"b"}: an attribute is named twice'),
        ({"lower": "a", "LOWER": "b"}, 'token pattern {"lower":"a","LOWER":"b"}: an attribute is named twice'),
        ({"LOWER": "San"}, 'LOWER is "San", expected lower-case text: "san"'),
        ({"LOWER": {"IN": ["a", "San"]}}, 'LOWER is "San", expected lower-case text: "san"'),
        ({"TEXT": 3}, "TEXT is 3, expected a string"),
        ({"TEXT": {}}, "TEXT is {}, expected a value or a comparison such as IN"),
        ({"TEXT": {"IN": "abc"}}, 'TEXT: IN is "abc", expected a list with values'),
        ({"TEXT": {"FUZZY": "abc"}}, 'TEXT: unknown key "FUZZY", expected IN, NOT_IN, ==, !=, REGEX'),
        ({"TEXT": {"REGEX": "["}}, 'TEXT: REGEX is "[", expected a regular expression of Python: '),
        ({"LENGTH": True}, "LENGTH is true, expected a number"),
        ({"LENGTH": {">=": "3"}}, 'LENGTH is "3", expected a number'),
        ({"IS_DIGIT": "yes"}, 'IS_DIGIT is "yes", expected true or false'),
        ({"OP": "?", "op": "*"}, 'token pattern {"OP":"?","op":"*"}: OP is named twice, expected it once'),
        ({"OP": "x"}, 'OP is "x", expected one of ! ? + * {n} {n,m} {n,} {,m}'),
        ({"OP": "{}"}, 'OP is "{}", expected one of ! ? + * {n} {n,m} {n,} {,m}'),
        ({"OP": "{3,2}"}, 'OP is "{3,2}", expected n <= m, and m from 1 to 100'),
        ({"OP": "{0}"}, 'OP is "{0}", expected n <= m, and m from 1 to 100'),
        ({"OP": "{101,}"}, 'OP is "{101,}", expected n <= m, and m from 1 to 100'),
    ],
)
def test_what_is_no_token_pattern_is_refused(element, said):
    assert message({"label": "X", "pattern": [element]}).startswith(f"rules.jsonl:2: {said}")


@pytest.mark.parametrize(
    ("operator", "counts"),
    [
        *[("!", (1, 1)), ("?", (0, 1)), ("*", (0, None)), ("+", (1, None))],
        *[("{2}", (2, 2)), ("{1,3}", (1, 3)), ("{2,}", (2, None)), ("{,3}", (0, 3))],
    ],
)
def test_operators(operator, counts):
    ((element,),) = (rule.pattern for rule in Rules.of([{"label": "X", "pattern": [{"OP": operator}]}]).rules)
    assert (element.least, element.most) == counts


@pytest.mark.parametrize(
    ("record", "passing", "failing"),
    [
        ({}, "x", ""),
        ({"ORTH": "San"}, "San", "san"),
        ({"lower": "san"}, "SAN", "Sam"),
        ({"SHAPE": "Xxxxx-dd"}, "Gloves-12", "Glove-1"),
        ({"LENGTH": {">": 2, "<": 5}}, "abc", "ab"),
        ({"LENGTH": {"IN": [1, 3]}}, "a", "ab"),
        ({"TEXT": {"REGEX": "^a", "NOT_IN": ["ab"]}}, "ac", "ab"),
        ({"LOWER": {"REGEX": "b$"}}, "AB", "ba"),
        ({"IS_ALPHA": True, "IS_LOWER": False}, "Ab", "ab"),
        ({"IS_ASCII": False}, "é", "e"),
        ({"IS_UPPER": True}, "AB", "Ab"),
        ({"IS_TITLE": True}, "Ab", "AB"),
        ({"IS_PUNCT": True}, "...", "a."),
        ({"IS_CURRENCY": True}, "€", "E"),
        ({"IS_DIGIT": True, "OP": "+"}, "12", "1.2"),
    ],
)
def test_tests_of_tokens(record, passing, failing):
    test = read_test(record)
    assert test(passing)
    assert test(failing) == (record == {})


def test_equal_tests_have_equal_keys():
    keys = {read_test(record).key for record in ({"TEXT": "a", "LENGTH": 1}, {"length": 1, "orth": "a", "OP": "?"})}
    assert len(keys) == 1


def test_records_that_are_no_json_are_refused():
    with pytest.raises(DataError, match=r"rules:2: .*; expected strings, numbers, lists and objects of JSON"):
        Rules.of([{"label": "X", "pattern": "x"}, {"label": "X", "pattern": object()}])


def test_shapes_are_those_of_spacy():
    """The shapes that spaCy 3.8 gives to these words."""
    words = {"Apple": "Xxxxx", "COVID-19": "XXXX-dd", "a1b2": "xdxd", "1234567": "dddd", "é.": "x.", "中文": "xx"}
    words |= {"x" * 99: "xxxx", "x" * 100: "LONG"}
    assert {word: word_shape(word) for word in words} == words
