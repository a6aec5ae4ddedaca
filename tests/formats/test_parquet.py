"""Parquet, as data hubs ship it."""

import json

import pytest

from windowner.errors import DataError
from windowner.formats.reading import read_corpus

pa = pytest.importorskip("pyarrow")
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
