"""Bounds: what is too long is refused with its place, in any format, and however small its file is on the disk."""

import gzip
import io
import json
import tracemalloc

import pytest

from windowner.errors import DataError
from windowner.formats import limits, separated, shards
from windowner.formats.columns import read_columns
from windowner.formats.conllu import read_conllu
from windowner.formats.distinct import DistinctPieces, Memory
from windowner.formats.jsonl import read_json_lines
from windowner.formats.lines import read_blocks, read_whole
from windowner.formats.opening import readable
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.record_blocks import read_record_blocks
from windowner.formats.row_blocks import read_row_blocks
from windowner.formats.shards import cut_shards
from windowner.formats.tokens import read_token_blocks, read_token_lines
from windowner.inputs.gazetteer import read_gazetteer_file
from windowner.tagger.rules.rules import Rules
from windowner.text import tokenizers
from windowner.text.tokenizers import find_tokenizer

PLAIN = ReadOptions(tag_column=None)
SHORT = 5
FILES = {
    "columns": (lambda s: read_columns(s, "f", PLAIN), "a O\n\n" + "b O\n" * 6, "f:3"),
    "columns at the beginning": (lambda s: read_columns(s, "f", PLAIN), "# a\n" + "b O\n" * 6, "f:1"),
    "tokens": (lambda s: read_token_lines(s, "f", PLAIN), "a b\nc" + " d" * 5 + "\n", "f:2"),
    "blocks of tokens": (lambda s: read_token_blocks(s, "f", PLAIN, 1, Memory()), "a b\nc" + " d" * 5 + "\n", "f:2"),
    "jsonl": (lambda s: read_json_lines(s, "f", PLAIN), json.dumps({"tokens": ["a"] * 6}), "f:1"),
    "blocks of jsonl": (
        lambda s: read_record_blocks(s, "f", PLAIN),
        '{"tokens": []}\n{"tokens": ["a"' + ', "b"' * 5 + "]}",
        "f:2",
    ),
    "conllu": (lambda s: read_conllu(s, "f", PLAIN), "1\ta\n\n" + "".join(f"{n}\tb\n" for n in range(6)), "f:3"),
    "csv": (lambda s: separated.read_separated(s, "f", PLAIN), "word,tag\n" + "a,O\n" * 6, "f:7"),
}


@pytest.fixture
def short(monkeypatch):
    """Five tokens make the longest sentence."""
    for module in (limits, tokenizers):
        monkeypatch.setattr(module, "LONGEST_SENTENCE", SHORT)
    monkeypatch.setattr("windowner.formats.record_blocks.LONGEST_SENTENCE", SHORT)


class Trickle(io.BytesIO):
    """A stream that gives some bytes at a time, as a pipe does."""

    step = 7

    def read1(self, size=-1):
        return self.read(self.step)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("stream", [io.BytesIO, Trickle])
def test_a_long_sentence_is_refused_with_its_line(name, stream):
    read, text, where = FILES[name]
    with pytest.raises(DataError, match=f"^{where}: a sentence of more than 5 tokens, expected fewer"):
        list(read(stream(text.encode())))


@pytest.mark.usefixtures("short")
def test_in_raw_text_a_long_sentence_ends():
    assert list(map(len, find_tokenizer("european").split("a " * 12).sentences)) == [5, 5, 2]


@pytest.mark.parametrize("text", ["x" * 99, "a\nb\n" + "x" * 99])
def test_a_long_line_is_refused_with_its_number(monkeypatch, text):
    monkeypatch.setattr(limits, "LONGEST_LINE", 50)
    line = text.count("\n") + 1
    with pytest.raises(DataError, match=f"^f:{line}: more than 50 bytes without the end of a sentence"):
        list(read_blocks(Trickle(text.encode()), "f"))


def test_the_rows_of_a_sentence_are_bounded_in_bytes_too(monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_LINE", 50)
    with pytest.raises(DataError, match=r"^f:3: more than 50 bytes without the end of a sentence"):
        list(read_columns(Trickle(b"a\n\n" + b"bbbbbbbbbbbb\n" * 9), "f", PLAIN))


def test_a_bomb_without_line_ends_takes_little_memory(monkeypatch):
    """256 MB of one letter in a file of 256 KB. Without the bound, all of it would be held."""
    monkeypatch.setattr(limits, "LONGEST_LINE", 1 << 22)
    bomb = gzip.compress(b"a" * (1 << 28), 1)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"^f:1: more than 4,194,304 bytes without the end"):
            list(read_blocks(readable(io.BufferedReader(io.BytesIO(bomb)), "f"), "f"))
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_a_file_that_is_read_whole_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_WHOLE", 100)
    assert read_whole(io.BytesIO(b"a" * 100), "f") == b"a" * 100
    with pytest.raises(
        DataError, match=r"^f: more than 100 bytes when unpacked, expected fewer in a file that is read"
    ):
        read_whole(io.BytesIO(b"a" * 101), "f")


@pytest.mark.parametrize(
    ("module", "most", "name", "content", "read"),
    [
        ("windowner.formats.json_records", "MOST_RECORDS", "a.json", b"[{},{},{},{}]", read_corpus),
        ("windowner.inputs.gazetteer", "MOST_NAMES", "a.txt", b"a\tX\n" * 5, read_gazetteer_file),
        ("windowner.tagger.rules.rules", "MOST_NAMES", "a.jsonl", b"\n" * 5, Rules.read),
    ],
)
def test_what_each_takes_memory_is_counted_before_it_does(tmp_path, monkeypatch, module, most, name, content, read):
    """A list of 300 million empty objects has 900 MB of text, and is a file of 1 MB when it is compressed."""
    monkeypatch.setattr(f"{module}.{most}", 4)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{name}: more than 4 .*, expected fewer in a file that is read whole"):
        read(tmp_path / name)


class Wide(Trickle):
    """A stream that gives a thousand bytes at a time."""

    step = 1000


def test_a_row_is_looked_at_once_however_long_its_sentence_is(monkeypatch):
    """Each block of rows is numbered once. Without that, the time would grow with the square of the length."""
    numbered = []
    right = DistinctPieces.numbers

    def numbers(self, pieces):
        numbered.append(len(pieces))
        return right(self, pieces)

    monkeypatch.setattr(DistinctPieces, "numbers", numbers)
    _, block = read_row_blocks(Wide(b"a O\n\n" + b"abc O\n" * 50_000), "f", PLAIN)
    assert len(block.numbers) == 50_001
    assert sum(numbered) <= 50_003


def test_shards_of_a_long_sentence_are_searched_a_few_times(monkeypatch):
    searched = []
    right = shards._last_end
    monkeypatch.setattr(shards, "_last_end", lambda data, columns: searched.append(len(data)) or right(data, columns))
    data = b"abc O\n" * 100_000
    (shard,) = cut_shards(Wide(data), "f", columns=True, size=1000)
    assert shard.data == data
    assert sum(searched) < 3 * len(data)
