"""What a file is, its first bytes say: compressed files, encodings, line ends, and files that hold something else."""

import bz2
import errno
import gzip
import io
import lzma
import os
import sys
import zipfile

import pytest
from slow_pipe import Pipe

from windowner.errors import DataError
from windowner.formats import lines
from windowner.formats.changed import head_of
from windowner.formats.columns import read_columns
from windowner.formats.items import items_of_stream, read_items
from windowner.formats.opening import open_input, readable
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import sniff
from windowner.formats.table import FORMATS

TEXT = "Renée\tB-PER\nsings\tO\n\nRome\tB-LOC\n"


def zipped(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), TEXT)
    return content.getvalue()


def write(folder, content, name="f.x"):
    path = folder / name
    path.write_bytes(content)
    return path


CONTENTS = [
    TEXT.encode(),
    gzip.compress(TEXT.encode(), mtime=0),
    bz2.compress(TEXT.encode()),
    lzma.compress(TEXT.encode()),
    zipped("a.conll"),
    zipped("a.conll", "__MACOSX/a.conll"),
    gzip.compress(TEXT.encode("utf-16"), mtime=0),
    TEXT.encode("utf-16"),
    TEXT.encode("utf-32"),
    "\ufeff".encode("utf-16-be") + TEXT.encode("utf-16-be"),
    TEXT.replace("\n", "\r").encode(),
    TEXT.replace("\n", "\r").encode("utf-16"),
    TEXT.replace("\n", "\r\n").encode(),
    b"\xef\xbb\xbf" + TEXT.encode(),
]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", ["f.conll", "f.gz", "f.txt"])
def test_content_says_what_it_is(tmp_path, content, name):
    corpus = read_corpus(write(tmp_path, content, name))
    assert corpus.tokens == [["Renée", "sings"], ["Rome"]]
    assert corpus.tags == [["B-PER", "O"], ["B-LOC"]]


def test_an_encoding_is_named(tmp_path):
    path = write(tmp_path, TEXT.encode("cp1252"))
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert (
        str(caught.value)
        == f"{path}:1: byte 0xe9, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config"
    )
    assert read_corpus(path, encoding="cp1252").tokens[0][0] == "Renée"
    for name in ("nonsense", "hex", "rot13", "base64", "undefined"):  # those after the first one are codecs of no text
        with pytest.raises(DataError, match=f"unknown encoding '{name}', expected one that Python knows, such as cp"):
            read_corpus(path, encoding=name)
    with pytest.raises(DataError, match="not ascii, near line 1"):
        read_corpus(path, encoding="ascii")


def test_large_compressed_files_are_read_whole(tmp_path):
    text = "Renée\tB-PER\n\n" * 100_000
    for compress in (gzip.compress, bz2.compress, lzma.compress):
        with open_input(write(tmp_path, compress(text.encode("utf-16")))) as stream:
            assert stream.read().decode() == text


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_truncated_file_is_refused(tmp_path, compress):
    path = write(tmp_path, compress(TEXT.encode() * 50)[:-9])
    with pytest.raises(DataError, match="the compressed file ends too early, expected a whole"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped("a", "b"), ": a zip of 2 files (a, b), expected one; unpack it and name a file"),
        (zipped("[Content_Types].xml", "x"), ": an Office file, expected text; save it as CSV or plain text in UTF-8"),
        (b"PK\3\4 no zip", ": a zip that cannot be read: File is not a zip file; unpack it first"),
        (b"%PDF-1.7\n", ": a PDF, expected labelled text; extract its text and label that"),
        (
            b"\n<!DOCTYPE html>\n<html>",
            ": an HTML page, expected labelled text; download the file itself, such as",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            ": a pointer of git-lfs, not the file itself, expected",
        ),
        (b"\x80\x04\x95abc", ": a pickle, which is not read because it can run programs, expected labelled text; save"),
        (b"<?xml version='1.0'?>", ": XML, expected labelled text; export the labels as CoNLL, JSON Lines or CSV"),
        (b"#id=1\n#text=Ana\n1\tAna\tB-PER\n", ": WebAnno TSV 1 or 2, expected labelled text; export it as Web"),
        (b"3 5\nthe \0\x12\x9f\x3e", ": binary word vectors, expected labelled text; name them as vectors.source"),
        (b"the" + b" 0.125" * 50 + b"\n", ": word vectors, expected labelled text; name them as vectors.source"),
        (
            b"A\0n\0a\0\t\0O\0\n\0",
            ": UTF-16 without a byte order mark, or binary; expected text, or data.enc",
        ),
        (b"\1\2\3abc" * 30, ": binary data, expected labelled text in UTF-8"),
        (b"SQLite format 3\0", ": a database, expected labelled text; export the labels as CoNLL, JSON Lines or CSV"),
    ],
)
def test_other_kinds_are_named(tmp_path, content, message):
    path = write(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert str(caught.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("size", range(1, 9))
def test_carriage_returns_at_the_edges_of_blocks(monkeypatch, tmp_path, size):
    """The file is read a few bytes at a time, so that blocks end between and behind its line ends."""
    monkeypatch.setattr(lines, "BLOCK_SIZE", size)
    path = tmp_path / "f.conll"
    path.write_bytes(b"Ana B-PER\ris O\r\rRome B-LOC\r\r\rx O")
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([["Ana", "is"], ["Rome"], ["x"]], [["B-PER", "O"], ["B-LOC"], ["O"]])
    assert [sentence.line for sentence in corpus.sentences] == [1, 4, 7]


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_line_ends_of_windows_at_the_edges_of_blocks(monkeypatch, tmp_path, size, encoding):
    monkeypatch.setattr(lines, "BLOCK_SIZE", size)
    path = tmp_path / "f.conll"
    path.write_bytes("Ana B-PER\r\nis O\r\n\r\nRome B-LOC\r\n".encode(encoding))
    corpus = read_corpus(path)
    assert corpus.tokens == [["Ana", "is"], ["Rome"]]
    assert [sentence.line for sentence in corpus.sentences] == [1, 4]


class Failing(io.RawIOBase):
    """A file on a disk that fails after some bytes."""

    def __init__(self, content):
        self._content = content

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._content:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        given, self._content = self._content[: len(buffer)], self._content[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


@pytest.mark.parametrize("content", [b"", b"Ana\tB-PER\n" * 100, gzip.compress(b"Ana\tB-PER\n" * 100, mtime=0)[:-9]])
def test_a_disk_that_fails_is_one_error(content):
    with pytest.raises(DataError, match=r"^f: Input/output error, expected a readable file$"):
        list(read_columns(readable(io.BufferedReader(Failing(content)), "f"), "f"))


def test_the_beginning_of_a_disk_that_fails_is_one_error():
    with pytest.raises(DataError, match=r"^f: Input/output error, expected a readable file$"):
        head_of(io.BufferedReader(Failing(b"")), "f")


@pytest.mark.parametrize(("name", "message"), [(".", "a folder, expected a file"), ("no", "no such file")])
def test_what_cannot_be_opened(tmp_path, name, message):
    with pytest.raises(DataError) as caught:
        open_input(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {message}"


def test_a_damaged_xz_is_refused(tmp_path):
    content = bytearray(lzma.compress(TEXT.encode() * 50))
    content[30] ^= 255
    path = write(tmp_path, bytes(content))
    with pytest.raises(DataError, match="damaged or not compressed, expected a xz file"):
        read_corpus(path)


def test_a_python_without_xz(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lzma", None)
    with pytest.raises(DataError, match="compressed with xz, which this Python cannot read; unpack the file first"):
        read_corpus(write(tmp_path, lzma.compress(TEXT.encode())))


LAYOUTS = [
    b"token\tx\ttag\nAna\tx\tO\nin\tx\tO\n",
    b"1\tAna\tx\tO\n\n1\tRome\tx\tB-LOC\n2\tis\tx\tO\n",
    b"x,token,tag\na,Ana,O\nb,Rome,B-LOC\n",
    b"Ana PER\nis O\nin O\n. O\n",
    b'[{"tokens": ["Ana"],\n"tags": ["O"]}]',
    b"Ana\tO\r\nin\tO\r\n",
]


@pytest.mark.parametrize("content", CONTENTS + LAYOUTS)
def test_a_slow_pipe_is_read_as_a_file(tmp_path, content):
    """What its first bytes say does not depend on how many of them have arrived."""
    options, piped = ReadOptions(), ReadOptions()
    expected = list(read_items(write(tmp_path, content), "auto", "", options))
    with readable(io.BufferedReader(Pipe(content)), "f.x") as stream:
        form, piped = sniff(stream, "f.x", "auto", piped)
        assert list(items_of_stream(stream, "f.x", FORMATS[form], piped)) == expected
    assert piped.all_notes() == options.all_notes()


def test_a_file_of_small_compressed_parts_is_read_as_one(tmp_path):
    content = LAYOUTS[1]
    parts = b"".join(gzip.compress(content[place : place + 5], mtime=0) for place in range(0, len(content), 5))
    assert read_corpus(write(tmp_path, parts)).tokens == [["Ana"], ["Rome", "is"]]


def test_a_file_behind_a_small_buffer_is_read_as_one_behind_a_large_one(tmp_path):
    """Standard input has a buffer of 8 KB."""
    path = write(tmp_path, LAYOUTS[1])
    with path.open("rb", buffering=5) as small, readable(small, "f.x") as stream:
        assert head_of(stream, "f.x") == LAYOUTS[1]
        assert stream.read(3) == LAYOUTS[1][:3]
        assert stream.read() == LAYOUTS[1][3:]


def test_lines_of_a_pipe_that_are_wanted_at_once_wait_for_the_first_alone():
    pipe = Pipe(b"Ana\nlives\n")
    with readable(io.BufferedReader(pipe), "f.x", at_once=True):
        assert pipe.left == b"lives\n"
