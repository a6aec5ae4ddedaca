"""Corrected files: what a decision is about changes, and every other byte stays."""

import bz2
import gzip
import json

import pytest

from windowner.config.checking import make_config
from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.labels.corrected_records import SpanChange
from windowner.labels.corrected_rows import corrected_rows
from windowner.labels.correcting import write_corrected_files
from windowner.labels.decisions import read_decisions
from windowner.text.document import Span
from windowner.text.token_spans import TokenSpan, sentence_spans

COLUMNS = (
    "# made by hand\n-DOCSTART- -X- O O\n\n"
    "EU NNP x I-ORG\nrejects VBZ x O\n# a comment, among rows\nPeter NNP x I-PER\nBlackburn  NNP x I-PER\n\n\n"
    "Paris NNP x I-LOC\nHilton NNP x B-LOC\n. . x O\n"
)
TABS = "Token\tNumber\tTag\r\nNew York\t1\tB-LOC\t\r\nis\t2\tO\r\n\r\nAna\t3\tO\r\n"
JSON_LINES = (
    '{"id": 1, "tokens": ["Ana", "was", "here"], "tags": ["O", "O", "O"]}\n\n'
    '{"tokens":["Paris"],"tags":["B-PER"],"é":"\\u00e9"}\n'
)
SPANS = (
    '{"text": "Ana  lives in Rome.", "label": [[0, 3, "PER"], [14, 18, "ORG"]], "meta": {"a": 1}}\n'
    '{"text": "Nothing .", "label": []}\n'
)
DOCUMENTS = '[{"id": 7, "data": {"text": "Ana lives."}, "annotations": [{"result": []}]}]'


def correct(folder, text, decisions, name="train.conll", **data):
    """Write a file and decisions; return the content of the corrected file, and what is read from it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    decide(folder, name, decisions, **data)
    apply(folder, name, **data)
    return (folder / "corrected" / name).read_bytes(), read_corpus(folder / "corrected" / name, **data)


def decide(folder, name, decisions, **data):
    """Write decisions about a file: number of the sentence, first and last token of the entity, and its label."""
    lines = []
    corpus = read_corpus(folder / name, **data)
    for sentence, start, end, label in decisions:
        gold = [span for span in sentence_spans([corpus.tags[sentence]])[0] if span.start < end and start < span.end]
        lines.append(
            {
                "file": str(folder / name),
                "line": corpus.sentences[sentence].line_of(start),
                "sentence": sentence,
                "start": min([start, *(span.start for span in gold)]),
                "end": max([end, *(span.end for span in gold)]),
                "tokens": corpus.tokens[sentence],
                "gold": [{"start": span.start, "end": span.end, "label": span.type} for span in gold],
                "decision": "accept" if label != "keep" else "keep",
                "spans": [{"start": start, "end": end, "label": label}] if label else [],
            }
        )
    path = folder / "decisions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def apply(folder, name="train.conll", **data):
    config = make_config({"data": {"train": name, **data}}, "config", directory=folder)
    list(write_corrected_files(config, read_decisions(folder / "decisions.jsonl"), folder / "corrected"))


def test_a_column_file_changes_in_its_tags_alone(tmp_path):
    text, corpus = correct(tmp_path, COLUMNS, [(0, 2, 4, "ORG"), (1, 0, 2, "PER"), (0, 0, 1, "keep")])
    expected = COLUMNS.replace("Peter NNP x I-PER\nBlackburn  NNP x I-PER", "Peter NNP x I-ORG\nBlackburn  NNP x I-ORG")
    expected = expected.replace("x I-LOC\nHilton NNP x B-LOC", "x I-PER\nHilton NNP x I-PER")
    assert text.decode() == expected
    assert corpus.scheme.name == "IOB1"


def test_nothing_decided_is_the_same_file(tmp_path):
    assert correct(tmp_path, COLUMNS, [])[0].decode() == COLUMNS
    assert correct(tmp_path, COLUMNS, [(0, 2, 4, "keep")])[0].decode() == COLUMNS


def test_a_label_is_removed_and_put_back_byte_for_byte(tmp_path):
    text, _ = correct(tmp_path / "a", COLUMNS, [(0, 2, 4, "")])
    assert text.decode() == COLUMNS.replace("x I-PER", "x O")
    assert correct(tmp_path / "b", text, [(0, 2, 4, "PER")])[0].decode() == COLUMNS


def test_tabs_headers_line_ends_and_empty_last_columns_stay(tmp_path):
    text, _ = correct(tmp_path, TABS, [(1, 0, 1, "PER"), (0, 0, 1, "")])
    assert text.decode() == TABS.replace("Ana\t3\tO", "Ana\t3\tB-PER").replace("B-LOC", "O")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_the_encoding_stays(tmp_path, encoding):
    text = "Zoë\tO\nlebt\tO\n\nRom\tB-LOC\n"
    data = {"encoding": encoding} if encoding == "cp1252" else {}
    corrected, _ = correct(tmp_path, text.encode(encoding), [(0, 0, 1, "PER")], **data)
    assert corrected == text.replace("Zoë\tO", "Zoë\tB-PER").encode(encoding)


def test_a_compressed_file_is_compressed_again(tmp_path):
    corrected, _ = correct(tmp_path, gzip.compress(COLUMNS.encode()), [(0, 0, 1, "LOC")], "train.conll.gz")
    assert gzip.decompress(corrected).decode() == COLUMNS.replace("x I-ORG", "x I-LOC")
    assert corrected[3:8] == bytes(5)  # neither a name nor a time


def test_types_without_prefix_and_numbered_tags_are_written_as_they_were(tmp_path):
    bare = "Ana PER\nmet O\nBo PER\nin O\nRome LOC\n. O\n"
    assert correct(tmp_path / "a", bare, [(0, 4, 5, "PER")])[0].decode() == bare.replace("Rome LOC", "Rome PER")
    numbers = '{"tokens": ["Ana", "met"], "ner_tags": [1, 0]}\n'
    names = {"tag_names": ("O", "B-PER", "B-LOC")}
    text, _ = correct(tmp_path / "b", numbers, [(0, 0, 1, "LOC")], "train.jsonl", **names)
    assert text.decode() == '{"tokens": ["Ana", "met"], "ner_tags": [2, 0]}\n'


def test_json_lines_change_in_the_lines_of_decisions_alone(tmp_path):
    text, _ = correct(tmp_path, JSON_LINES, [(0, 0, 1, "PER")], "train.jsonl")
    assert text.decode() == JSON_LINES.replace('"tags": ["O", "O", "O"]', '"tags": ["B-PER", "O", "O"]')


def test_spans_of_characters_keep_their_shape(tmp_path):
    text, corpus = correct(tmp_path, SPANS, [(0, 3, 4, "LOC"), (1, 0, 1, "MISC")], "train.jsonl")
    assert text.decode() == SPANS.replace('[14, 18, "ORG"]', '[14, 18, "LOC"]').replace("[]", '[[0, 7, "MISC"]]')
    assert len(corpus.sentences) == 2


def test_the_text_of_a_record_is_the_one_that_is_read(tmp_path):
    record = '{"text": null, "content": "Ana lives.", "label": [[0, 3, "%s"]]}\n'
    text, _ = correct(tmp_path, record % "ORG", [(0, 0, 1, "PER")], "train.jsonl")
    assert text.decode() == record % "PER"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[0, 3, "PER"], [0, 6, "PER"]', '[0, 3, "PER"], [0, 6, "LOC"]'),
        ('[0, 6, "PER"], [0, 3, "PER"]', '[0, 3, "PER"], [0, 6, "LOC"]'),
        ('[0, 6, "PER"], [4, 6, "PER"]', '[4, 6, "PER"], [0, 6, "LOC"]'),
        ('[0, 6, "PER"], [0, 6, "PER"]', '[0, 6, "LOC"]'),
        ('[0, 7, "PER"], [0, 3, "PER"]', '[0, 3, "PER"], [0, 6, "LOC"]'),
    ],
)
def test_of_spans_that_overlap_the_one_that_was_read_is_changed(tmp_path, before, after):
    record = '{"text": "Ana Bo lives.", "label": [%s]}\n'
    text, corpus = correct(tmp_path, record % before, [(0, 0, 2, "LOC")], "train.jsonl")
    assert text.decode() == record % after
    assert corpus.tags == [["B-LOC", "I-LOC", "O", "O"]]


def test_a_span_that_overlaps_a_longer_one_would_not_be_read(tmp_path):
    """[4, 12] was left out, because it overlaps a longer span. If that one shrinks, [4, 12] would take its place."""
    record = '{"text": "Ana Bo Lee lives.", "label": [[0, 10, "PER"], [4, 12, "LOC"]]}\n'
    with pytest.raises(DataError, match=r"train.jsonl:1: PER at 0 to 6 overlaps LOC at 4 to 12, .* by hand"):
        correct(tmp_path, record, [(0, 0, 2, "PER")], "train.jsonl")
    assert list((tmp_path / "corrected").iterdir()) == []


def test_a_shorter_span_appears_where_a_longer_one_is_taken_out(tmp_path):
    record = '{"text": "Ana Bo lives.", "label": [[0, 6, "PER"], [4, 6, "LOC"]]}\n'
    text, corpus = correct(tmp_path, record, [(0, 0, 2, "")], "train.jsonl")
    assert text.decode() == '{"text": "Ana Bo lives.", "label": [[4, 6, "LOC"]]}\n'
    assert corpus.tags == [["O", "B-LOC", "O", "O"]]


def test_label_studio_is_written_anew(tmp_path):
    text, corpus = correct(tmp_path, DOCUMENTS, [(0, 0, 1, "PER")], "train.json")
    assert json.loads(text)[0]["id"] == 7
    assert corpus.tags[0][0] == "B-PER"


def test_a_folder_of_brat_is_written_anew(tmp_path):
    """Pairs of files in folders are written into one folder; only the one with a decision changes."""
    source = tmp_path / "train"
    (source / "b").mkdir(parents=True)
    (source / "a.txt").write_text("Zoë lives in Rome.\n", encoding="utf-8")
    (source / "a.ann").write_text("T1\tPER 0 3\tZoë\nT2\tORG 13 17\tRome\n", encoding="utf-8")
    (source / "b" / "c.txt").write_text("Bo met nobody.", encoding="utf-8")
    (source / "b" / "c.ann").write_text("T1\tPER 0 2\tBo\n", encoding="utf-8")
    before = read_corpus(source)
    decide(tmp_path, "train", [(0, 3, 4, "LOC")])
    apply(tmp_path, "train")
    after = read_corpus(tmp_path / "corrected" / "train")
    assert after.tokens == before.tokens
    assert after.tags == [["B-PER", "O", "O", "B-LOC", "O"], *before.tags[1:]]
    assert (tmp_path / "corrected" / "train" / "a.txt").read_bytes() == (source / "a.txt").read_bytes()
    assert (tmp_path / "corrected" / "train" / "b_c.ann").read_bytes() == (source / "b" / "c.ann").read_bytes()
    with pytest.raises(DataError, match="exists already"):
        apply(tmp_path, "train")


def test_a_single_pair_of_brat_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("Bo met nobody.", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tPER 0 2\tBo\n", encoding="utf-8")
    decide(tmp_path, "a.ann", [])
    with pytest.raises(DataError, match=r"a\.ann: one pair of files of brat, expected their folder"):
        apply(tmp_path, "a.ann")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("tokens", ["EU"], "holds another sentence now"),
        ("sentence", 9, "holds another sentence now"),
        ("file", "other.conll", "file other.conll, expected one that the config names"),
        ("gold", [], "has 'PER' at tokens 2 to 4, expected no entity"),
        ("end", 99, "tokens 2 to 99, expected 0 <= start < end <= 4"),
        ("spans", [{"start": 0, "end": 1, "label": "A"}], "spans overlap, or reach outside of tokens 2 to 4"),
        ("spans", [{"start": 2, "end": 3, "label": "A\tB"}], "expected one without tab"),
        ("spans", [{"start": 2, "end": 3, "label": "A B"}], "holds a space"),
        ("decision", "perhaps", "Invalid enum value"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_written(tmp_path, field, value, message):
    correct(tmp_path, COLUMNS, [(0, 2, 4, "ORG")])
    decision = json.loads((tmp_path / "decisions.jsonl").read_text())
    (tmp_path / "decisions.jsonl").write_text("\n" + json.dumps({**decision, field: value}) + "\n")
    (tmp_path / "corrected" / "train.conll").unlink()
    with pytest.raises(DataError, match=message) as caught:
        apply(tmp_path)
    assert str(caught.value).startswith(str(tmp_path))
    assert list((tmp_path / "corrected").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "label", "found"),
    [
        (TABS, "LOC ", "'LOC'"),
        (TABS, "LOC\x0c", "'LOC'"),
        ("Ana PER\nmet O\nBo PER\nin O\nRome LOC\n. O\n", "O", "'PER' at tokens 2 to 3"),
    ],
)
def test_labels_that_would_be_read_as_others_are_refused(tmp_path, text, label, found):
    with pytest.raises(DataError, match=f"would be read as {found}.*; choose labels") as caught:
        correct(tmp_path, text, [(0, 0, 1, label)])
    assert str(caught.value).startswith(f"{tmp_path / 'train.conll'}:")
    assert list((tmp_path / "corrected").iterdir()) == []


def test_decisions_may_begin_with_a_byte_order_mark(tmp_path):
    correct(tmp_path, COLUMNS, [(0, 2, 4, "ORG")])
    path = tmp_path / "decisions.jsonl"
    (before,) = read_decisions(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_decisions(path) == [before]


@pytest.mark.parametrize("line", ["null", "[]", "{", "\ufffd", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"])
def test_a_line_that_is_no_decision_is_named(tmp_path, line):
    (tmp_path / "d").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"d:2: .*; expected a line that the review page has written"):
        read_decisions(tmp_path / "d")


def test_a_format_that_cannot_be_corrected_says_what_helps(tmp_path):
    with pytest.raises(DataError, match="windowner convert"):
        correct(tmp_path, "token,tag\nAna,O\nRome,B-LOC\n", [(0, 0, 1, "PER")], "train.csv")


def test_a_file_is_never_written_onto_itself(tmp_path):
    correct(tmp_path, COLUMNS, [])
    config = make_config({"data": {"train": "train.conll"}}, "config", directory=tmp_path)
    with pytest.raises(DataError, match="onto itself"):
        list(write_corrected_files(config, [], tmp_path))


def test_spans_that_are_objects_stay_objects(tmp_path):
    record = '{"text": "Ana lives.", "entities": [{"begin": 0, "end": 3, "type": "PER"}]}\n'
    text, _ = correct(tmp_path / "a", record, [(0, 1, 2, "LOC")], "train.jsonl")
    entities = [{"begin": 0, "end": 3, "type": "PER"}, {"begin": 4, "end": 9, "type": "LOC"}]
    assert json.loads(text)["entities"] == entities
    none = '{"text": "Ana lives.", "entities": []}\n'
    text, _ = correct(tmp_path / "b", none, [(0, 0, 1, "PER")], "train.jsonl")
    assert json.loads(text)["entities"] == [{"start": 0, "end": 3, "label": "PER"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"tokens": ["Ana", "\\n", "is"], "tags": ["O", "O", "O"]}\n',
            "train.jsonl:1: tokens of white space were left out, so its tags cannot be written back; convert",
        ),
        ('{"examples": [{"text": "Ana is.", "label": []}]}\n', "train.jsonl:1: no text with spans, expected a JSON"),
        ('{"text": "", "label": []}\n["Ana is.", {"entities": []}]\n', "train.jsonl:2: list, expected a JSON object"),
    ],
)
def test_records_that_cannot_be_changed_in_place_are_refused(tmp_path, text, message):
    with pytest.raises(DataError) as caught:
        correct(tmp_path, text, [(0, 0, 1, "PER")], "train.jsonl")
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
    assert list((tmp_path / "corrected").iterdir()) == []


def test_a_type_without_a_number_cannot_be_written_as_one(tmp_path):
    numbers = '{"tokens": ["Ana", "met"], "ner_tags": [1, 0]}\n'
    with pytest.raises(DataError, match=r"train.jsonl:1: '1' where 'B-PER' was read, so 'B-ORG' cannot be written"):
        correct(tmp_path, numbers, [(0, 0, 1, "ORG")], "train.jsonl", tag_names=("O", "B-PER"))


def test_a_row_without_its_column_of_tags_is_refused(tmp_path):
    """The file has changed since it was read."""
    (tmp_path / "a.conll").write_text("Ana\tx\tB-PER\n")
    corpus = read_corpus(tmp_path / "a.conll")
    with pytest.raises(DataError, match=r"a\.conll:1: 2 columns, expected a tag in column 2"):
        corrected_rows("Ana\tB-PER\n", corpus, {0: [TokenSpan(0, 1, "LOC")]}, ReadOptions(tag_column=2))


def test_a_span_that_is_no_longer_there_is_refused():
    with pytest.raises(DataError, match=r"^a:1: no span PER at 0 to 3, expected the one reviewed$"):
        SpanChange(removed=[Span(0, 3, "PER")]).applied([Span(4, 9, "PER"), Span(0, 3, "LOC")], "a:1")


def test_labels_that_spoil_the_whole_file_are_refused(tmp_path):
    with pytest.raises(
        DataError, match="the format spans cannot hold the labels: the corrected file:1: span 0 to 3 with the label"
    ):
        correct(tmp_path, SPANS, [(0, 0, 1, "\x0b")], "train.jsonl")
    assert list((tmp_path / "corrected").iterdir()) == []


def test_a_compressed_file_of_another_kind_says_what_helps(tmp_path):
    with pytest.raises(DataError, match=r"train\.conll: its text cannot be written back as utf-8; .*windowner convert"):
        correct(tmp_path, bz2.compress(COLUMNS.encode()), [(0, 0, 1, "LOC")])


def test_two_files_of_one_name_do_not_fit_into_one_folder(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.conll").write_text(COLUMNS)
    config = make_config({"data": {"train": "a/x.conll", "dev": "b/x.conll"}}, "config", directory=tmp_path)
    with pytest.raises(DataError, match=r"a/x\.conll, .*b/x\.conll: the same name twice, expected names that fit"):
        list(write_corrected_files(config, [], tmp_path / "corrected"))


def test_train_and_dev_are_two_files(tmp_path):
    (tmp_path / "x.conll").write_text(COLUMNS)
    config = make_config({"data": {"train": "x.conll", "dev": "x.conll"}}, "config", directory=tmp_path)
    with pytest.raises(DataError, match=r"x\.conll: both data\.train and data\.dev, expected two files"):
        list(write_corrected_files(config, [], tmp_path / "corrected"))


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path):
    (tmp_path / "x.conll").write_text(COLUMNS)
    config = make_config({"data": {"train": "x.conll"}}, "config", directory=tmp_path)
    with pytest.raises(DataError, match=r"x\.conll/corrected: cannot be written: Not a directory"):
        list(write_corrected_files(config, [], tmp_path / "x.conll" / "corrected"))
