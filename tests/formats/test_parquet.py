"""Parquet, as data hubs ship it."""

import io
import json
import sys
from pathlib import Path

import pytest

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import recognise_stream
from windowner.formats.streaming import stream_sentences
from windowner.formats.texts import TEXT_READERS

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyarrow.parquet")
DATA = Path(__file__).parents[2] / "data"
NAMES = ["O", "B-PER"]


def write(folder, table):
    from pyarrow.parquet import write_table

    path = folder / "train-00000-of-00001.parquet"
    write_table(table, path)
    return path


def test_numbers_get_the_names_of_the_schema(tmp_path):
    table = pa.table({"id": ["0", "1"], "tokens": [["Ana", "is"], ["x"]], "ner_tags": [[1, 0], [0]]})
    path = write(tmp_path, table)
    with pytest.raises(DataError, match=r"parquet:1: tag 1 is a number, expected a name; name them in order"):
        read_corpus(path)
    assert read_corpus(path, tag_names=NAMES).tags == [["B-PER", "O"], ["O"]]
    feature = {"feature": {"names": NAMES, "_type": "ClassLabel"}, "_type": "Sequence"}
    metadata = {"huggingface": json.dumps({"info": {"features": {"ner_tags": feature}}})}
    corpus = read_corpus(write(tmp_path, table.replace_schema_metadata(metadata)))
    assert (corpus.tokens, corpus.tags) == ([["Ana", "is"], ["x"]], [["B-PER", "O"], ["O"]])


def test_names_of_tags(tmp_path):
    path = write(tmp_path, pa.table({"words": [["Ana"]], "tags": [["B-PER"]]}))
    assert read_corpus(path).tags == [["B-PER"]]


def test_a_damaged_file_is_refused(tmp_path):
    path = write(tmp_path, pa.table({"words": [["Ana"]], "tags": [["B-PER"]]}))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="Parquet that cannot be read"):
        read_corpus(path)


TEXTS = {
    "list of structs": [{"start": 0, "end": 3, "label": "PER"}],
    "struct of lists": {"start": [0], "end": [3], "label": ["PER"]},
    "other names": [{"start_offset": 0, "end_offset": 3, "type": "PER", "text": "Ana"}],
}


def test_strings_that_are_no_utf8_are_refused_in_one_line(tmp_path):
    """pyarrow checks no text on reading."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    offsets, data = arrow.array([0, 1], arrow.int32()).buffers()[1], arrow.py_buffer(b"\xff")
    texts = arrow.StringArray.from_buffers(1, offsets, data)
    parquet.write_table(arrow.table({"text": texts, "spans": [[]]}), tmp_path / "texts.parquet")
    with pytest.raises(DataError, match=r"texts.parquet: Parquet that cannot be read: 'utf-8' codec .*") as caught:
        read_corpus(tmp_path / "texts.parquet")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", TEXTS)
@pytest.mark.parametrize("key", ["spans", "entities"])
def test_texts_with_spans(tmp_path, shape, key):
    empty = TEXTS[shape] and ({name: [] for name in TEXTS[shape]} if isinstance(TEXTS[shape], dict) else [])
    rows = [{"id": "a", "text": "Ana lives.", key: TEXTS[shape]}, {"id": "b", "text": "No one.", key: empty}]
    path = write(tmp_path, pa.Table.from_pylist(rows))
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == (
        [["Ana", "lives", "."], ["No", "one", "."]],
        [["B-PER", "O", "O"], ["O"] * 3],
    )
    target = tmp_path / "a.jsonl"
    convert_file(path, target, ReadOptions(), target_format="spans")
    assert json.loads(target.read_text().splitlines()[0]) == {
        "id": "a",
        "text": "Ana lives.",
        "spans": [{"start": 0, "end": 3, "label": "PER", "text": "Ana"}],
    }


def test_tokens_with_tags_beside_a_text_are_a_sentence(tmp_path):
    rows = [{"text": "Ana is", "tokens": ["Ana", "is"], "ner_tags": ["B-PER", "O"]}]
    assert read_corpus(write(tmp_path, pa.Table.from_pylist(rows))).tags == [["B-PER", "O"]]


def test_a_span_that_does_not_fit_names_its_row(tmp_path):
    rows = [{"text": "Ana", "spans": [{"start": 0, "end": end, "label": "PER"}]} for end in (3, 9)]
    with pytest.raises(DataError, match=r"parquet:2: span 0 to 9 PER, expected 0 <= start < end <= 3"):
        read_corpus(write(tmp_path, pa.Table.from_pylist(rows)))


@pytest.mark.parametrize("name", ["b.parquet", "b.parquet.gz"])
def test_what_is_written_is_read_again(tmp_path, name):
    source, target, back = tmp_path / "a.conll", tmp_path / name, tmp_path / "c.conll"
    source.write_text(
        "x O\n\n-DOCSTART- O\n\nAna B-PER\nLi I-PER\n\n-DOCSTART- O\n\n# O\n\nRome B-LOC\n", encoding="utf-8"
    )
    convert_file(source, target, ReadOptions())
    convert_file(target, back, ReadOptions())
    before, after = read_corpus(source), read_corpus(back)
    assert (after.tokens, after.tags, after.document_starts) == (before.tokens, before.tags, before.document_starts)


def test_what_is_written_has_lists_of_strings(tmp_path):
    source, target = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    source.write_text('{"id": 1, "tokens": ["Ana", "is"], "tags": ["B-PER", "O"]}\n', encoding="utf-8")
    done = convert_file(source, target, ReadOptions())
    assert pa.parquet.read_table(target).to_pylist() == [{"tokens": ["Ana", "is"], "tags": ["B-PER", "O"]}]
    assert done.lost["other keys of records"] == 1


def test_a_bundled_corpus_comes_back(tmp_path):
    source, target = DATA / "wikigold" / "dev.conll", tmp_path / "b.parquet"
    convert_file(source, target, ReadOptions())
    before, after = read_corpus(source), read_corpus(target)
    assert (after.tokens, after.tags, after.document_starts) == (before.tokens, before.tags, before.document_starts)


class Trickle(io.BytesIO):
    """A pipe that holds a few bytes at a time."""

    def read1(self, size=-1):
        return super().read1(100)


@pytest.mark.parametrize("format", ["", "parquet"])
def test_a_pipe_of_texts_is_told_from_one_of_tokens(tmp_path, format):
    texts = write(tmp_path, pa.Table.from_pylist([{"id": 7, "text": "Ana  is."}])).read_bytes()
    found, stream = recognise_stream(Trickle(texts), "f", format)
    (document,) = TEXT_READERS[found](stream, "f", 1)
    assert (found, document.text, document.extra) == ("parquet-texts", "Ana  is.", {"id": 7})
    tokens = write(tmp_path, pa.Table.from_pylist([{"tokens": ["Ana", "is"]}])).read_bytes()
    found, stream = recognise_stream(Trickle(tokens), "f", format)
    assert [each.tokens for each in stream_sentences(stream, "f", found)] == [["Ana", "is"]]


def test_parquet_needs_pyarrow(tmp_path, monkeypatch):
    path = write(tmp_path, pa.table({"words": [["Ana"]], "tags": [["B-PER"]]}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r'parquet: Parquet needs the arrow extra: pip install "windowner\[arrow\]"'):
        read_corpus(path)
