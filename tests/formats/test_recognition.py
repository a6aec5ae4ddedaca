"""What a file holds is told by its content; where it is doubtful, both readings are named."""

import codecs
import gzip
import io

import pytest
from slow_pipe import Pipe

from windowner.errors import DataError
from windowner.formats.changed import HEAD_SIZE
from windowner.formats.head import Head
from windowner.formats.layout import find_layout
from windowner.formats.opening import readable
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import format_of_file, is_brat, recognise, recognise_stream
from windowner.formats.spacy_docs import is_docbin
from windowner.formats.spacy_written import docbin_bytes
from windowner.stores.address import path_of
from windowner.text.document import Document, Span

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
    "csv": ["token,tag\nParis,O\n"],
    "conllu": ["# text = Paris\n# newpar\n# a comment\n1\tParis\t_\t_\t_\t_\t_\t_\t_\t_\n\n"],
    "label-studio": ['[{"id": 1, "data": {"text": "a"}, "annotations": []}]'],
    "spans": [
        '[{"text": "a"}]',
    ],
    "jsonl": ['[{"tokens": ["a"]}]', '{"tokens": ["a"], "text": "a"}\n', '\n {"words": []}', "{not JSON\n"],
    "records": [
        '{"text": "a", "tokens": [{"text": "a", "start": 0, "end": 1, "id": 0}], "spans": []}\n',
        '{"id": 1, "text": "a"}\n',
        '{"text": "' + "long " * HEAD_SIZE + '"}\n{"text": "a"}\n',
    ],
}


class Dripping(io.BytesIO):
    """A pipe that gives a few bytes at a time."""

    def read1(self, size=-1):
        return super().read1(min(size, 7))


@pytest.mark.parametrize(("format", "text"), [(name, text) for name, texts in CONTENT.items() for text in texts])
def test_content_is_recognised_and_nothing_of_it_is_lost(format, text):
    data = text.encode()
    for stream in (io.BytesIO(data), Dripping(data)):
        found, rewound = recognise_stream(stream, "f")
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
        recognise_stream(io.BytesIO(text.encode()), "f")


def test_json_lines_by_name():
    assert recognise_stream(io.BytesIO(b"Paris\n"), "f", "jsonl")[0] == "jsonl"
    assert recognise_stream(io.BytesIO(b'{"text": "a"}'), "f", "jsonl")[0] == "records"


@pytest.mark.parametrize("options", [{"name": "f.conll"}, {"name": "f", "has_columns": True}])
def test_what_is_known_to_have_columns_is_no_text(options):
    text = b"Angela Merkel visited Paris.\n"
    assert recognise_stream(io.BytesIO(text), **options)[0] == "columns"
    assert recognise_stream(io.BytesIO(text), "f")[0] == "text"
    assert recognise_stream(io.BytesIO(b'{"text": "a"}\n'), **options)[0] == "records"


@pytest.mark.parametrize("name", ["columns", "csv", "conllu", "label-studio", "spans", "jsonl"])
def test_labelled_and_unlabelled_text_are_recognised_by_one_list(name):
    """Only records and lines of text need the word that text without labels is allowed."""
    for text in CONTENT[name]:
        head = Head.of(text.encode())
        assert recognise(head, "f", unlabelled=True) == name
        if not text.startswith(("{not", '{"tokens": ["a"], "text"')):  # nothing else begins with a brace
            assert recognise(head, "f") == name
    assert [recognise(Head.of(text.encode()), "f") for text in CONTENT["text"]] == ["columns"] * len(CONTENT["text"])


JSON_OF_NO_FORMAT = {
    '{"a": 1}\n{"a": 2}\n': "JSON with the keys a,",
    '{\n  "foo": 1,\n  "bar": 2\n}\n': "JSON with the keys foo, bar,",
    '[{"b": []}]': "JSON with the keys b,",
    '{"tokens": ["a"], "text": "a"}\n': "JSON with the keys tokens, text,",
    '{"a": {"b": [1, 2}\n': "JSON whose first record is no object that can be read,",
    "{'tokens': ['a'], 'tags': ['O']}\n": "JSON whose first record is no object that can be read,",
    '[["a", "O", "b"]]': "JSON whose first record is no object that can be read,",
    "{\n": "JSON whose first record is no object that can be read,",
}


@pytest.mark.parametrize("text", JSON_OF_NO_FORMAT)
def test_json_of_no_format_is_called_json(tmp_path, text):
    path = tmp_path / "f.txt"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    message = f"{path}: {JSON_OF_NO_FORMAT[text]} expected tokens and tags, text and spans, or tasks of Label Studio"
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ['{"a": O\nb B-X\n', "{ O\n} B-X\n", "[ O\n1 B-X\n] O\n", '[["a"]] O\nb B-X\n'])
def test_tokens_of_rows_may_look_like_json(tmp_path, text):
    path = tmp_path / "f.txt"
    path.write_text(text)
    assert read_corpus(path).tokens == [[row.split()[0] for row in text.splitlines()]]


def test_two_formats_at_once_name_the_option():
    head = Head.of(b'[{"text": "a", "words": ["a"], "tags": ["O"]}]')
    for unlabelled, option in ((False, "--from"), (True, "--input")):
        with pytest.raises(DataError, match=f"^f: may be read as jsonl or as spans; name one .*{option}$"):
            recognise(head, "f", unlabelled=unlabelled)


def test_a_pipe_is_not_waited_for_longer_than_needed():
    """The stream of lines of text fails if it is read after three of them."""

    class Impatient(io.BytesIO):
        def read1(self, size=-1):
            assert self.tell() == 0
            return super().read1(size)

    assert recognise_stream(Impatient(b"John lives here.\nHe is.\nIn Rome, too.\n"), "f")[0] == "text"


@pytest.mark.parametrize("rows", ["John\tx\n\n" * 3, "John lives\nHe is\nRome is\n"])
def test_columns_and_what_is_doubtful_are_waited_for(rows):
    """More lines say what the first three did not."""
    text = (rows + "x,\tO\n\n" * 300).encode()
    with readable(io.BufferedReader(Pipe(text)), "f", at_once=True) as stream:
        found, rest = recognise_stream(stream, "f")
        assert (found, rest.read()) == ("columns", text)


def test_what_more_lines_do_not_settle_is_refused():
    record = b'{"text": "a", "words": ["a"], "tags": ["O"]}'
    records = b"[" + 9 * (record + b",\n") + record + b"]\n"
    with pytest.raises(DataError, match=r"^f: may be read as jsonl or as spans"):
        recognise_stream(io.BufferedReader(Pipe(records)), "f")


def test_a_slow_docbin_is_recognised_by_its_first_bytes():
    words = [f"word{number * number}" for number in range(3000)]
    content = docbin_bytes([Document(word, [Span(0, len(word), "PER")], [[(0, len(word))]]) for word in words], "f")
    assert content.count(b"\n") > 10  # as if it had lines
    found, rest = recognise_stream(io.BufferedReader(Pipe(content)), "f")
    assert (found, rest.read()) == ("spacy", content)


def test_a_stream_of_a_docbin_is_recognised():
    content = docbin_bytes([Document("Ana", [Span(0, 3, "PER")], [[(0, 3)]])], "f")
    format, stream = recognise_stream(io.BytesIO(content), "f")
    assert (format, stream.read()) == ("spacy", content)


@pytest.mark.parametrize("content", [b"\x78\x9c", b"\x78\x9c\x07damaged", b"x"])
def test_what_begins_as_a_docbin_and_is_none(content):
    assert not is_docbin(content)


def test_the_format_of_a_file(tmp_path):
    content = docbin_bytes([Document("Ana", [Span(0, 3, "PER")], [[(0, 3)]])], "f")
    (tmp_path / "a.txt").write_text("Ana")
    (tmp_path / "a.ann").write_text("T1\tPER 0 3\tAna\n")
    (tmp_path / "b.x").write_bytes(content)
    (tmp_path / "c.x").write_bytes(gzip.compress(b"Ana\tB-PER\nis\tO\n"))
    assert [format_of_file(tmp_path / name) for name in ("", "a.txt", "b.x", "c.x")] == [
        "brat",
        "brat",
        "spacy",
        "columns",
    ]


def test_a_text_beside_its_entities_may_have_any_encoding_and_compression(tmp_path):
    """What decides between columns and a text is read as any file is."""
    (tmp_path / "a.ann").write_text("T1\tPER 0 3\tAna\n")
    for content, format in (
        (codecs.BOM_UTF16_LE + "Ana\tB-PER\nis\tO\n".encode("utf-16-le"), "columns"),
        (gzip.compress(b"Ana B-PER\nis O\n", mtime=0), "columns"),
        (gzip.compress(b"Ana is.", mtime=0), "brat"),
    ):
        (tmp_path / "a.txt").write_bytes(content)
        assert format_of_file(tmp_path / "a.txt") == format


def test_standoff_is_read_from_this_machine_alone(tmp_path):
    address = path_of("memory://bucket/a.txt")
    assert not is_brat(address, "auto")
    with pytest.raises(DataError, match=r"^memory://bucket/a\.txt: brat is read from a folder of this machine"):
        is_brat(address, "brat")
    (tmp_path / "a.txt").write_text("Ana")
    with pytest.raises(
        DataError, match=r"a\.txt: brat is read from a folder, or from one of two files that lie beside each other"
    ):
        read_corpus(tmp_path / "a.txt", format="brat")


def test_a_first_column_that_counts_and_has_tags_beside_it():
    """Where no tags are wanted, the numbers are the tokens."""
    head = Head.of(b"1 O\n2 B-X\n\n1 O\n2 O\n")
    assert find_layout(head, ReadOptions(tag_column=None), "f").token_column == 0
    with pytest.raises(DataError, match="f: column 0 counts, expected tokens; name their column"):
        find_layout(head, ReadOptions(), "f")


def test_a_column_of_tokens_that_no_row_has(tmp_path):
    (tmp_path / "a.conll").write_text("Ana B-PER\nis O\n")
    with pytest.raises(DataError, match=r"a\.conll:1: 2 columns, expected at least 7"):
        read_corpus(tmp_path / "a.conll", token_column=5)
