"""Raw text as it is read: a text per line, a whole file, or records."""

import io

import pytest

from windowner.errors import DataError
from windowner.formats.texts import TEXT_READERS
from windowner.text.document import Document


def read(format, data, first_line=1):
    return list(TEXT_READERS[format](io.BytesIO(data), "f", first_line))


def test_a_text_per_line():
    assert read("text", "\ufeffa b\r\n\nc\u2028d".encode(), 5) == [
        Document("\ufeffa b", line=5),
        Document("", line=6),
        Document("c\u2028d", line=7),
    ]


def test_a_whole_file_keeps_every_character_but_the_byte_order_mark():
    text = "a\r\nb\rc\n\n\u2028\u00a0e\u0301"
    assert read("document", ("\ufeff" + text).encode()) == [Document(text)]
    assert read("document", b"") == []


def test_records_keep_their_keys():
    assert read("records", b'{"id": 1, "text": "a"}\n\n{"text": "", "meta": {"x": []}}') == [
        Document("a", extra={"id": 1, "text": "a"}),
        Document("", line=3, extra={"text": "", "meta": {"x": []}}),
    ]


@pytest.mark.parametrize(
    ("format", "data", "message"),
    [
        ("text", b"a\n\xff", "^f:2: byte 0xff, expected UTF-8; name"),
        ("document", b"a\n\xff", "^f:2: byte 0xff, expected UTF-8; name"),
        ("records", b'{"text": "a"}\n{"text": 3}', "^f:2: no text, expected an object with a string `text`"),
        ("records", b'{"text": "a"}\n[', "^f:2: .*expected an object with a text$"),
    ],
)
def test_bad_text_is_named_by_line(format, data, message):
    with pytest.raises(DataError, match=message):
        read(format, data)


def test_tasks_of_label_studio_are_texts():
    assert [document.text for document in read("label-studio", b'[{"id": 1, "data": {"text": "Ana"}}]')] == ["Ana"]
