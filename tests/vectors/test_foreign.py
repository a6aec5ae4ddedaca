"""Vectors of other tools: JSON, folders of unknown content, and the files that `vectors.source` reads."""

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors import foreign
from windowner.vectors.foreign import read_foreign


def test_an_object_of_lists(tmp_path):
    (tmp_path / "own.json").write_text('{"Paris": [1, 2.5], "ἄλφα": [-1e3, 0]}', encoding="utf-8")
    vectors, left_out = read_foreign(str(tmp_path / "own.json"))
    assert (vectors.words, left_out) == (["Paris", "ἄλφα"], "")
    np.testing.assert_array_equal(vectors.array, np.array([[1, 2.5], [-1000, 0]], np.float32), strict=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": [1, 2], "b": [1]}', "found 1 number for 'b', expected 2"),
        ('{"a": []}', "found 0 numbers for 'a', expected at least 1"),
        ('{"a": [1e99]}', "the vector of 'a': found inf, expected finite numbers"),
        ('{"a": ["x"]}', "Expected `float`, got `str`"),
        ("[1]", r'.*; expected {"word": \[numbers\], ...}'),
        ('{"a": [1]', r'Input data was truncated; expected {"word": \[numbers\], ...}'),
        ("{}", "found no vectors of whole words, expected at least one"),
    ],
)
def test_other_json(tmp_path, content, message):
    (tmp_path / "own.json").write_text(content)
    with pytest.raises(VectorsError, match=rf"own\.json: {message}"):
        read_foreign(str(tmp_path / "own.json"))


def test_other_files_and_folders(tmp_path):
    (tmp_path / "own.vec").write_text("paris 1 2\n")
    assert read_foreign(str(tmp_path / "own.vec"))[0].words == ["paris"]
    with pytest.raises(VectorsError, match=r"another folder; expected a folder of spaCy .* or of model2vec"):
        read_foreign(str(tmp_path))
    with pytest.raises(VectorsError, match="no such file"):
        read_foreign(str(tmp_path / "none"))
    with pytest.raises(VectorsError, match=r"none\.json: No such file"):
        read_foreign(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("asked", "hint"), [({"forms": ["oslo"]}, "leave out --forms"), ({"keep": 1}, "leave out --keep")]
)
def test_what_only_ngrams_can_do_is_refused_without_them(tmp_path, asked, hint):
    (tmp_path / "own.vec").write_text("paris 1 2\n")
    with pytest.raises(VectorsError, match=hint):
        read_foreign(str(tmp_path / "own.vec"), **asked)


def test_json_of_too_many_bytes_is_refused_before_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "own.json").write_text('{"Paris": [1, 2.5]}')
    monkeypatch.setattr(foreign, "LARGEST_WHOLE", 18)
    with pytest.raises(VectorsError, match=r"own\.json: more than 18 bytes of JSON, expected word2vec text"):
        read_foreign(str(tmp_path / "own.json"))
