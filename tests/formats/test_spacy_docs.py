"""DocBin files of spaCy."""

import sys
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.spacy_written import docbin_bytes
from windowner.formats.spans import document_line
from windowner.text.document import Document, Span
from windowner.text.tag_writing import convert

spacy = pytest.importorskip("spacy")
DATA = Path(__file__).parents[2] / "data"


def doc(words, **given):
    return spacy.tokens.Doc(spacy.vocab.Vocab(), words=words, **given)


def write(path, *docs, **given):
    spacy.tokens.DocBin(docs=docs, **given).to_disk(path)
    return path


def read(path, **given):
    return list(read_items(path, "auto", "", ReadOptions(**given)))


@pytest.fixture
def three(tmp_path):
    """Two documents that spaCy wrote: one of two sentences, and one whose sentences were not set."""
    first = doc(
        ["Ana", "lives", ".", "\n", "In", "New", "York", "!"],
        spaces=[True, False, False, False, True, True, False, False],
        ents=["B-PER", "O", "O", "O", "O", "B-LOC", "I-LOC", "O"],
        sent_starts=[True, False, False, False, True, False, False, False],
    )
    return write(tmp_path / "a.spacy", first, doc(["Rome", "burns"], ents=["B-LOC", "O"]))


def test_documents_of_spacy(three):
    assert read(three) == [
        Document(
            "Ana lives.\nIn New York!",
            [Span(0, 3, "PER"), Span(14, 22, "LOC")],
            [[(0, 3), (4, 9), (9, 10)], [(11, 13), (14, 17), (18, 22), (22, 23)]],
            1,
        ),
        Document("Rome burns ", [Span(0, 4, "LOC")], [[(0, 4), (5, 10)]], 2),
    ]


def test_a_corpus_of_spacy(three, tmp_path):
    corpus = read_corpus(three)
    assert corpus.tokens == [["Ana", "lives", "."], ["In", "New", "York", "!"], ["Rome", "burns"]]
    assert corpus.tags == [["B-PER", "O", "O"], ["O", "B-LOC", "I-LOC", "O"], ["B-LOC", "O"]]
    assert corpus.document_starts == [0, 2]
    assert corpus.notes == ("tokens of white space are left out: 1",)
    other = tmp_path / "content-says-it.txt"
    other.write_bytes(three.read_bytes())
    assert read_corpus(other, encoding="cp1252").tokens == corpus.tokens


@pytest.mark.parametrize("corpus", ["wikigold", "wnut17", "ncbi-disease"])
def test_a_bundled_corpus_comes_back(tmp_path, corpus):
    source, between, back = DATA / corpus / "dev.conll", tmp_path / "x.spacy", tmp_path / "back.conll"
    done = convert_file(source, between, ReadOptions())
    assert not any(done.lost.values())
    convert_file(between, back, ReadOptions())
    before, after = read_corpus(source), read_corpus(back)
    assert after.tokens == before.tokens
    assert convert(after.tags, "IOB2") == convert(before.tags, "IOB2")
    assert after.document_starts == before.document_starts


def test_empty_tokens_are_counted(tmp_path):
    source, target = tmp_path / "a.jsonl", tmp_path / "b.spacy"
    source.write_text('{"tokens": ["", "Ana", "", "Bo", ""], "tags": ["B-PER", "I-PER", "I-PER", "O", "B-LOC"]}\n')
    done = convert_file(source, target, ReadOptions())
    assert {what: number for what, number in done.lost.items() if number} == {"empty tokens": 3}
    corpus = read_corpus(target)
    assert (corpus.tokens, corpus.tags) == ([["Ana", "Bo"]], [["B-PER", "O"]])


def test_spacy_reads_what_is_written(tmp_path):
    source, target = tmp_path / "a.conll", tmp_path / "b.spacy"
    source.write_text("-DOCSTART- O\n\nAna B-PER\nBo B-PER\n\nNew B-LOC\nYork I-LOC\n")
    convert_file(source, target, ReadOptions())
    (found,) = spacy.tokens.DocBin().from_disk(target).get_docs(spacy.vocab.Vocab())
    assert found.text == "Ana Bo New York"
    assert [(entity.text, entity.label_) for entity in found.ents] == [
        ("Ana", "PER"),
        ("Bo", "PER"),
        ("New York", "LOC"),
    ]
    assert [sentence.text for sentence in found.sents] == ["Ana Bo", "New York"]


def test_texts_are_tokenized_and_keep_their_white_space(tmp_path):
    text = "  Ana lives in\n\nNew  York. Rome-born."
    documents = [Document(text, [Span(2, 5, "PER"), Span(16, 25, "LOC"), Span(27, 31, "LOC"), Span(16, 19, "X")])]
    source, target = tmp_path / "a.jsonl", tmp_path / "b.spacy"
    source.write_text("".join(map(document_line, documents)))
    done = convert_file(source, target, ReadOptions())
    (found,) = spacy.tokens.DocBin().from_disk(target).get_docs(spacy.vocab.Vocab())
    assert found.text == text
    assert [entity.text for entity in found.ents] == ["Ana", "New  York", "Rome"]
    assert "spans that overlap a longer one are left out: 1" in done.notes
    assert [token.text for token in found][:6] == ["  ", "Ana", "lives", "in", "\n\n", "New"]
    (again,) = read(target)
    assert (again.text, again.spans) == (text, documents[0].spans[:3])


texts = st.text(st.sampled_from("ab .\n\t\u00a0-é"), min_size=1, max_size=25)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(texts, st.lists(st.tuples(st.integers(0, 24), st.integers(1, 25)), max_size=3))
def test_drawn_texts_come_back(tmp_path_factory, text, places):
    spans = [Span(*place, "X") for place in places if text[slice(*place)].strip() and place[1] <= len(text)]
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "a.jsonl").write_text(document_line(Document(text, spans)), encoding="utf-8")
    convert_file(folder / "a.jsonl", folder / "b.spacy", ReadOptions())
    before, after = folder / "before.jsonl", folder / "after.jsonl"
    convert_file(folder / "a.jsonl", before, ReadOptions())
    convert_file(folder / "b.spacy", after, ReadOptions())
    assert after.read_text() == before.read_text()
    assert [document.text for document in read(folder / "b.spacy")] == [text]


def test_documents_without_entities(tmp_path):
    path = write(tmp_path / "a.spacy", doc(["Rome"]), doc(["Oslo"], ents=["O"]))
    assert [document.spans for document in read(path, tag_column=None)] == [None, []]
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([["Oslo"]], [["O"]])
    assert corpus.notes == ("documents whose entities are not set are left out: 1",)
    with pytest.raises(DataError, match=r"a.spacy: the entities of no document are set, expected doc.ents = \[...\]"):
        read_corpus(write(path, doc(["Rome"])))


def test_user_data_is_not_opened(tmp_path):
    """spaCy would decode it. Bytes that are no msgpack show that nobody does."""
    first = doc(["Rome"], ents=["B-LOC"])
    first.spans["sc"] = [spacy.tokens.Span(first, 0, 1, "LOC")]
    first.user_data["key"] = "value"
    first.cats = {"news": 1.0}
    path = write(tmp_path / "a.spacy", first, store_user_data=True)
    packed = msgspec.msgpack.decode(zlib.decompress(path.read_bytes()))
    assert packed["user_data"] != [b"\x80"]
    packed["user_data"] = [b"\xc1"]
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(packed)))
    corpus = read_corpus(path)
    assert corpus.tags == [["B-LOC"]]
    assert corpus.notes == tuple(
        f"{what} of the DocBin are not read, only doc.ents"
        for what in ("text categories", "groups of spans", "user data")
    )


def damaged(path, change):
    packed = msgspec.msgpack.decode(zlib.decompress(path.read_bytes()))
    change(packed)
    return zlib.compress(msgspec.msgpack.encode(packed))


@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed.update(strings=[]),
        lambda packed: packed.update(tokens=packed["tokens"][:-8]),
        lambda packed: packed.update(tokens=packed["tokens"][:-1]),
        lambda packed: packed.update(lengths=b"\xff" * 8),
        lambda packed: packed.update(lengths=b""),
        lambda packed: packed.update(attrs=[]),
        lambda packed: packed.update(attrs=[2**64 - 1] * len(packed["attrs"])),
        lambda packed: packed.update(attrs="ORTH"),
        lambda packed: packed.update(flags=[]) or packed.update(flags=[{}]),
        lambda packed: packed.pop("strings"),
    ],
)
def test_a_damaged_docbin_is_one_error(three, change):
    three.write_bytes(damaged(three, change))
    with pytest.raises(DataError, match=r"a.spacy: a DocBin of spaCy that cannot be read: "):
        read_corpus(three)


def test_a_file_that_is_cut_off(three):
    three.write_bytes(three.read_bytes()[:-10])
    with pytest.raises(DataError, match=r"a.spacy: a DocBin of spaCy that cannot be read: .*incomplete"):
        read_corpus(three)
    three.write_bytes(zlib.compress(b"something else" * 9))
    with pytest.raises(DataError, match="a damaged DocBin of spaCy, or compressed with zlib"):
        read_corpus(three)


def test_numbers_out_of_range_are_no_crash(three):
    """The columns of entities and sentences hold any number."""
    packed = msgspec.msgpack.decode(zlib.decompress(three.read_bytes()))
    packed["tokens"] = b"\xff" * len(packed["tokens"])
    three.write_bytes(zlib.compress(msgspec.msgpack.encode(packed)))
    with pytest.raises(DataError, match="cannot be read"):
        read_corpus(three)


def test_an_entity_without_a_type():
    with pytest.raises(DataError, match=r"f: an entity without a type, which spaCy cannot hold"):
        docbin_bytes([Document("a", [Span(0, 1, "")], [[(0, 1)]])], "f")


def test_spacy_is_missing(three, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(DataError, match=r'a.spacy: a DocBin needs the spacy extra: pip install "windowner\[spacy\]"'):
        read_corpus(three)


def test_a_missing_entity_is_not_annotated(tmp_path):
    """ent_iob is 0. The tokens come back from columns, too."""
    path = write(tmp_path / "a.spacy", doc(["Ana", "saw", "Rome", "."], ents=["B-PER", "O", None, None]))
    corpus = read_corpus(path)
    assert corpus.tags == [["B-PER", "O", "_", "_"]]
    assert corpus.not_annotated_count == 2
