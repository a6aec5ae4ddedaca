"""From Parquet to Parquet: other columns stay, new ones say what the other outputs say, row groups stay row groups."""

import io
import json

import pytest
from synthetic import error_of, succeed, train_documents

from windowner.formats.parquet_file import row_groups
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXTS = ["John Smith lives in Paris. He left.", None, "", "Anna met Omar in Rome.", "Nothing happened."] * 3
SENTENCES = [text and text.replace(".", " .").split() for text in TEXTS]
SPAN = {"start": pa.int64(), "end": pa.int64(), "label": pa.string(), "probability": pa.float64(), "rule": pa.string()}


@pytest.fixture
def table():
    """Texts between columns of types that JSON does not have."""
    numbers = pa.array(range(len(TEXTS)), pa.uint16())
    return pa.table(
        {
            "id": numbers,
            "text": pa.array(TEXTS, pa.large_string()),
            "kind": pa.array(["a", "b", None] * 5).dictionary_encode(),
            "when": pa.array(range(len(TEXTS)), pa.timestamp("us", tz="UTC")),
            "nested": pa.array([{"x": [1, 2]}, None, {"x": None}] * 5),
        },
        metadata={"who": "me"},
    )


def write(path, table, rows=4):
    pq.write_table(table, path, row_group_size=rows, compression="zstd")
    return path


def lines_of(*command):
    return list(map(json.loads, succeed(*command).stdout.splitlines()))


def tagged(tiny, path, *options):
    content = succeed("tag", tiny.model, path, *options).stdout_bytes
    return pq.ParquetFile(io.BytesIO(content))


@pytest.mark.parametrize("jobs", [1, 2])
def test_texts_gain_spans_and_keep_their_columns(tiny, table, tmp_path, jobs):
    path = write(tmp_path / "a.parquet", table)
    file = tagged(tiny, path, "--jobs", jobs)
    assert file.schema_arrow.remove(5) == table.schema
    assert file.schema_arrow.field("spans").type == pa.list_(pa.struct(SPAN))
    assert file.schema_arrow.metadata[b"who"] == b"me"
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [4, 4, 4, 3]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    found = file.read()
    assert found.drop_columns("spans").equals(table)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": text or ""}) + "\n" for text in TEXTS))
    lines = lines_of("tag", tiny.model, tmp_path / "a.jsonl", "--output", "spans")
    expected = [[{key: span.get(key) for key in SPAN} for span in line["spans"]] for line in lines]
    assert sum(map(len, expected)) > 5
    assert found.column("spans").to_pylist() == [
        None if text is None else spans for text, spans in zip(TEXTS, expected, strict=True)
    ]


@pytest.mark.parametrize("list_type", [pa.list_(pa.string()), pa.large_list(pa.large_string())])
def test_sentences_gain_tags_and_scores(tiny, tmp_path, list_type):
    path = write(tmp_path / "a.parquet", pa.table({"n": range(15), "words": pa.array(SENTENCES, list_type)}))
    found = tagged(tiny, path, "--scores", "--scheme", "BIOES").read()
    assert found.column_names == ["n", "words", "tags", "scores"]
    assert found.schema.field("words").type == list_type
    records = "".join(json.dumps({"tokens": tokens or []}) + "\n" for tokens in SENTENCES)
    (tmp_path / "a.jsonl").write_text(records)
    lines = lines_of("tag", tiny.model, tmp_path / "a.jsonl", "--scores", "--scheme", "BIOES")
    for key in ("tags", "scores"):
        assert found.column(key).to_pylist() == [
            None if tokens is None else line[key] for tokens, line in zip(SENTENCES, lines, strict=True)
        ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_end_where_they_end_and_not_with_row_groups(tmp_path_factory, tmp_path, jobs):
    documents = train_documents(tmp_path_factory.getbasetemp())
    succeed("convert", documents.folder / "test.conll", tmp_path / "a.parquet")
    succeed("convert", documents.folder / "test.conll", tmp_path / "a.jsonl")
    gold = pq.read_table(tmp_path / "a.parquet")
    path = write(tmp_path / "b.parquet", gold.drop_columns("tags"), rows=3)
    lines = lines_of("tag", documents.model, tmp_path / "a.jsonl")
    found = tagged(documents, path, "--jobs", jobs).read()
    assert found.column("document").equals(gold.column("document"))
    assert found.column("tags").to_pylist() == [line["tags"] for line in lines]


def test_the_column_is_named_or_found(tiny, tmp_path):
    columns = {"body": ["John Smith lives in Paris."], "spans": [[1]], "count": [3]}
    path = write(tmp_path / "a.parquet", pa.table(columns))
    names = "the columns body, spans, count"
    assert error_of("tag", tiny.model, path) == f"{path}: {names}, expected tokens or text; name one with --text-column"
    assert error_of("tag", tiny.model, path, "--text-column", "count") == (
        f"{path}: the column count holds int64, expected strings, or lists of strings"
    )
    assert "no single column who, expected one of body, spans, count" in error_of(
        "tag", tiny.model, path, "--text-column", "who"
    )
    assert error_of("tag", tiny.model, path, "--text-column", "body") == (
        f"{path}: has a column spans already; name the new one with --new-column"
    )
    found = tagged(tiny, path, "--text-column", "body", "--new-column", "found").read()
    assert found.column_names == ["body", "spans", "count", "found"]
    assert [span["label"] for span in found.column("found").to_pylist()[0]] == ["PER", "LOC"]


def test_text_becomes_no_parquet(tiny, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("John Smith lives in Paris.\n")
    expected = f"{path}: no Parquet, expected it for --output parquet, --text-column and --new-column"
    assert error_of("tag", tiny.model, path, "--output", "parquet") == expected
    assert error_of("tag", tiny.model, path, "--text-column", "body") == expected


def test_a_null_among_tokens_names_its_row(tiny, tmp_path):
    path = write(tmp_path / "a.parquet", pa.table({"tokens": [["a"], ["b", None]]}))
    assert error_of("tag", tiny.model, path) == f"{path}:2: a token is null, expected strings"


@pytest.mark.parametrize("rows", [[], [None, None]])
def test_a_file_without_texts(tiny, tmp_path, rows):
    path = write(tmp_path / "a.parquet", pa.table({"text": pa.array(rows, pa.string())}))
    assert tagged(tiny, path).read().column("spans").to_pylist() == rows


def test_a_pipe(tiny, table, tmp_path):
    path = write(tmp_path / "a.parquet", table)
    written = [*tag_stream(TagTask(tiny.model, input_format="", output_format=""), Unseekable(path.read_bytes()))]
    assert b"".join(piece for piece, _ in written) == succeed("tag", tiny.model, path).stdout_bytes


class Unseekable(io.BytesIO):
    def seekable(self):
        return False


def test_memory_holds_one_row_group(tiny, tmp_path, monkeypatch):
    """With small chunks, a row group is written before the next one but one is read."""
    path = write(tmp_path / "a.parquet", pa.table({"text": ["John Smith lives in Paris."] * 40}), rows=8)
    monkeypatch.setattr("windowner.tagging.parquet_rows.CHARACTERS", 50)
    read = []

    def noted(file, name):
        for number, group in enumerate(row_groups(file, name)):
            read.append(number)
            yield group

    monkeypatch.setattr("windowner.tagging.parquet_rows.row_groups", noted)
    with path.open("rb") as stream:
        ahead = [
            (len(read), piece)
            for piece, _ in tag_stream(TagTask(tiny.model, input_format="", output_format=""), stream)
        ]
    assert [number for number, _ in ahead] == [1, 2, 3, 4, 5, 5]


def test_a_folder_and_a_store(tiny, table, tmp_path, bucket):
    source = tmp_path / "texts"
    source.mkdir()
    whole = write(source / "a.parquet", table).read_bytes()
    bucket.put("texts/a.parquet", whole)
    expected = succeed("tag", tiny.model, source / "a.parquet").stdout_bytes
    succeed("tag", tiny.model, source, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "a.parquet").read_bytes() == expected
    succeed("tag", tiny.model, bucket["texts"], "--out", bucket["tagged"], "--jobs", "2")
    assert bucket.get("tagged/a.parquet") == expected
    assert "1 shard, 1 of them tagged already" in succeed("tag", tiny.model, source, "--out", tmp_path / "out").stderr
    message = error_of("tag", tiny.model, source, "--out", tmp_path / "out", "--new-column", "x")
    assert "made with new_column None, expected x" in message
    write(source / "a.parquet", table.slice(3, 2))
    succeed("tag", tiny.model, source, "--out", tmp_path / "lines", "--output", "spans")
    assert [path.name for path in (tmp_path / "lines").glob("*.jsonl")] == ["a.parquet.jsonl"]


def test_tags_do_not_take_the_name_of_the_scores(tiny, tmp_path):
    path = write(tmp_path / "a.parquet", pa.table({"tokens": [["Anna"]]}))
    message = error_of("tag", tiny.model, path, "--scores", "--new-column", "scores")
    assert f"{path}: --new-column scores, expected another name, because --scores adds that column" in message


def test_spans_say_which_rule_put_them_there(tiny, tmp_path):
    rules = tmp_path / "rules.jsonl"
    rules.write_text('{"label": "DAY", "pattern": "Monday", "id": "days"}\n{"label": "DAY", "pattern": "Sunday"}\n')
    path = write(tmp_path / "a.parquet", pa.table({"text": ["John Smith came on Monday, not on Sunday."]}))
    (spans,) = tagged(tiny, path, "--rules", rules).read().column("spans").to_pylist()
    assert [(span["label"], span["rule"]) for span in spans] == [("PER", None), ("DAY", "days"), ("DAY", "")]


def test_a_file_without_rows_stays_one(tiny, tmp_path):
    path = tmp_path / "a.parquet"
    pq.ParquetWriter(path, pa.schema({"text": pa.string()})).close()
    assert pq.ParquetFile(path).num_row_groups == 0
    file = tagged(tiny, path)
    assert (file.schema_arrow.names, file.metadata.num_rows) == (["text", "spans"], 0)
