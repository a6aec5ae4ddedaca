"""Shards of documents: several processes write what one writes, wherever the file is cut."""

import io
from functools import partial
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import windowner.text.stretches
from windowner.formats import shards as shards_of_formats
from windowner.formats.options import ReadOptions
from windowner.formats.row_blocks import DistinctRows
from windowner.formats.row_places import RowPlaces, row_kinds
from windowner.formats.rows import RowParser
from windowner.formats.shards import cut_shards, with_width
from windowner.tagging import streams
from windowner.tagging.document_shards import document_shards
from windowner.tagging.task import SharedTagger, TagTask
from windowner.text.stretches import LONGEST

TOKEN_LINES = ["John Smith", "Paris", "\tlives  Omar ", "Smith\u2028 \x85", "", " \t"]
RECORDS = [
    *['{"tokens": ["John", "Smith"]}', '{"tokens": ["Paris"], "tags": ["O"]}', '{"words": ["lives", "Omar"]}'] * 4,
    *['{"tokens": []}', "", " \t"],
    *['{"doc_id": 1, "tokens": ["John"]}', '{"tokens": ["Smith"], "doc_id": 2}', '{"doc": null, "tokens": ["Paris"]}'],
    *['{"document": {"a": 1}, "doc": 3, "tokens": []}', '{"document_id": "x", "tokens": ["Smith"]}'] * 2,
    '{"doc": 3, "words": [], "tokens": ["Omar"], "\\u0064oc_id": 4, "doc_id": null}',
    '{"data": [{"tokens": ["John"], "doc": 1}, {"tokens": ["Smith"], "doc": 1}, {"tokens": ["Omar"], "doc": 2}]}',
]
WRONG_RECORDS = [
    '{"tokens": ["John", 1]}',
    '{"tokens": ["John"], "tags": []}',
    "[1]",
    "[]",
    '[{"tokens": ["a"]}]',
    "[",
    "]",
]
WRONG_RECORDS += ['{"tokens": "John"}', '{"tokens": ["-DOCSTART-"]}', "7", '{"tokens": ["a"']
ROWS = [
    *["John x", "Smith\tx", "Paris x", "lives x", "Omar x", "\u2028 x"] * 4,
    *["", "", "", " ", "\r", "\t \t"] * 2,
    "-DOCSTART- x",
    "# newdoc id = 3",
    "# a comment here",
    "#begin document",
    "# x",
    "- x",
    "\tx",
]
WRONG = ["Paris", "a b x", "#"]
LINES = {"columns": (ROWS, WRONG), "jsonl": (RECORDS, WRONG_RECORDS), "tokens": (TOKEN_LINES, ["-DOCSTART-"])}
"""Lines of each format that is cut, and wrong ones."""
CASES = [("columns", "columns"), ("columns", "spans"), ("tokens", "columns"), ("tokens", "jsonl")]
CASES += [("jsonl", output) for output in ("jsonl", "columns", "spans")]
ANY = ReadOptions(0, None)


class Slow(io.BytesIO):
    """A stream of which each read gives 30 bytes."""

    def read1(self, size=-1):
        return super().read1(30)


def files(case):
    lines, wrong = LINES[case[0]]
    return st.tuples(
        st.just(case),
        st.lists(st.sampled_from(lines), max_size=80) | st.lists(st.sampled_from([*lines, *wrong]), max_size=30),
    )


@settings(derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(CASES).flatmap(files),
    st.booleans(),
    st.integers(1, 200),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([b"", b"\xff x\n"]),
)
def test_shards_give_the_same_text_and_the_same_error(short_stretches, outcome, file, all_tags, size, end, first, last):
    (form, output), rows = file
    all_tags &= output == "jsonl"  # then sentences are read, not blocks
    text = first + "".join(row + end for row in rows).encode() + last
    task = TagTask("model", "f", form, output, scores=output != "spans", tag_probabilities=all_tags)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SharedTagger, "load", lambda shared: short_stretches)
        patch.setattr(windowner.text.stretches, "LONGEST", 8)
        patch.setattr(streams, "cut_shards", partial(cut_shards, size=size))
        alone, cut = outcome(task, Slow(text), 1), outcome(task, Slow(text), 2)
    assert cut[1] == alone[1]
    assert cut[0] == alone[0] or alone[1]  # before an error, shards may have delivered more or less


def test_a_file_is_cut_where_stretches_begin():
    text = ("".join(f"w{number} x\n" for number in range(3)) + "\n") * 40
    shards = with_width(cut_shards(Slow(text.encode()), "f", columns=True, size=60), "f", ANY)
    found = list(document_shards(shards, RowPlaces("f", ANY), 6))
    assert "".join(shard.data.decode() for shard in found) == text
    assert len(found) > 5
    assert {shard.data.count(b"\n\n") % 2 for shard in found} == {0}  # two sentences are a stretch
    assert {(shard.width, shard.stretch) for shard in found} == {(2, 6)}
    rows_before = [0, *accumulate(shard.data.count(b"\n") for shard in found[:-1])]
    assert [shard.first_line for shard in found] == [1 + rows for rows in rows_before]


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.sampled_from(ROWS), max_size=40), st.sampled_from(["", "Paris x"]))
def test_a_row_is_what_the_reader_says(rows, header):
    known = DistinctRows(RowParser("f", ReadOptions(0, None, width=2, header=header)))
    starts, kinds = row_kinds("".join(f"{row}\n" for row in rows).encode(), known)
    numbers = known.numbers(rows)
    assert kinds.tolist() == known.kinds[numbers].tolist()
    assert len(starts) == len(rows) + 1


def test_what_stands_before_the_first_sentence_opens_its_document():
    text = "# c\n\n-DOCSTART- x\n\n# c\n\n" + "John x\n\n" * 4
    shards = with_width(cut_shards(Slow(text.encode()), "f", columns=True, size=1), "f", ANY)
    before, *found = document_shards(shards, RowPlaces("f", ANY), 2)
    assert (before.data, before.width, before.first_line) == (b"# c\n\n-DOCSTART- x\n\n# c\n\n", 0, 1)
    assert [(shard.data, shard.width, shard.stretch) for shard in found] == [(b"John x\n\n" * 4, 2, LONGEST)]


def test_comments_alone_are_looked_at_once(monkeypatch):
    text = b"# a comment\n\n" * 100
    sizes = []
    look = shards_of_formats.find_beginning
    monkeypatch.setattr(
        shards_of_formats, "find_beginning", lambda data, *rest: sizes.append(len(data)) or look(data, *rest)
    )
    shards = with_width(cut_shards(Slow(text), "f", columns=True, size=100), "f", ANY)
    found = list(document_shards(shards, RowPlaces("f", ANY), 2))
    assert b"".join(shard.data for shard in found) == text
    assert len(sizes) == len(found) > 10
    assert sum(sizes) == len(text)


def test_a_document_in_several_shards_is_marked_once(short_stretches, outcome, monkeypatch):
    """A shard of records knows whether its first one continues a document."""
    tagged = []
    tag = streams._tag_shard
    monkeypatch.setattr(streams, "_tag_shard", lambda *given: tagged.append(given) or tag(*given))
    monkeypatch.setattr(SharedTagger, "load", lambda shared: short_stretches)
    monkeypatch.setattr(windowner.text.stretches, "LONGEST", 8)
    monkeypatch.setattr(streams, "cut_shards", partial(cut_shards, size=100))
    text = b'{"doc": 7, "tokens": ["John", "Smith"]}\n' * 30 + b'{"doc": 8, "tokens": ["Paris"]}\n' * 30
    task = TagTask("model", "f", "jsonl", "columns")
    alone, cut = outcome(task, Slow(text), 1), outcome(task, Slow(text), 2)
    assert cut == alone
    assert cut[0].count(b"-DOCSTART-") == 2
    assert len(tagged) > 5
