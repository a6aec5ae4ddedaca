"""What a format cannot hold is an error when it is written, and never something else when it is read."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.text.tag_writing import convert

FORMATS = ["columns", "jsonl", "conllu", "csv", "brackets"]
ODD = [
    "-DOCSTART-",
    "#begin document",
    "# x",
    "#",
    "",
    "\ufeff",
    "a\rb",
    "a b",
    "a\tb",
    "a\nb",
    *("\u2028", "a\u2028b", "\x85", "a\x1cb", "\0", "\x1b", "\xa0", "\u200b", "\v"),
    '"',
    "a,b",
    "*)",
    "(PER*",
    "1",
    "1-2",
    "O",
    "_",
]
TOKENS = st.sampled_from(["Ana", "saw", *ODD])
TAGS = st.sampled_from(
    [
        "O",
        "O",
        "B-PER",
        "I-PER",
        "B-a b",
        "B-x|y",
        "B-A)",
        "B-*",
        "B-é",
        "B-a\tb",
        "B-a\nb",
        "B-a\u2028b",
        "B-\x85",
        "B-\x1c",
        "B-\0",
    ]
)
SENTENCES = st.lists(st.lists(st.tuples(TOKENS, TAGS), min_size=1, max_size=4), min_size=1, max_size=3)


def write(path, sentences):
    records = [{"tokens": [token for token, _ in each], "tags": [tag for _, tag in each]} for each in sentences]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def read(path, form):
    items = [item for item in read_items(path, form, "", ReadOptions()) if item.tokens]
    return [list(item.tokens) for item in items], convert([item.tags for item in items], "IOB2")


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None)
@given(sentences=SENTENCES)
def test_a_file_is_read_as_it_was_written_or_not_written(tmp_path_factory, form, sentences):
    folder = tmp_path_factory.mktemp("converted")
    write(folder / "in.jsonl", sentences)
    try:
        convert_file(folder / "in.jsonl", folder / "out", ReadOptions(), source_format="jsonl", target_format=form)
    except DataError:
        assert not (folder / "out").exists()
    else:
        assert read(folder / "out", form) == read(folder / "in.jsonl", "jsonl")


@pytest.mark.parametrize(
    ("form", "sentence", "message"),
    [
        ("columns", [("-DOCSTART-", "O")], ":2: token '-DOCSTART-' would begin a document in a column file; write"),
        ("conllu", [("Ana", "B-x|y")], ":2: tag 'B-x|y' holds a |, which MISC cannot hold; write JSON Lines"),
        ("brackets", [("Ana", "B-A)")], ": brackets cannot hold this text: "),
        ("csv", [("a\rb", "O")], ": csv cannot hold this text: "),
        ("brat", [("Ana", "B-a b")], ": brat cannot hold this text: "),
    ],
)
def test_the_line_is_named(tmp_path, form, sentence, message):
    write(tmp_path / "in.jsonl", [[("Bo", "B-PER")], sentence])
    with pytest.raises(DataError) as caught:
        convert_file(tmp_path / "in.jsonl", tmp_path / "out", ReadOptions(), target_format=form)
    assert str(caught.value).startswith(f"{tmp_path / 'in.jsonl'}{message}")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_sentence_that_would_vanish(tmp_path):
    write(tmp_path / "in.jsonl", [[("# x", "O")]])
    with pytest.raises(DataError, match=r"in\.jsonl:1: brackets cannot hold the text: nothing would be read; choose"):
        convert_file(tmp_path / "in.jsonl", tmp_path / "out", ReadOptions(), target_format="brackets")


def test_an_empty_id_still_names_a_document(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": "Ana", "id": "", "spans": [[0, 3, "PER"]]}\n', encoding="utf-8")
    convert_file(tmp_path / "in.jsonl", tmp_path / "out", ReadOptions(), target_format="brat")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["00001.ann", "00001.txt"]


def test_a_file_is_not_written_onto_itself(tmp_path):
    path = tmp_path / "in.jsonl"
    write(path, [[("Bo", "B-PER")]])
    (tmp_path / "link.conll").symlink_to(path)
    for target in (path, tmp_path / "link.conll"):
        with pytest.raises(DataError, match="would be written onto itself, expected another name"):
            convert_file(path, target, ReadOptions())
    assert path.read_bytes().startswith(b"{")
