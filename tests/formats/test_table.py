"""The table of formats."""

import io
from typing import get_args, get_type_hints

import pytest

from windowner.formats.options import ReadOptions
from windowner.formats.settings import DataSettings
from windowner.formats.table import FORMATS, SUFFIXES, WRITERS, suffix_of
from windowner.formats.tokens import read_token_lines

SENTENCES = {
    "columns": "Paris O\nis O\n\nbig O\n",
    "tokens": "Paris is\nbig\n",
    "jsonl": '{"tokens": ["Paris", "is"]}\n{"tokens": ["big"]}\n',
    "conllu": "1\tParis\tO\n2\tis\tO\n\n1\tbig\tO\n",
    "csv": "token,tag\nParis,O\nis,O\n,\nbig,O\n",
    "brackets": "Paris (X)\nis *\n\nbig *\n",
}
LINES = {"columns": [4, 7], "tokens": [4, 5], "jsonl": [4, 5], "conllu": [4, 7], "csv": [5, 8], "brackets": [4, 7]}
OF_TOKENS = [name for name, format in FORMATS.items() if name in SENTENCES]


def test_every_format_has_its_example() -> None:
    assert set(OF_TOKENS) == {name for name, format in FORMATS.items() if not format.holds_documents} - {"parquet"}


@pytest.mark.parametrize("name", OF_TOKENS)
def test_every_format_reads_the_same_sentences(name: str) -> None:
    read = FORMATS[name].read
    assert read is not None
    options = ReadOptions(token_column=1 if name == "conllu" else 0, tag_column=None, first_line=4)
    found = [(each.tokens, each.line) for each in read(io.BytesIO(SENTENCES[name].encode()), "f", options)]
    assert found == [(["Paris", "is"], LINES[name][0]), (["big"], LINES[name][1])]


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_read_again(name: str) -> None:
    (sentence,) = read_token_lines(io.BytesIO(b"Paris is"), "f")
    text = WRITERS[name](sentence, ["B-LOC", "O"], None)
    read = FORMATS[name].read
    assert read is not None
    stream = io.BytesIO(text.encode())
    (again,) = read(stream, "f", ReadOptions())
    assert (again.tokens, again.tags) == (["Paris", "is"], ["B-LOC", "O"])


def test_a_config_may_name_every_format_of_labelled_text() -> None:
    choices = get_args(get_type_hints(DataSettings)["format"])
    assert set(choices) == {"auto", *FORMATS} - {"tokens"}


def test_a_suffix_belongs_to_one_format() -> None:
    assert len(SUFFIXES) == sum(len(format.suffixes) for format in FORMATS.values())


@pytest.mark.parametrize(
    ("path", "suffix"), [("a.conll", ".conll"), ("d.x/a.b.jsonl.gz", ".jsonl"), ("-", ""), ("a.tsv", ".tsv")]
)
def test_the_suffix_of_a_name(path: str, suffix: str) -> None:
    assert suffix_of(path) == suffix
