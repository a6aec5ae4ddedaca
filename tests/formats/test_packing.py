"""What is compressed depends on the content alone, and not on the time or a name."""

import gzip

import pytest

from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.packing import QUICK, SMALL, open_output, packed

CONTENT = b"Quito B-LOC\n" * 100


def test_content_comes_back():
    assert gzip.decompress(packed(CONTENT)) == CONTENT
    assert len(packed(CONTENT)) < len(CONTENT)


@pytest.mark.parametrize("level", [None, QUICK, SMALL])
def test_what_is_written_comes_back_whatever_the_name(tmp_path, level):
    for name in ("a.gz", "b"):
        with open_output(tmp_path / name, level) as file:
            file.write(CONTENT)
    written = (tmp_path / "a.gz").read_bytes()
    assert written == (tmp_path / "b").read_bytes()
    assert (written if level is None else gzip.decompress(written)) == CONTENT


@pytest.mark.parametrize("suffix", [".jsonl", ".spacy"])
def test_a_compressed_file_holds_neither_its_name_nor_the_time(tmp_path, suffix):
    if suffix == ".spacy":
        pytest.importorskip("spacy")
    (tmp_path / "a.conll").write_bytes(CONTENT)
    convert_file(tmp_path / "a.conll", tmp_path / f"b{suffix}.gz", ReadOptions())
    assert (tmp_path / f"b{suffix}.gz").read_bytes()[3:8] == bytes(5)  # flags and time in the header
