"""What a body may hold, and what a client is told of any other."""

import pytest

from windowner.adapters.service.limits import Limits
from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import ExplainRequest, TagRequest, decode

LIMITS = Limits(text=10, texts=2, tokens=3)


def problem_of(body, kind=TagRequest) -> tuple[int, str, str]:
    with pytest.raises(Problem) as caught:
        decode(body if isinstance(body, bytes) else body.encode(), kind, LIMITS)
    assert str(caught.value).startswith(f"{caught.value.where}: {caught.value.found}, expected ")
    return caught.value.status, caught.value.where, caught.value.found


def test_a_request_is_read():
    request = decode(b'{"texts": ["a", "\\ud83d\\ude00"], "min_probability": 1}', TagRequest, LIMITS)
    assert (request.all_texts, request.min_probability, request.characters) == (["a", "\U0001f600"], 1.0, 2)
    request = decode(b'{"tokens": [["ab", "c"], []], "document": true}', TagRequest, LIMITS)
    assert (request.all_texts, request.tokens, request.document, request.characters) == ([], [["ab", "c"], []], True, 3)
    assert decode(b'{"text": ""}', TagRequest, LIMITS).all_texts == [""]


@pytest.mark.parametrize(
    "body",
    [
        *("", "x", '{"text": "a"} b', '{"text": "a', '{"text": NaN}', '{"text": "\\ud800"}', "\ufeff{}"),
        *(b'{"text": "\xff"}', b'{"text": "\xed\xa0\x80"}'),
    ],
)
def test_what_is_no_json(body):
    status, where, found = problem_of(body)
    assert (status, where) == (400, "body")
    assert found.startswith("no JSON in UTF-8")


@pytest.mark.parametrize(
    ("body", "where", "found"),
    [
        ("[]", "body", "array"),
        ("[" * 100_000, "body", "array"),
        ('{"text": 1}', "text", "int"),
        ('{"text": [["a"]]}', "text", "array"),
        ('{"texts": ["a", null]}', "texts[1]", "null"),
        ('{"tokens": [["a", 1]]}', "tokens[0][1]", "int"),
        ('{"tokens": ' + "[" * 100_000, "tokens[0][0]", "array"),
        ('{"x": ' + "[" * 100_000, "body", "object contains unknown field x"),
        ('{"text": "a", "min_probability": 1.5}', "min_probability", "another value"),
        ('{"text": "a", "min_probability": 1e999}', "min_probability", "number out of range"),
        ("{}", "body", "none of them"),
        ('{"text": "a", "tokens": []}', "body", "text and tokens"),
        ('{"text": "12345678901"}', "text", "11 characters"),
        ('{"texts": ["", "12345678901"]}', "texts[1]", "11 characters"),
        ('{"texts": ["", "", ""]}', "texts", "3 texts"),
        ('{"tokens": [[], [], []]}', "tokens", "3 sentences"),
        ('{"tokens": [["a", "b"], ["c", "d"]]}', "tokens", "4 tokens"),
    ],
)
def test_what_is_not_accepted(body, where, found):
    assert problem_of(body) == (422, where, found)


@pytest.mark.parametrize(("value", "kind"), [("9" * 5000, "integer value"), ("1e999", "number")])
def test_a_number_that_no_computer_holds(value, kind):
    with pytest.raises(Problem) as caught:
        decode(f'{{"text": "a", "word": {value}}}'.encode(), ExplainRequest, LIMITS)
    assert str(caught.value) == f"word: {kind} out of range, expected another value"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{"text": "a"}', "body"),
        ('{"text": "a", "word": 0, "character": 0}', "body"),
        ('{"word": 0}', "body"),
        ('{"text": "a", "word": -1}', "word"),
        ('{"tokens": [["a"]], "character": 0}', "character"),
        ('{"text": "12345678901", "word": 0}', "text"),
    ],
)
def test_which_word_is_explained_must_be_said_once(body, where):
    assert problem_of(body, ExplainRequest)[:2] == (422, where)


def test_deep_json_where_any_value_may_stand(monkeypatch):
    """No key of today takes any value. A decoder that meets one answers with a RecursionError."""

    def deep(*args, **kwargs):
        raise RecursionError

    monkeypatch.setattr("msgspec.json.decode", deep)
    assert problem_of("{}") == (400, "body", "JSON of too many levels")
