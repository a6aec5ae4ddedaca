"""Whole files: formats, schemes, documents, and what is reported about them."""

import gzip
from pathlib import Path

import pytest

from windowner.errors import DataError
from windowner.formats.reading import read_corpus, read_sentences
from windowner.text.sentence import Corpus

DATA = Path(__file__).parents[2] / "data"

ILL_FORMED = (
    "-DOCSTART- O\n\nParis\tB-LOC\n\nJohn\tI-PER\nis\tO\n\n-DOCSTART- O\n\nJohn\tB-PER\nDoe\tI-PER\nParis\tI-LOC\n"
)


def write(folder: Path, text: str | bytes, name: str = "f.conll") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("corpus", "scheme", "tokens", "documents", "types"),
    [
        ("wikigold", "IOB1", [23312, 8535, 7160], [87, 29, 29], "LOC MISC ORG PER"),
        ("wnut17", "IOB2", [62730, 15733, 23394], [0, 0, 0], "corporation creative-work group location person product"),
        ("btc", "IOB2", [85480, 29480, 35427], [0, 0, 0], "LOC ORG PER"),
        ("ncbi-disease", "IOB2", [135701, 23969, 24497], [0, 0, 0], "Disease"),
    ],
)
def test_bundled_corpora(corpus: str, scheme: str, tokens: list[int], documents: list[int], types: str) -> None:
    """The counts are those of data/README.md."""
    read = [read_corpus(DATA / corpus / f"{part}.conll") for part in ("train", "dev", "test")]
    assert [part.scheme.name for part in read] == [scheme] * 3
    assert [part.token_count for part in read] == tokens
    assert [len(part.document_starts) for part in read] == documents
    assert [part.ill_formed for part in read] == [0, 0, 0]
    assert read[0].entity_types == types.split()


def test_a_corpus(tmp_path: Path) -> None:
    path = write(tmp_path, ILL_FORMED)
    corpus = read_corpus(path)
    assert corpus.path == str(path)
    assert corpus.tokens == [["Paris"], ["John", "is"], ["John", "Doe", "Paris"]]
    assert corpus.tags == [["B-LOC"], ["I-PER", "O"], ["B-PER", "I-PER", "I-LOC"]]
    assert corpus.document_starts == [0, 2]
    assert corpus.token_count == 6
    assert corpus.entity_types == ["LOC", "PER"]


def test_ill_formed_tags_are_counted_and_reported(tmp_path: Path) -> None:
    path = write(tmp_path, ILL_FORMED)
    corpus = read_corpus(path)
    assert corpus.scheme.name == "IOB2"
    assert corpus.ill_formed == 2
    assert corpus.ill_formed_examples == [
        f"{path}:5: I-PER at the start of a sentence is not IOB2, read as the start of an entity",
        f"{path}:12: I-LOC after I-PER is not IOB2, read as the start of an entity",
    ]


def test_ill_formed_ends_are_reported(tmp_path: Path) -> None:
    rows = ["a\tS-X", "b\tB-X", "c\tO", "d\tB-X", "e\tE-X", "", "f\tB-X", "", "g\tS-X", "h\tE-X"]
    path = write(tmp_path, "\n".join(rows))
    corpus = read_corpus(path)
    assert corpus.ill_formed == 3
    assert corpus.ill_formed_examples == [
        f"{path}:3: O after B-X is not BIOES, read as the end of an entity",
        f"{path}:7: B-X at the end of a sentence is not BIOES, read as the end of an entity",
        f"{path}:10: E-X after S-X is not BIOES, read as the start of an entity",
    ]


def test_only_the_first_examples_are_kept(tmp_path: Path) -> None:
    corpus = read_corpus(write(tmp_path, "a\tB-X\n\n" * 30 + "b\tI-X\n\n" * 20))
    assert (corpus.ill_formed, len(corpus.ill_formed_examples)) == (20, 5)


def test_document_marks_without_sentences_open_nothing(tmp_path: Path) -> None:
    mark = "-DOCSTART- O\n\n"
    assert read_corpus(write(tmp_path, f"a O\n\n{mark}{mark}b O\n\n{mark}")).document_starts == [1]


def json_corpus(folder: Path, compress: bool) -> Corpus:
    records = ['{"tokens": ["a"], "tags": ["B-X"]}', '{"tokens": [], "tags": []}', ""]
    text = "\n".join([*records, '{"tokens": ["b", "c"], "tags": ["B-X", "I-Y"]}']).encode()
    return read_corpus(write(folder, gzip.compress(text), "f.jsonl.gz") if compress else write(folder, text, "f.jsonl"))


@pytest.mark.parametrize("compress", [False, True])
def test_json_lines_by_name(tmp_path: Path, compress: bool) -> None:
    corpus = json_corpus(tmp_path, compress)
    assert corpus.tokens == [["a"], ["b", "c"]]
    assert corpus.ill_formed_examples == [
        f"{corpus.path}:4: I-Y after B-X is not IOB2, read as the start of an entity",
    ]
    assert corpus.document_starts == []


def test_compressed_columns(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress("\ufeffé\tO\r\n".encode()), "f.conll.gz")
    assert read_corpus(path).tokens == [["é"]]


def test_columns_are_passed_on(tmp_path: Path) -> None:
    path = write(tmp_path, "1 a B-X O\n")
    assert read_corpus(path, token_column=1, tag_column=2).tags == [["B-X"]]
    assert next(read_sentences(path, token_column=1, tag_column=2)).tokens == ["a"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("f.conll", b"", ":1: no tokens, expected labelled sentences"),
        ("f.conll", b"\n \n-DOCSTART- O\n", ":1: no tokens, expected labelled sentences"),
        ("f.jsonl", b'{"tokens": [], "tags": []}', ":1: no tokens, expected labelled sentences"),
        ("f.conll", b"a E-X\nb L-X\n", ": tags with the prefixes E L, expected those of one scheme, such as B I E S"),
        (
            "f.gz",
            gzip.compress(b"a O\n" * 99, mtime=0)[:-9],
            ": the compressed file ends too early, expected a whole gzip file",
        ),
        ("f.gz", gzip.compress(b"", mtime=0)[:10] + b"\xff" * 20, ": damaged or not compressed, expected a gzip file"),
        (
            "f.gz",
            gzip.compress(b"a O\n\xff", mtime=0),
            ":2: byte 0xff, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config",
        ),
    ],
)
def test_errors_name_the_file(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = write(tmp_path, data, name)
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert str(caught.value) == f"{path}{message}"


@pytest.mark.parametrize("name", ["missing", "missing.gz", "missing.jsonl"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError) as caught:
        read_corpus(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: no such file"


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: a folder without .ann files, expected a file, or a folder of brat: a.txt beside a.ann"
    )
