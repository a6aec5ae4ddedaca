"""Raw text in blocks: the same texts, records and errors as one by one."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from row_by_row import Trickle

from windowner.errors import DataError
from windowner.formats.text_blocks import TEXT_BLOCKS, read_text_blocks
from windowner.formats.texts import TEXT_READERS

LINES = st.lists(
    st.sampled_from(
        [
            *[
                '{"text": "a b"}',
                '{"id": 1, "text": "é\u2028", "spans": 3}',
                '{"text": ""}',
                '{"text": "\\n", "text": "c"}',
            ],
            *['{"text": "a"}', "", " \t", "\ufeff", '{"text": 3}', "{}", "[1]", "{", "[" * 2000, '{"text": "a"'],
        ]
    ),
    max_size=6,
)


def one_by_one(data, form, first_line):
    """The obvious formulation: each text is read for itself."""
    return [(document.text, dict(document.extra)) for document in TEXT_READERS[form](io.BytesIO(data), "f", first_line)]


def in_blocks(data, form, first_line, size):
    blocks = read_text_blocks(Trickle(data, size), "f", form, first_line)
    return [pair for block in blocks for pair in zip(*block, strict=True)]


def outcome(read, *given):
    try:
        return read(*given)
    except DataError as error:
        return str(error)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.integers(1, 60), st.sampled_from(list(TEXT_BLOCKS)), st.booleans())
def test_blocks_hold_what_is_read_one_by_one(lines, line_end, size, form, is_first):
    data, first_line = line_end.join(lines).encode(), 1 if is_first else 7
    assert outcome(in_blocks, data, form, first_line, size) == outcome(one_by_one, data, form, first_line)


def test_an_error_in_a_later_block_has_its_line():
    blocks = read_text_blocks(Trickle(b'{"text": "a"}\n' * 2 + b"{}\n", 14), "f", "records")
    assert next(blocks) == (["a"], [{"text": "a"}])
    with pytest.raises(DataError, match=r"^f:3: no text, expected an object with a string `text`"):
        list(blocks)


@pytest.mark.parametrize(("form", "line"), [("text", b"Anna\n"), ("records", b'{"text": "Anna"}\n')])
def test_a_text_does_not_wait_for_later_ones(form, line):
    stream = Trickle(line * 2, len(line))
    assert next(read_text_blocks(stream, "f", form)).texts == ["Anna"]
    assert stream.read() == line
