"""What a file holds is told by its content; where it is doubtful, both readings are named."""

import io

import pytest

from windowner.errors import DataError
from windowner.formats.recognition import HEAD_SIZE, recognise

CONTENT = {
    "columns": [
        "",
        "\n \n",
        "happened",
        "Größe\n",
        "Paris\nLondon\n.\n\nRome\n",
        "EU NNP\nrejects VBZ\nGerman JJ\n",
        "John x\nSmith x\n\nlives x\n\n",
        "Mr. NNP B-PER\n",
        "B-PER Smith\n",
        "a\tb c, d.\ne\tf\n",
        "-DOCSTART- -X- O\n\nAngela, NNP B-PER O\n",
        "# id = 5, a comment.\nJohn\tO\n",
    ],
    "text": [
        "Angela Merkel visited Paris.",
        "Angela Merkel visited Paris .\n",
        "\ufeffAngela Merkel visited Paris.\r\n",
        "Dear Sir\n\nI am writing to you, because I can.\nYours\n",
        "This is it.\nThat is it.\nHere we are.\n",
        "John Smith lives in Paris .\n\nAnna met Omar\n",
        "Titel\nEin Satz.\n",
        "我爱北京天安门。\n他来了，我走了。\n",
        "Mr. x\nSmith, x\n",
    ],
    "jsonl": ['{"tokens": ["a"], "text": "a"}\n', '\n {"words": []}', "{not JSON\n"],
    "records": ['{"id": 1, "text": "a"}\n', '{"text": "' + "long " * HEAD_SIZE + '"}\n{"text": "a"}\n'],
}


class Dripping(io.BytesIO):
    """A pipe that gives a few bytes at a time."""

    def read1(self, size=-1):
        return super().read1(min(size, 7))


@pytest.mark.parametrize(("format", "text"), [(name, text) for name, texts in CONTENT.items() for text in texts])
def test_content_is_recognised_and_nothing_of_it_is_lost(format, text):
    data = text.encode()
    for stream in (io.BytesIO(data), Dripping(data)):
        found, rewound = recognise(stream, "f")
        assert found == format
        assert b"".join(iter(lambda rewound=rewound: rewound.read1(5), b"")) == data


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("John x\n", "f:1: a row of 2 columns; or is every line a text? Say --input columns or --input text"),
        ("\na b\nc\n", "f:3: 1 column, expected 2 as in other rows; or is every line a text? Say --input columns or"),
    ],
)
def test_doubtful_content_is_an_error(text, message):
    with pytest.raises(DataError, match=message.replace("?", r"\?")):
        recognise(io.BytesIO(text.encode()), "f")


def test_json_lines_by_name():
    assert recognise(io.BytesIO(b"Paris\n"), "f", json_lines=True)[0] == "jsonl"
    assert recognise(io.BytesIO(b'{"text": "a"}'), "f", json_lines=True)[0] == "records"


def test_a_pipe_is_not_waited_for_longer_than_needed():
    """The stream fails if it is read after three lines."""

    class Impatient(io.BytesIO):
        def read1(self, size=-1):
            assert self.tell() == 0
            return super().read1(size)

    assert recognise(Impatient(b"John x\nSmith x\nlives x\n"), "f")[0] == "columns"
