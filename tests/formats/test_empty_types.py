"""A label without a name is refused in every format, and is never read as another label."""

import json

import numpy as np
import pytest

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.parquet_written import described
from windowner.formats.reading import read_corpus
from windowner.formats.record_writing import span_lines
from windowner.formats.table import FORMATS
from windowner.labels.tasks import Task, doccano_task, prodigy_task
from windowner.text.document import Span
from windowner.text.token_spans import TokenSpan

TEXT = {"text": "Ana is"}
WEBANNO = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n#Text=Ana\n1-1\t0-3\tAna\t{}[1]\t\n"
MARK = {"type": "labels", "value": {"start": 0, "end": 3, "labels": ["PER"]}}
CONLLU = "1\tAna" + "\t_" * 7 + "\tname=B-{}\n2\tis" + "\t_" * 8 + "\n"


def docbin(folder, label):
    spacy = pytest.importorskip("spacy")
    doc = spacy.tokens.Doc(spacy.vocab.Vocab(), words=["Ana", "is"])
    label_id = doc.vocab.strings.add(label or " ")  # without a label, a B of spaCy means: no entity may stand here
    doc.from_array(["ENT_IOB", "ENT_TYPE"], np.array([[3, label_id], [2, 0]], dtype=np.uint64))
    spacy.tokens.DocBin(docs=[doc]).to_disk(folder / "f")


def parquet(folder, record):
    arrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(arrow.Table.from_pylist([record]), folder / "f")


def brat(folder, label):
    (folder / "f.txt").write_text("Ana is", encoding="utf-8")
    (folder / "f.ann").write_text(f"T1\t{label} 0 3\tAna\n", encoding="utf-8")


def text(content):
    return lambda folder, label: (folder / "f").write_text(content.replace("PER", label), encoding="utf-8")


SPANS = [
    {**TEXT, "spans": [{"start": 0, "end": 3, "label": "PER"}]},
    {**TEXT, "labels": [[0, 3, "PER"]]},
    ["Ana is", {"entities": [[0, 3, "PER"]]}],
    {**TEXT, "label": {"PER": {"Ana": [[0, 2]]}}},
]
WRITERS = [
    ("columns", text("Ana B-PER\nis O\n")),
    ("jsonl", text('{"tokens": ["Ana", "is"], "tags": ["B-PER", "O"]}')),
    ("jsonl", text('{"tokens": ["Ana", "is"], "tag_probabilities": [{"B-PER": 1}, {"O": 1}]}')),
    *(("spans", text(json.dumps(record))) for record in SPANS),
    ("label-studio", text(json.dumps([{"data": TEXT, "annotations": [{"result": [MARK]}]}]))),
    ("conllu", text(CONLLU.format("PER"))),
    ("csv", text("token,tag\nAna,B-PER\nis,O\n")),
    ("webanno", text(WEBANNO.format("PER"))),
    ("brackets", text("Ana (PER)\nis *\n")),
    ("brat", brat),
    ("parquet", lambda folder, label: parquet(folder, {**TEXT, "spans": [{"start": 0, "end": 3, "label": label}]})),
    ("parquet", lambda folder, label: parquet(folder, {"tokens": ["Ana", "is"], "tags": [f"B-{label}", "O"]})),
    ("spacy", docbin),
]


def test_every_format_with_labels_is_tried():
    assert {name for name, _ in WRITERS} == {format.name for format in FORMATS.values() if format.has_tags}


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_an_empty_type_is_refused(tmp_path, name, write):
    path = tmp_path / ("f.txt" if name == "brat" else "f")
    write(tmp_path, "PER")
    assert read_corpus(path, format=name).entity_types == ["PER"]
    write(tmp_path, "")
    with pytest.raises(DataError, match=r"without a type|label ' ?'|'\(\)', expected one of") as caught:
        read_corpus(path, format=name)
    assert str(caught.value).startswith(str(path.with_suffix("")))


@pytest.mark.parametrize("name", ["spans", "label-studio", "webanno", "spacy"])
def test_spaces_around_a_label_are_dropped(tmp_path, name):
    write = dict(WRITERS)[name]
    write(tmp_path, " PER ")
    assert read_corpus(tmp_path / "f", format=name).entity_types == ["PER"]
    write(tmp_path, "  ")
    with pytest.raises(DataError, match="label ' "):
        read_corpus(tmp_path / "f", format=name)


@pytest.mark.parametrize("to", ["spans", "label-studio", "brat", "brackets"])
def test_entities_without_a_type_get_a_name_where_one_is_needed(tmp_path, to):
    (tmp_path / "f.conll").write_text("Ana B\nLi I\nis O\n", encoding="utf-8")
    convert_file(tmp_path / "f.conll", tmp_path / "made", ReadOptions(), target_format=to)
    assert read_corpus(tmp_path / "made", format=to).tags == [["B-ENTITY", "I-ENTITY", "O"]]


def test_tagged_entities_without_a_type_get_a_name():
    spans = [Span(0, 3, "")]
    assert json.loads(span_lines([{}], ["Ana"], [spans]))["spans"][0]["label"] == "ENTITY"
    assert described(spans)[0]["label"] == "ENTITY"
    task = Task(["Ana"], [TokenSpan(0, 1, "")], 0.5)
    assert prodigy_task(task)["spans"][0]["label"] == "ENTITY"
    assert doccano_task(task)["label"] == [[0, 3, "ENTITY"]]
