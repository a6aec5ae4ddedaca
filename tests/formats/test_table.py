"""The table of formats."""

import io

import pytest

from windowner.formats.options import ReadOptions
from windowner.formats.table import FORMATS, SUFFIXES, WRITERS, format_of, suffix_of

SENTENCES = {
    "columns": "Paris O\nis O\n\nbig O\n",
    "tokens": "Paris is\nbig\n",
    "jsonl": '{"tokens": ["Paris", "is"]}\n{"tokens": ["big"]}\n',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_the_same_sentences(name: str) -> None:
    read = FORMATS[name].read(io.BytesIO(SENTENCES[name].encode()), "f", ReadOptions(tag_column=None, first_line=4))
    found = [(sentence.tokens, sentence.line) for sentence in read]
    assert found == [(["Paris", "is"], 4), (["big"], 7 if name == "columns" else 5)]


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_read_again(name: str) -> None:
    (sentence,) = FORMATS["tokens"].read(io.BytesIO(b"Paris is"), "f", ReadOptions())
    text = WRITERS[name](sentence, ["B-LOC", "O"], None)
    (again,) = FORMATS[name].read(io.BytesIO(text.encode()), "f", ReadOptions())
    assert (again.tokens, again.tags) == (["Paris", "is"], ["B-LOC", "O"])


def test_a_suffix_belongs_to_one_format() -> None:
    assert len(SUFFIXES) == sum(len(format.suffixes) for format in FORMATS.values())


@pytest.mark.parametrize(
    ("path", "suffix", "name"),
    [
        ("a.conll", ".conll", "columns"),
        ("d.x/a.b.jsonl.gz", ".jsonl", "jsonl"),
        ("a.txt", ".txt", "columns"),  # lines of tokens hold no tags, so a labelled file is none
        ("-", "", "columns"),
        ("a.tsv", ".tsv", "columns"),
    ],
)
def test_a_name_says_the_format_of_a_labelled_file(path: str, suffix: str, name: str) -> None:
    assert (suffix_of(path), format_of(path)) == (suffix, name)
