"""`windowner tag`: every input and output, streaming, and text as it comes from the wild."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic import error_of, invoke, succeed

from windowner.tagger.tagger import Tagger

WINDOWNER = Path(sys.executable).with_name("windowner")
TOKENS = "John Smith lives in Paris .".split()
TAGS = "B-PER I-PER O O B-LOC O".split()
COLUMNS = "".join(f"{token}\n" for token in TOKENS) + "\n"
TAGGED = "".join(f"{token} {tag}\n" for token, tag in zip(TOKENS, TAGS, strict=True)) + "\n"
TABBED = TAGGED.replace(" ", "\t")


def tagged(tiny, *options: str, input: str | bytes) -> str:
    """Tag standard input."""
    result = succeed("tag", tiny.model, *options, input=input)
    assert result.stderr == ""
    return result.stdout_bytes.decode()


# Formats

INPUTS = {
    "columns": (COLUMNS, TAGGED),
    "tokens": (" ".join(TOKENS) + "\n", TABBED),
    "jsonl": (json.dumps({"tokens": TOKENS}) + "\n", TABBED),
}


@pytest.mark.parametrize("input_format", INPUTS)
def test_every_input_as_columns(tiny, input_format):
    text, expected = INPUTS[input_format]
    assert tagged(tiny, "--input", input_format, "--output", "columns", input=text * 2) == expected * 2


@pytest.mark.parametrize("input_format", INPUTS)
def test_every_input_as_json_lines(tiny, input_format):
    text, _ = INPUTS[input_format]
    lines = tagged(tiny, "--input", input_format, "--output", "jsonl", input=text * 2).splitlines()
    assert [json.loads(line) for line in lines] == [{"tokens": TOKENS, "tags": TAGS}] * 2


def test_defaults_go_by_the_name_of_the_file(tiny, tmp_path):
    assert tagged(tiny, input=COLUMNS) == TAGGED
    text = INPUTS["jsonl"][0].encode()
    for name, content in (("t.jsonl", text), ("t.jsonl.gz", gzip.compress(text))):
        (tmp_path / name).write_bytes(content)
        assert json.loads(succeed("tag", tiny.model, tmp_path / name).stdout)["tags"] == TAGS
    (tmp_path / "t.gz").write_bytes(gzip.compress(COLUMNS.encode()))
    assert succeed("tag", tiny.run.folder, tmp_path / "t.gz").stdout == TAGGED
    assert (
        tagged(tiny, "--input", "jsonl", input=text)
        == json.dumps({"tokens": TOKENS, "tags": TAGS}, separators=(",", ":")) + "\n"
    )


@pytest.mark.parametrize("dash", [[], ["-"]])
def test_a_dash_is_standard_input(tiny, dash):
    assert succeed("tag", tiny.model, *dash, input=COLUMNS).stdout == TAGGED


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("IOB2", TAGS),
        ("IOB1", "I-PER I-PER O O I-LOC O".split()),
        ("IO", "I-PER I-PER O O I-LOC O".split()),
        ("BIOES", "B-PER E-PER O O S-LOC O".split()),
        ("BILOU", "B-PER L-PER O O U-LOC O".split()),
    ],
)
def test_schemes(tiny, scheme, expected):
    lines = tagged(tiny, "--scheme", scheme, input=COLUMNS).split("\n")
    assert [line.split()[1] for line in lines if line] == expected


def test_columns_keep_their_other_columns(tiny):
    rows = "".join(f"{i} {token} x  O\n" for i, token in enumerate(TOKENS)) + "\n"
    expected = "".join(f"{i} {token} x  O {tag}\n" for i, (token, tag) in enumerate(zip(TOKENS, TAGS, strict=True)))
    assert tagged(tiny, "--token-column", "1", input=rows) == expected + "\n"
    tabs = "".join(f"{token}\ta b\t\n" for token in TOKENS)
    expected = "".join(f"{token}\ta b\t\t{tag}\n" for token, tag in zip(TOKENS, TAGS, strict=True))
    assert tagged(tiny, input=tabs) == expected + "\n"


def test_scores_are_probabilities(tiny):
    prediction = Tagger.load(tiny.model).predict([TOKENS])
    expected = [f"{p:.4f}" for p in prediction.probabilities]
    rows = [line.split() for line in tagged(tiny, "--scores", input=COLUMNS * 2).splitlines() if line]
    rows, second = rows[: len(TOKENS)], rows[len(TOKENS) :]
    assert rows == second
    assert [row[2] for row in rows] == expected
    assert all(0 <= float(row[2]) <= 1 for row in rows)
    assert [row[:2] for row in rows] == [list(pair) for pair in zip(TOKENS, TAGS, strict=True)]
    told = json.loads(tagged(tiny, "--scores", "--output", "jsonl", input=COLUMNS))
    assert told.keys() == {"tokens", "tags", "scores"}
    assert told["scores"] == [float(p) for p in expected]


# Raw text

TEXT = "John Smith lives in Paris."
SPANS = [(0, 10, "PER", "John Smith"), (20, 25, "LOC", "Paris")]


def spans_of(record: dict) -> list[tuple]:
    """Return the spans of an output record, without probabilities, which must be some."""
    assert all(0 < span["probability"] <= 1 for span in record["spans"])
    return [(span["start"], span["end"], span["label"], span["text"]) for span in record["spans"]]


def test_spans_of_texts(tiny):
    lines = tagged(tiny, "--input", "text", "--output", "spans", input=f"{TEXT}\r\n\n{TEXT} Nothing.\n").splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["text"] for record in records] == [TEXT, "", f"{TEXT} Nothing."]
    assert [spans_of(record) for record in records] == [SPANS, [], SPANS]


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_a_document_keeps_its_only_line_ends(tiny, tmp_path, line_end):
    text = f"{TEXT}{line_end}{TEXT}"
    (tmp_path / "old.txt").write_bytes(text.encode())
    options = ["--input", "document", "--output", "spans"]
    written = tagged(tiny, *options, input=text.encode())
    assert json.loads(written)["text"] == text
    assert succeed("tag", tiny.model, tmp_path / "old.txt", *options).stdout == written
    succeed("tag", tiny.model, tmp_path / "old.txt", "--input", "document", "--output", "brat", "--out", tmp_path / "o")
    assert (tmp_path / "o" / "old.txt.brat" / "00001.txt").read_bytes() == text.encode()


def test_a_document_keeps_its_line_ends(tiny):
    text = f"\r\n{TEXT}\r\n\r\nAnna\r\nBerg met\u2028Omar"
    record = json.loads(tagged(tiny, "--input", "document", "--output", "spans", input=text.encode()))
    assert record["text"] == text
    assert spans_of(record)[0] == (2, 12, "PER", "John Smith")
    assert all(text[span["start"] : span["end"]] == span["text"] for span in record["spans"])


@pytest.mark.parametrize("where", ["file", "pipe", "utf-16"])
@pytest.mark.parametrize("options", [[], ["--input", "text"]])
def test_a_carriage_return_alone_ends_a_line_of_text(tiny, tmp_path, options, where):
    """As in columns: where a file has no other line end."""
    text = f"{TEXT}\rNothing here.\r{TEXT}\r".encode("utf-16" if where == "utf-16" else "utf-8")
    (tmp_path / "old.txt").write_bytes(text)
    options = [*options, "--output", "spans"]
    file = succeed("tag", tiny.model, tmp_path / "old.txt", *options).stdout
    written = file if where == "file" else tagged(tiny, *options, input=text)
    assert [json.loads(line)["text"] for line in written.splitlines()] == [TEXT, "Nothing here.", TEXT]


def test_a_compressed_pipe_is_unpacked(tiny):
    assert tagged(tiny, input=gzip.compress(COLUMNS.encode())) == TAGGED


def test_text_is_recognised(tiny, tmp_path):
    """A line of text was one row of columns once, with the tag O."""
    (tmp_path / "text.txt").write_text(TEXT + "\n", encoding="utf-8")
    expected = "".join(f"{token}\t{tag}\n" for token, tag in zip(TOKENS, TAGS, strict=True)) + "\n"
    assert succeed("tag", tiny.model, tmp_path / "text.txt").stdout == expected
    assert tagged(tiny, input=TEXT) == expected
    (tmp_path / "columns.txt").write_text(COLUMNS, encoding="utf-8")
    assert succeed("tag", tiny.model, tmp_path / "columns.txt").stdout == TAGGED


def test_records_keep_their_keys(tiny):
    record = {"id": 17, "text": TEXT, "meta": {"a": [None]}, "spans": ["gold"]}
    (line,) = tagged(tiny, input=json.dumps(record)).splitlines()
    found = json.loads(line)
    assert list(found) == list(record)
    assert (found["id"], found["meta"], spans_of(found)) == (17, {"a": [None]}, SPANS)
    found = json.loads(tagged(tiny, "--output", "jsonl", input=json.dumps(record)))
    assert found == {"id": 17, "text": TEXT, "meta": {"a": [None]}, "tokens": TOKENS, "tags": TAGS}
    tokens = {"tokens": TOKENS, "id": 3}
    assert json.loads(tagged(tiny, input=json.dumps(tokens))) == {"id": 3, "tokens": TOKENS, "tags": TAGS}


def test_spans_of_tokens(tiny):
    found = json.loads(tagged(tiny, "--output", "spans", input="-DOCSTART-\n\n" + COLUMNS))
    assert found["text"] == " ".join(TOKENS)
    assert spans_of(found) == SPANS


@pytest.mark.parametrize("output", ["spans", "columns", "jsonl"])
def test_min_probability(tiny, output):
    options = ["--input", "text", "--output", output, "--min-probability"]
    assert "PER" in tagged(tiny, *options, "0.01", input=TEXT)
    assert "PER" not in tagged(tiny, *options, "1", input=TEXT)


@pytest.mark.parametrize("option", ["--min-probability", "--cache-mb"])
@pytest.mark.parametrize("value", ["nan", "-nan", "inf"])
def test_numbers_that_are_not_finite_are_refused(tiny, option, value):
    result = invoke("tag", tiny.run.folder, "-", f"{option}={value}", input=TEXT)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr


# Text from the wild


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ([], "", ""),
        ([], "\n\n \n", ""),
        (["--input", "tokens"], "", ""),
        (["--input", "tokens"], "\n \nhappened\n\n", "\n\nhappened\tO\n\n\n"),
        (["--input", "tokens", "--output", "jsonl"], "\n", '{"tokens":[],"tags":[]}\n'),
        (["--input", "jsonl"], "", ""),
        (["--input", "jsonl"], '\n{"tokens":[]}\n', '{"tokens":[],"tags":[]}\n'),
        (
            [],
            "-DOCSTART- -X- O\n\nhappened O\n\n-DOCSTART- -X- O\n",
            "-DOCSTART- -X- O O\n\nhappened O O\n\n-DOCSTART- -X- O O\n\n",
        ),
        (["--scores"], "-DOCSTART-\n", "-DOCSTART- O 1.0000\n\n"),
        (["--output", "jsonl"], "-DOCSTART-\nhappened\n", '{"tokens":["happened"],"tags":["O"]}\n'),
        ([], "\ufeffhappened\r\n\r\nhappened\r\n", "happened O\n\nhappened O\n\n"),
        ([], "happened", "happened O\n\n"),
        (
            ["--input", "jsonl"],
            '{"tokens":["a\\u2028b"],"tags":["B-X"],"id":7}',
            '{"id":7,"tokens":["a\u2028b"],"tags":["O"]}\n',
        ),
        (["--input", "tokens"], "happened\u00a0x", "happened\u00a0x\tO\n\n"),
    ],
)
def test_odd_but_good_text(tiny, options, text, expected):
    assert tagged(tiny, *options, input=text.encode()) == expected


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ([], b"a\n\xff\n", "<stdin>:2: byte 0xff, expected UTF-8"),
        (["--input", "tokens"], b"\xffa\n", "<stdin>:1: byte 0xff, expected UTF-8"),
        (["--input", "jsonl"], b'{"tokens":["a"]}\n{"tokens":"a"}\n', "<stdin>:2: Expected `array`, got `str`"),
        (["--input", "jsonl"], b"Paris\n", "<stdin>:1: JSON is malformed"),
        (["--input", "jsonl"], b'{"tokens":["a"],"tags":[]}\n', "<stdin>:1: 0 tags, expected 1"),
        (["--token-column", "2"], b"a b\n", "<stdin>:1: 2 columns, expected at least 3"),
        ([], b"a b\nc\n", "<stdin>:2: 1 column, expected 2"),
        (
            ["--input", "jsonl", "--output", "columns"],
            b'{"tokens":["a\\tb"]}\n',
            "<stdin>:1: token 'a\\tb' holds",
        ),
    ],
)
def test_bad_text_is_named_by_line(tiny, options, text, expected):
    assert expected in error_of("tag", tiny.model, *options, input=text)


def test_a_missing_file_or_model(tiny, tmp_path):
    assert error_of("tag", tiny.model, tmp_path / "no") == f"{tmp_path / 'no'}: no such file"
    assert error_of("tag", tmp_path) == (
        f"{tmp_path}/model.safetensors: no such file; expected a model that `windowner train` wrote"
    )


def test_words_that_nobody_has_seen(tiny):
    rows = tagged(tiny, input="Qwxz\n12,5\n\U0001f600\n" + "y" * 5000 + "\n").splitlines()
    assert [len(row.split(" ")) for row in rows if row] == [2] * 4


def test_a_sentence_of_ten_thousand_tokens(tiny):
    rows = tagged(tiny, "--input", "tokens", input=" ".join(TOKENS * 1700)).splitlines()
    assert [row.split("\t")[1] for row in rows if row] == TAGS * 1700


def test_order_is_kept_over_several_chunks(tiny, monkeypatch):
    monkeypatch.setattr("windowner.tagger.chunks.SENTENCES", 7)
    rows = tagged(tiny, input="".join(f"{i} x\n\n" for i in range(100))).split()
    assert rows[::3] == [str(i) for i in range(100)]


# In a shell


def test_a_reader_that_has_seen_enough(tiny, tmp_path):
    """No traceback and no message, though far more was written than a pipe holds."""
    (tmp_path / "text").write_text((" ".join(TOKENS) + "\n") * 5000)
    script = f"{WINDOWNER} tag {tiny.model} {tmp_path}/text --input tokens | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "John\tB-PER\n", "")


def test_a_pipe_from_train_to_score(tiny, tmp_path):
    data = tiny.folder / "test.conll"
    script = f"{WINDOWNER} tag {tiny.run.folder} - < {data} > {tmp_path}/t && {WINDOWNER} score {data} {tmp_path}/t"
    done = subprocess.run(script, shell=True, capture_output=True, text=True)
    note = "columns 2, 3 hold tags; column 3 is read, --predicted-tag-column names another"
    assert (done.returncode, done.stderr) == (0, f"{tmp_path}/t: {note}\n")
    assert done.stdout == succeed("eval", tiny.model, data).stdout


def test_bytes_out_are_utf_8_whatever_the_environment_says(tiny):
    done = subprocess.run(
        [WINDOWNER, "tag", tiny.model],
        input="Größe\n".encode(),
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert (done.returncode, done.stdout.decode().split()[0]) == (0, "Größe")


# Records of other kinds


def test_tokens_that_are_objects_stand_beside_a_text(tiny):
    """Prodigy writes offsets with its tokens. The text is tagged, and the record keeps its tokens."""
    tokens = [{"text": "John", "start": 0, "end": 4, "id": 0}, {"text": "Smith", "start": 5, "end": 10, "id": 1}]
    record = {"text": "John Smith", "tokens": tokens, "spans": []}
    written = json.loads(tagged(tiny, input=json.dumps(record) + "\n"))
    assert [(span["start"], span["end"], span["label"]) for span in written["spans"]] == [(0, 10, "PER")]
    assert written["tokens"] == tokens


@pytest.mark.parametrize("before", ["", '{"text": "Ana"}\n'])
def test_a_record_that_is_nested_too_deeply_is_an_error(tiny, before):
    deep = before + '{"x":' + "[" * 5000 + "]" * 5000 + "}\n"
    line = 1 + before.count("\n")
    assert error_of("tag", tiny.model, input=deep).startswith(f"<stdin>:{line}: nested too deeply; expected an object")
