"""From one format to another, and back."""

import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.formats.brat import read_brat
from windowner.formats.converting import convert_file
from windowner.formats.items import read_items
from windowner.formats.label_studio import read_label_studio, task_text
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.spans import document_line, read_spans
from windowner.formats.table import FORMATS, WRITERS
from windowner.formats.writing import write_documents, write_sentences
from windowner.text.document import Document, Span
from windowner.text.sentence import Sentence
from windowner.text.tag_writing import convert

DATA = Path(__file__).parents[2] / "data"
THREE = """-DOCSTART- O

Angela\tB-PER
Merkel\tI-PER
visited\tO
New York\tB-LOC

Berlin\tB-LOC
Paris\tB-LOC
,\tO
"\tO

-DOCSTART- O

É\tB-X-y
#\tO
"""
KEEPING_TOKENS = ["columns", "jsonl", "spans", "conllu", "csv", "brackets"]
HOLDING_TEXTS = ["spans", "label-studio", "brat"]


def there_and_back(source, folder, name):
    """Convert a file to a format, and back to columns."""
    between, back = folder / f"between.{name}", folder / "back.conll"
    convert_file(source, between, ReadOptions(), target_format=name)
    convert_file(between, back, ReadOptions(), target_format="columns")
    return read_corpus(back)


@pytest.fixture
def three(tmp_path):
    path = tmp_path / "three.conll"
    path.write_text(THREE, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", KEEPING_TOKENS)
def test_three_sentences_come_back(three, tmp_path, name):
    corpus, again = read_corpus(three), there_and_back(three, tmp_path, name)
    assert (again.tokens, again.tags) == (corpus.tokens, corpus.tags)
    assert again.document_starts == [0, 2]


@pytest.mark.parametrize("name", HOLDING_TEXTS)
def test_texts_come_back_from_formats_of_texts(tmp_path, name):
    documents = [
        Document("Ana 😀 lives.\r\nIn Rome.", [Span(0, 3, "PER"), Span(18, 22, "LOC")], extra={"id": "a"}),
        Document("University of Rome", [Span(0, 18, "ORG"), Span(14, 18, "LOC")], extra={"id": "b"}),
        Document("nothing", [], extra={"id": "c"}),
    ]
    source, target = tmp_path / "a.jsonl", tmp_path / "b"
    source.write_text("".join(map(document_line, documents)), encoding="utf-8")
    done = convert_file(source, target, ReadOptions(), target_format=name)
    assert dict(done.written) == {"documents": 3, "entities": 4}
    if name == "brat":
        assert list(read_brat(target)) == documents
        return
    with target.open("rb") as stream:
        read = FORMATS[name].read_documents(stream, "b", ReadOptions())
        assert [(each.text, each.spans, each.extra) for each in read] == [
            (each.text, each.spans, each.extra) for each in documents
        ]


@pytest.mark.parametrize("corpus", ["wikigold", "wnut17", "btc", "ncbi-disease"])
@pytest.mark.parametrize("part", ["dev", "test"])
def test_bundled_corpora_come_back_from_spans(tmp_path, corpus, part):
    source = DATA / corpus / f"{part}.conll"
    before, after = read_corpus(source), there_and_back(source, tmp_path, "spans")
    assert after.tokens == before.tokens
    assert convert(after.tags, "IOB2") == convert(before.tags, "IOB2")
    assert after.document_starts == before.document_starts


def test_what_cannot_be_carried_over_is_counted(tmp_path):
    source = tmp_path / "a.conll"
    source.write_text("# id 1 x\nAna N B-PER\nis V O\n")
    done = convert_file(source, tmp_path / "b.json", ReadOptions(), target_format="label-studio")
    assert dict(done.written) == {"sentences": 1, "tokens": 2, "entities": 1}
    assert {what: number for what, number in done.lost.items() if number} == {
        "comments and header rows": 1,
        "other columns of sentences": 1,
        "tokens of sentences": 1,
    }


def test_what_documents_lose_is_counted(tmp_path):
    source = tmp_path / "a.jsonl"
    tokens = [{"start": 0, "end": 3}, {"start": 4, "end": 9}]
    source.write_text(json.dumps({"text": "Ana lives", "spans": [[0, 3, "PER"]], "tokens": tokens, "source": "x"}))
    done = convert_file(source, tmp_path / "b", ReadOptions(), target_format="brat")
    assert dict(done.written) == {"documents": 1, "entities": 1}
    assert dict(done.lost) == {"tokens of documents": 1, "other keys of records": 1}


def test_a_file_without_tokens_is_not_converted(tmp_path):
    (tmp_path / "a.conll").write_text("\n\n")
    with pytest.raises(DataError, match=r"a\.conll:1: no tokens, expected labelled sentences"):
        convert_file(tmp_path / "a.conll", tmp_path / "b.jsonl", ReadOptions())
    assert not (tmp_path / "b.jsonl").exists()


CANNOT_SAY = sorted(
    name for name, each in FORMATS.items() if each.has_tags and not each.says_not_annotated and name != "webanno"
)


@pytest.mark.parametrize("name", CANNOT_SAY)
def test_what_is_not_annotated_is_not_lost(tmp_path, name):
    (tmp_path / "a.jsonl").write_text(
        '{"tokens": ["Ana", "is"], "tags": ["B-PER", "O"]}\n{"tokens": ["x"], "tags": [null]}\n'
    )
    with pytest.raises(
        DataError, match=rf"a\.jsonl:2: 1 token not annotated, which {name} cannot hold, expected --to "
    ):
        convert_file(tmp_path / "a.jsonl", tmp_path / "out", ReadOptions(), target_format=name)
    assert not (tmp_path / "out").exists()


def test_probabilities_of_spans_and_counts_of_sentences_are_written():
    document = Document("Ana is. x", [Span(0, 3, "PER", 0.123456)], [[(0, 3), (4, 6), (6, 7)], [(8, 9)]])
    record = json.loads(document_line(document))
    assert record["spans"] == [{"start": 0, "end": 3, "label": "PER", "text": "Ana", "probability": 0.1235}]
    assert record["sentences"] == [3, 1]
    (again,) = read_spans(io.BytesIO(document_line(document).encode()), "f", ReadOptions())
    assert again.sentences == document.sentences


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_writers_refuse_what_their_format_does_not_hold(tmp_path, name):
    write = write_sentences if FORMATS[name].holds_documents else write_documents
    if name in ("brat", "parquet", "spacy"):
        return
    with pytest.raises(ValueError, match=f"{name} holds no "):
        write(tmp_path / "out", FORMATS[name], [])


def test_other_keys_are_kept_in_json(tmp_path):
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": 3, "meta": {"a": [1]}, "words": ["Ana"], "ner_tags": ["B-PER"]}\n')
    convert_file(source, tmp_path / "b.jsonl", ReadOptions(), target_format="spans")
    record = json.loads((tmp_path / "b.jsonl").read_text())
    assert (record["id"], record["meta"], record["text"]) == (3, {"a": [1]}, "Ana")


@pytest.mark.parametrize(
    ("misaligned", "tags"),
    [("split", ["O", "B-LOC", "O", "O"]), ("expand", ["O", "B-LOC", "O"]), ("drop", ["O", "O", "O"])],
)
def test_spans_that_cut_a_token(tmp_path, misaligned, tags):
    source, target = tmp_path / "a.jsonl", tmp_path / "b.conll"
    source.write_text('{"text": "a Rome-born man", "spans": [[2, 6, "LOC"]]}')
    convert_file(source, target, ReadOptions(misaligned=misaligned))
    assert read_corpus(target).tags == [tags]
    with pytest.raises(DataError, match=r"a.jsonl:1: span 2 to 6 LOC cuts the tokens 'Rome-born'"):
        convert_file(source, tmp_path / "c.conll", ReadOptions(misaligned="error"))
    assert not (tmp_path / "c.conll").exists()


def test_files_are_written_whole(three, tmp_path):
    target = tmp_path / "b.conllu"
    target.write_text("old")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"tokens": ["a"], "tags": ["O"]}\n{"tokens": ["a\\tb"], "tags": ["O"]}\n')
    with pytest.raises(DataError, match="holds a tab or a line end"):
        convert_file(bad, target, ReadOptions())
    assert target.read_text() == "old"
    convert_file(three, tmp_path / "folder", ReadOptions(), target_format="brat")
    with pytest.raises(DataError, match="exists already, expected the name of a new folder for brat files"):
        convert_file(three, tmp_path / "folder", ReadOptions(), target_format="brat")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.conllu", "bad.jsonl", "folder", "three.conll"]


def test_names_that_say_no_format(three, tmp_path):
    with pytest.raises(DataError, match="the name does not say its format, expected --to columns, jsonl, spans"):
        convert_file(three, tmp_path / "b.xyz", ReadOptions())
    with pytest.raises(DataError, match="the name does not say its format"):
        convert_file(three, tmp_path / "b.txt", ReadOptions())


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@st.composite
def documents(draw):
    """Draw a text, and spans that may overlap; none is white space alone."""
    text = draw(texts)
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)), st.sampled_from(["PER", "LOC"]))
    spans = [Span(*place) for place in draw(st.lists(places, max_size=4)) if text[place[0] : place[1]].strip()]
    return Document(text, spans, extra={"id": draw(st.integers(0, 9))})


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(documents(), min_size=1, max_size=3))
def test_drawn_documents_come_back(drawn):
    pairs = [
        ("".join(map(document_line, drawn)), read_spans),
        ("[" + ",\n".join(map(task_text, drawn)) + "]", read_label_studio),
    ]
    for written, read in pairs:
        found = list(read(io.BytesIO(written.encode()), "f", ReadOptions()))
        assert [(each.text, each.spans, each.extra) for each in found] == [
            (each.text, each.spans, each.extra) for each in drawn
        ]


any_text = st.text(st.characters(codec=None), min_size=1, max_size=6).filter(lambda text: text.strip())


@settings(derandomize=True, deadline=None, max_examples=80)
@given(any_text, st.one_of(any_text, st.just("PER")), st.sampled_from(["spans", "label-studio", "brat", "spacy"]))
@example("a\ud800", "PER", "spans")
@example("a\ud800", "PER", "label-studio")
@example("a\ud800", "PER", "brat")
@example("a\ud800", "PER", "spacy")
@example("a", "\udc00", "spans")
@example("a", "\udc00", "label-studio")
@example("a", "\udc00", "brat")
@example("a", "\udc00", "spacy")
def test_documents_with_halves_of_surrogate_pairs_are_refused(tmp_path_factory, text, label, name):
    """Other texts come back, unless the format cannot hold them. Nothing but the project's own error is raised."""
    if name == "spacy":
        pytest.importorskip("spacy")
    path = tmp_path_factory.mktemp("drawn") / "new"
    document = Document(text, [Span(0, len(text), label)], [[(0, len(text))]], 1, {"id": "a"})
    if is_written(write_documents, path, name, document, is_unicode(text + label)):
        (found,) = read_items(path, name, "", ReadOptions())
        assert (found.text.replace("\r", "\n"), found.spans[0][:3]) == (text.replace("\r", "\n"), (0, len(text), label))


@settings(derandomize=True, deadline=None, max_examples=80)
@given(any_text, st.one_of(any_text, st.just("PER")), st.sampled_from(["parquet", *WRITERS]))
@example("a\ud800", "PER", "parquet")
@example("a", "\udc00", "parquet")
def test_sentences_with_halves_of_surrogate_pairs_are_refused(tmp_path_factory, token, label, name):
    if name == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path_factory.mktemp("drawn") / "new"
    sentence = Sentence([token], [f"B-{label}"], 1, [])
    if is_written(write_sentences, path, name, sentence, is_unicode(token + label)):
        found = [each for each in read_items(path, name, "", ReadOptions()) if each.tokens]
        assert [(each.tokens, each.tags) for each in found] == [([token], [f"B-{label}"])]


def is_written(write, path, name, item, whole):
    """Return whether a format can hold an item. One with half of a surrogate pair is refused, and leaves no file."""
    if not whole:
        with pytest.raises(DataError, match=f"{path}: U.D[89A-F].., half of a surrogate pair"):
            write(path, FORMATS[name], [item])
    else:
        with suppress(DataError):
            write(path, FORMATS[name], [item])
    assert whole or not path.exists()
    return path.exists()


def is_unicode(text):
    return not any("\ud800" <= character <= "\udfff" for character in text)


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5).filter(lambda w: w.strip())
sentences = st.lists(st.tuples(words, st.sampled_from(["O", "B-A", "I-A", "B-B"])), min_size=1, max_size=6)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(sentences, min_size=1, max_size=4), st.sampled_from(KEEPING_TOKENS))
def test_drawn_sentences_come_back(tmp_path_factory, drawn, name):
    folder = tmp_path_factory.mktemp("drawn")
    source = folder / "a.jsonl"
    records = [{"tokens": [w for w, _ in each], "tags": [tag for _, tag in each]} for each in drawn]
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    between, back = folder / "b", folder / "c.jsonl"
    convert_file(source, between, ReadOptions(), target_format=name)
    convert_file(between, back, ReadOptions(), source_format=name, target_format="jsonl")
    before, after = read_corpus(source), read_corpus(back)
    assert after.tokens == before.tokens
    assert convert(after.tags, "IOB2") == convert(before.tags, "IOB2")


def test_sentences_of_tokens_come_back_from_brat(tmp_path):
    """Each sentence is a line there, at whose end its full stop stands for itself."""
    source = tmp_path / "a.conll"
    source.write_text("in O\nQuito B-LOC\n. O\n\nAna B-PER\nis O\n! O\n\nBob B-PER\nis O\n. O\n", encoding="utf-8")
    before, after = read_corpus(source), there_and_back(source, tmp_path, "brat")
    assert (after.tokens, after.tags) == (before.tokens, before.tags)
