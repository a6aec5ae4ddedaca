"""Files that no tool should write: each is an error with its line, never a traceback and never a wrong result."""

import io
import json

import pytest

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.head import Head
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import recognise
from windowner.formats.texts import read_text_records

DEEP = "[" * 10_000 + "]" * 10_000
TWO_TOKENS = [{"start": 0, "end": 3}, {"start": 4, "end": 9}]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", '[{"data": {"text": "Ana"}, "annotations": [7, null]}]', "1: Expected `object`, got `int` - at"),
        ("a.json", '[{"data": {"text": "Ana"}, "annotations": {"result": []}}]', "1: Expected `array"),
        ("a.json", '[{"data": {"x": "a", "y": "b"}, "annotations": [{"result": [{"to_name": "z"}]}]}]', "1: 2 strings"),
        ("a.csv", 'sentence,token,tag\n1,"Ana,B-PER\n1,saw,O\n', "3: unexpected end of data"),
        ("a.jsonl", {"tokens": ["Ana"], "tags": ["B-P\tER"]}, r"1: tag 'B-P\\tER' holds a tab or a line end"),
        ("a.jsonl", {"text": "Ana", "spans": [[0, 3, "P\nER"]]}, r"1: span 0 to 3 with the label .P\\nER., expec"),
        (
            "a.jsonl",
            {"text": "Ana", "label": {"PER": {"Ana": [["0", 2]]}}},
            r'1: PER .Ana. has the place \["0",2\], expe',
        ),
        (
            "a.jsonl",
            {"text": "Ana", "label": {"PER": {"Ana": [0, 2]}}},
            "1: PER 'Ana' has the place 0, expected a list",
        ),
        ("a.jsonl", {"text": "Ana", "label": {"PER": {"Ana": [[0, 2], [1]]}}}, r"1: PER 'Ana' has the place \[1\], "),
        ("a.jsonl", {"text": "Ana", "label": {"PER": {"Ana": "0-2"}}}, '1: PER .Ana. has the place "0-2", expected'),
        ("a.jsonl", {"text": "Ana saw", "spans": [], "tokens": TWO_TOKENS}, "1: tokens overlap or lie outside"),
        (
            "a.jsonl",
            {"text": "Ana lives", "spans": [], "tokens": TWO_TOKENS, "sentences": [1]},
            r"1: sentences \[1\], ",
        ),
        ("a.jsonl", {"text": "Ana lives", "spans": [], "tokens": TWO_TOKENS, "sentences": [-1, 3]}, "1: sentences "),
    ],
)
def test_labelled_files(tmp_path, name, content, message):
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match=f"{name}:{message}"):
        read_corpus(tmp_path / name)


@pytest.mark.parametrize("span", [(0, 99), (-3, 2), (1, 1), (3, 1), (0, 10**30)])
def test_a_span_outside_of_its_text_is_not_converted(tmp_path, span):

    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Ana", "spans": [[*span, "PER"]]}), encoding="utf-8")
    with pytest.raises(DataError, match="expected 0 <= start < end <= 3, the length of the text"):
        convert_file(tmp_path / "a.jsonl", tmp_path / "out", ReadOptions(), target_format="brat")


def test_a_digit_that_is_no_number_in_standoff(tmp_path):
    (tmp_path / "a.txt").write_text("Ana lives", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tPER 0 \u00b2\tAna\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.ann:1: .*, expected T1, a tab, label, start and end"):
        read_corpus(tmp_path)


def test_a_format_without_tags_is_no_labelled_text(tmp_path):
    (tmp_path / "a.txt").write_text("Ana lives\n", encoding="utf-8")
    with pytest.raises(DataError, match="the format tokens has no tags"):
        read_corpus(tmp_path / "a.txt", format="tokens")


def test_a_text_in_a_record_that_is_nested_too_deeply():
    stream = io.BytesIO(f'{{"text": "Ana", "x": {DEEP}}}\n'.encode())
    with pytest.raises(DataError, match="a:1: nested too deeply; expected an object with a text"):
        list(read_text_records(stream, "a"))


def test_records_are_told_apart_by_their_tokens():
    deep = f'{{"text": "Ana", "x": {DEEP}}}'
    places = json.dumps({"text": "Ana lives", "tokens": TWO_TOKENS})
    strings = json.dumps({"text": "Ana lives", "tokens": ["Ana", "lives"]})
    found = [recognise(Head.of(row.encode()), "a", unlabelled=True) for row in (deep, places, strings)]
    assert found == ["jsonl", "records", "jsonl"]
