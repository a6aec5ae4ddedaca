"""Column files as people have them."""

import io
import tracemalloc
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.formats import lines
from windowner.formats.columns import read_columns
from windowner.formats.options import ReadOptions
from windowner.text.sentence import Sentence


def read(text: str | bytes, **columns: Any) -> list[Sentence]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_columns(io.BytesIO(data), "f", ReadOptions(**columns)))


class Trickle(io.BytesIO):
    """Bytes that arrive a few at a time, as through a pipe."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self.size = size

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self.size)


class Endless(io.BytesIO):
    """The same bytes over and over, `limit` times."""

    def __init__(self, data: bytes, limit: int) -> None:
        super().__init__(data)
        self.limit = limit

    def read1(self, size: int | None = -1, /) -> bytes:
        self.limit -= 1
        return self.getvalue() if self.limit >= 0 else b""


def test_tabs() -> None:
    assert read("Paris\tB-LOC\nis\tO\n\nbig\tO\n") == [
        Sentence(["Paris", "is"], ["B-LOC", "O"], 1, ["Paris\tB-LOC", "is\tO"]),
        Sentence(["big"], ["O"], 4, ["big\tO"]),
    ]


def test_spaces_and_runs_of_them() -> None:
    (sentence,) = read("Paris NNP  B-LOC\n is   VBZ O \n")
    assert sentence == Sentence(["Paris", "is"], ["B-LOC", "O"], 1, ["Paris NNP  B-LOC", " is   VBZ O "])


def test_a_token_may_hold_spaces_where_tabs_separate() -> None:
    (sentence,) = read("re y\tO\nNew York \tB-LOC\n")
    assert sentence.tokens == ["re y", "New York "]


def test_tabs_and_spaces_may_separate_in_one_file() -> None:
    (sentence,) = read("Paris B-LOC\nre y\tO\n")
    assert (sentence.tokens, sentence.tags) == (["Paris", "re y"], ["B-LOC", "O"])


def test_columns_are_chosen() -> None:
    text = "1\tParis\tNNP\tB-LOC\tx\n"
    assert read(text, token_column=1, tag_column=3)[0][:2] == (["Paris"], ["B-LOC"])
    assert read(text, token_column=-4, tag_column=-2)[0][:2] == (["Paris"], ["B-LOC"])
    assert read(text, token_column=2, tag_column=None)[0][:2] == (["NNP"], None)
    assert read("Paris\n\nis\n", tag_column=None) == [
        Sentence(["Paris"], None, 1, ["Paris"]),
        Sentence(["is"], None, 3, ["is"]),
    ]


@pytest.mark.parametrize("blank", ["", " ", "\t", " \t ", "\x0b", "\x0c"])
def test_blank_lines_may_hold_ascii_white_space(blank: str) -> None:
    sentences = read(f"{blank}\na\tO\n{blank}\n{blank}\n{blank}\nb\tO\nc\tO\n{blank}\n")
    assert [(sentence.tokens, sentence.line) for sentence in sentences] == [(["a"], 2), (["b", "c"], 6)]


@pytest.mark.parametrize(
    "token", ["\xa0", "\u2028", "\u2029", "\x85", "\u3000", "\x1c", "a\u2028b", "\ufeff", "\u200d", "𝒳", "\x00"]
)
def test_unicode_white_space_is_text(token: str) -> None:
    assert read(f"a\tO\n{token}\tO\nb\tO\n")[0].tokens == ["a", token, "b"]
    assert read(f"a O\n{token} O\nb O\n")[0].tokens == ["a", token, "b"]
    assert read(f"a\n{token}\nb\n", tag_column=None)[0].tokens == ["a", token, "b"]


def test_an_empty_token_before_a_tab_counts() -> None:
    assert read("a\tO\n\tO\n")[0].tokens == ["a", ""]


@pytest.mark.parametrize(
    "text",
    [
        "a\tO\r\nb\tO\r\n\r\nc\tO\r\n",
        "\ufeffa\tO\nb\tO\n\nc\tO\n",
        "a\tO\nb\tO\n\nc\tO",
        "\ufeffa\tO\r\nb\tO\r\n \r\nc\tO",
    ],
)
def test_line_ends_and_byte_order_marks(text: str) -> None:
    assert read(text) == [Sentence(["a", "b"], ["O", "O"], 1, ["a\tO", "b\tO"]), Sentence(["c"], ["O"], 4, ["c\tO"])]


@pytest.mark.parametrize("mark", ["-DOCSTART- -X- O", "-DOCSTART-\tO", "-DOCSTART-"])
def test_document_marks_stand_alone(mark: str) -> None:
    sentences = read(f"{mark}\n\na O\n\n{mark}\nb O\n{mark}\nc O\n")
    assert [sentence.is_document_start for sentence in sentences] == [True, False, True, False, True, False]
    assert [sentence.line for sentence in sentences] == [1, 3, 5, 6, 7, 8]
    assert sentences[0] == Sentence([], [], 1, [mark])
    assert [sentence.tokens for sentence in sentences[1::2]] == [["a"], ["b"], ["c"]]
    assert read(f"{mark}\n\na\n", tag_column=None)[0] == Sentence([], None, 1, [mark])


def test_a_mark_within_a_row_is_text() -> None:
    assert read("x-DOCSTART- O\n")[0].tokens == ["x-DOCSTART-"]


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n\r\n", "\ufeff"])
def test_nothing_but_blank_lines(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("a O\n\nParis\n", {}, "f:3: 1 column, expected 2"),
        ("a\tO\nParis\n", {}, "f:2: 1 column, expected 2"),
        ("a\n", {}, "f:1: 1 column, expected at least 2"),
        ("\xa0\n", {}, "f:1: 1 column, expected at least 2"),
        ("a x y O\nb O\n", {}, "f:2: 2 columns, expected 4"),
        ("a O\nNew York O\n", {}, "f:2: 3 columns, expected 2"),
        ("a\nNew York\n", {"tag_column": None}, "f:2: 2 columns, expected 1"),
        ("a\tx\n", {"tag_column": 3}, "f:1: 2 columns, expected at least 4"),
        ("a\tx\n", {"token_column": 1}, "f:1: 2 columns, expected at least 3"),
        ("a\tx\n", {"token_column": -3, "tag_column": -1}, "f:1: 2 columns, expected at least 3"),
        (
            "a\tO\n\n\nb\tO\nc\tNNP\n",
            {},
            "f:5: unknown tag 'NNP', expected O or one of B I E S L U with a type, such as B-PER",
        ),
        (
            "a\t\n",
            {},
            "f:1: unknown tag '', expected O or one of B I E S L U with a type, such as B-PER; write O where no entity "
            "is meant",
        ),
        (
            b"a\tO\n\nb\tO\n\xff\tO\n",
            {},
            "f:4: byte 0xff, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config",
        ),
        (
            "a\tO\n".encode("utf-16"),
            {},
            "f:1: byte 0xff, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config",
        ),
        (
            b"\xef\xbb\xbfa\tO\n\xe9t\xe9\tO\n",
            {},
            "f:2: byte 0xe9, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config",
        ),
    ],
)
def test_errors_name_line_found_and_expected(text: str | bytes, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text, **columns)
    assert str(caught.value) == message


@pytest.mark.parametrize("size", [1, 5, 9, 100])
def test_errors_name_the_line_whatever_the_block(size: int) -> None:
    with pytest.raises(DataError, match=r"^f:4: byte 0xff, expected UTF-8; name"):
        list(read_columns(Trickle(b"a\tO\nb\tO\nc\tO\n\xff\tO\n", size), "f"))


def test_rows_with_tabs_may_differ_in_width() -> None:
    assert read("a\tx\tO\nb\tx\ty\tO\n")[0].tags == ["O", "O"]


def test_token_and_tag_are_two_columns() -> None:
    with pytest.raises(ValueError, match="token_column and tag_column are both 0, expected two columns"):
        read("a O\n", tag_column=0)


pieces = st.sampled_from(["a\tB-A", "é ü O", "𝒳\tO", "-DOCSTART-", "", "", " ", "\t", "\r", "\u2028\tO", "\ufeff\tO"])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(pieces), st.integers(1, 9), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_blocks_may_end_anywhere(rows: list[str], size: int, line_end: str, final: bool) -> None:
    """Pieces of any size give the sentences of the whole, and each row its line number."""
    rows = [row.replace("é ü O", "é\tO") for row in rows]
    data = ("\ufeff" + line_end.join(rows) + line_end * final).encode()
    sentences = list(read_columns(Trickle(data, size), "f"))
    assert sentences == read(data)
    expected = [(place, row) for place, row in enumerate(rows, start=1) if row.strip(" \t\r")]
    found = [(s.line + place, row) for s in sentences for place, row in enumerate(s.rows)]
    assert found == expected


def test_a_sentence_is_given_before_the_next_one_is_read() -> None:
    stream = Endless(b"a\tO\n\n", limit=1000)
    assert [sentence.line for sentence in islice(read_columns(stream, "f"), 3)] == [1, 3, 5]
    assert stream.limit == 997


def test_memory_is_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the text, the same peak; the text itself would take some 700,000 bytes more."""
    monkeypatch.setattr(lines, "BLOCK_SIZE", 1 << 10)
    block = b"Paris\tB-LOC\nis\tO\n\n" * 40

    def peak(blocks: int) -> int:
        tracemalloc.start()
        for _ in read_columns(Endless(block, limit=blocks), "f"):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is allocated once
    assert peak(1000) - peak(100) < 100_000  # lists and arrays of one block differ by 15,000
