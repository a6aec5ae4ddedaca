"""JSON Lines: read, written, and read again."""

import io

import pytest

from windowner.errors import DataError
from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.text.sentence import Sentence


def read(text: str, tagged: bool = True) -> list[Sentence]:
    return list(read_json_lines(io.BytesIO(text.encode()), "f", ReadOptions(tag_column=-1 if tagged else None)))


def test_json_lines() -> None:
    first = '{"tokens": ["New York", "\u2028", "\\u00e9"], "tags": ["B-a-b", "I", "O"], "id": 3}'
    text = f'{first}\n \n{{"tags": [], "tokens": []}}'
    assert read(text) == [
        Sentence(["New York", "\u2028", "é"], ["B-a-b", "I", "O"], 1, [], extra={"id": 3}),
        Sentence([], [], 3, []),
    ]
    assert not read(text)[1].is_document_start


def test_tags_may_be_left_out_where_none_are_needed() -> None:
    text = '{"tokens": ["a"]}\r\n{"tokens": ["b"], "tags": ["O"]}\r\n'
    assert read(text, tagged=False) == [Sentence(["a"], None, 1, []), Sentence(["b"], ["O"], 2, [])]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"tokens": ["a"]}', "f:1: no tags, expected one for each token"),
        ('\n{"tokens": ["a"], "tags": ["O", "O"]}', "f:2: 2 tags, expected 1, one for each token"),
        ('{"tokens": ["a"], "tags": ["per"]}', "f:1: unknown tag 'per', expected O or one of B I E S L U with a type"),
        ('{"tags": ["O"]}', "f:1: Object missing required field `tokens`; expected an object with tokens and tags"),
        (
            '{"tokens": "a b"}',
            "f:1: Expected `array`, got `str` - at `$.tokens`; expected an object with tokens and tags",
        ),
        ('{"tokens": [1]}', "f:1: Expected `str`, got `int` - at `$.tokens[0]`; expected an object"),
        ('["a"]', "f:1: Expected `object`, got `array`; expected an object with tokens and tags, lists of strings"),
        ("a O", "f:1: JSON is malformed: invalid character (byte 0); expected an object"),
        ('{"tokens": ["a"], "tags": ["O"]}\n{"tok', "f:2: Input data was truncated; expected an object"),
    ],
)
def test_errors_name_line_found_and_expected(text: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


def test_json_lines_can_be_read_again() -> None:
    sentence = Sentence(['"', "\u2028", "\n\t\\", "é"], None, 1, [])
    line = json_line(sentence, ["O", "B-a-b", "I", "O"])
    assert line.count("\n") == 1
    (again,) = read_json_lines(io.BytesIO(line.encode()), "f")
    assert again[:2] == (sentence.tokens, ["O", "B-a-b", "I", "O"])


def test_json_text_and_scores() -> None:
    sentence = Sentence(["é"], None, 1, ["é x"])
    assert json_line(sentence, ["O"]) == '{"tokens":["é"],"tags":["O"]}\n'
    assert json_line(sentence, ["O"], [0.123456]) == '{"tokens":["é"],"tags":["O"],"scores":[0.1235]}\n'


def test_a_document_mark_has_no_line() -> None:
    assert json_line(Sentence([], None, 1, ["-DOCSTART- -X-"]), []) == ""
