"""Column files that are written can be read again."""

import io

import pytest

from windowner.errors import DataError
from windowner.formats.columns import column_text, read_columns
from windowner.formats.options import ReadOptions
from windowner.text.sentence import Sentence

MARK = Sentence([], None, 1, ["-DOCSTART- -X-"])
FROM_JSON = Sentence(["New York", "", "is"], None, 7, [])


def from_rows(text: str) -> Sentence:
    (sentence,) = read_columns(io.BytesIO(text.encode()), "f", ReadOptions(tag_column=None))
    return sentence


def test_rows_keep_their_columns_and_separator() -> None:
    assert column_text(from_rows("Paris NNP\nis  VBZ\n"), ["B-LOC", "O"]) == "Paris NNP B-LOC\nis  VBZ O\n\n"
    assert column_text(from_rows("re y\tx\n\tx\n"), ["B-LOC", "O"]) == "re y\tx\tB-LOC\n\tx\tO\n\n"
    assert column_text(from_rows("Paris\nis \n"), ["B-LOC", "O"]) == "Paris B-LOC\nis O\n\n"


def test_an_empty_column_stays() -> None:
    """Were the tab at a row's end dropped, the columns of that row would move."""
    assert column_text(from_rows("a\t\n"), ["O"]) == "a\t\tO\n\n"


def test_scores_become_a_column() -> None:
    assert column_text(from_rows("a x\nb y\n"), ["O", "S"], [0.5, 0.99999]) == "a x O 0.5000\nb y S 1.0000\n\n"


def test_a_document_mark_is_written_back() -> None:
    assert column_text(MARK, []) == "-DOCSTART- -X- O\n\n"
    assert column_text(MARK, [], []) == "-DOCSTART- -X- O 1.0000\n\n"


def test_columns_from_other_formats_are_separated_by_tabs() -> None:
    text = column_text(FROM_JSON, ["B-LOC", "O", "O"])
    assert text == "New York\tB-LOC\n\tO\nis\tO\n\n"
    (again,) = read_columns(io.BytesIO(text.encode()), "f")
    assert again[:2] == (FROM_JSON.tokens, ["B-LOC", "O", "O"])


@pytest.mark.parametrize("token", ["a\tb", "a\nb"])
def test_a_token_that_columns_cannot_hold_is_refused(token: str) -> None:
    with pytest.raises(DataError) as caught:
        column_text(Sentence([token], None, 7, []), ["O"])
    assert str(caught.value) == (
        f"line 7: token {token!r} holds a tab or a line end, which a column file cannot hold; write JSON Lines instead"
    )


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="shorter"):
        column_text(from_rows("a\nb\n"), ["O"])
