"""Text without labels, read as sentences with its documents."""

import pytest
from synthetic import train_tiny

from windowner.errors import DataError
from windowner.labels.unlabelled import read_unlabelled


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    return train_tiny(tmp_path_factory.getbasetemp()).run.tagger


def test_each_text_is_a_document(tagger, tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("John lives. Mary lives.\n\nRome.\n")
    sentences, starts = read_unlabelled(tagger, path)
    assert [sentence.tokens for sentence in sentences] == [
        ["John", "lives", "."],
        ["Mary", "lives", "."],
        ["Rome", "."],
    ]
    assert starts == [0, 2]
    assert [sentence.line for sentence in sentences] == [1, 1, 3]
    assert all(sentence.tags is None for sentence in sentences)


def test_marks_of_column_files_open_documents(tagger, tmp_path):
    path = tmp_path / "text.conll"
    path.write_text("a O\n\n-DOCSTART- O\n\n-DOCSTART- O\n\nb O\n\nc O\n")
    sentences, starts = read_unlabelled(tagger, path, "columns")
    assert [sentence.tokens for sentence in sentences] == [["a"], ["b"], ["c"]]
    assert starts == [1]
    assert sentences[0].tags is None


def test_nothing_to_read(tagger, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n")
    with pytest.raises(DataError, match="no tokens"):
        read_unlabelled(tagger, path)
