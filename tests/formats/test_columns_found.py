"""Column files: comments, headers, counting columns, and unusual tags."""

import io

import pytest

from windowner.errors import DataError
from windowner.formats.columns import column_text
from windowner.formats.reading import read_corpus
from windowner.formats.streaming import stream_sentences


def corpus_of(folder, text, **options):
    path = folder / "f.conll"
    path.write_text(text, encoding="utf-8")
    return read_corpus(path, **options)


def error_of(folder, text, **options):
    with pytest.raises(DataError) as caught:
        corpus_of(folder, text, **options)
    return str(caught.value).removeprefix(str(folder / "f.conll"))


def test_comments_are_left_out_and_tokens_of_hashes_stay(tmp_path):
    corpus = corpus_of(tmp_path, "# id 1 x\nAna B-PER\n# O\n#tag O\n# a note inside\nx O\n\n# 2\n\n# O\n")
    assert corpus.tokens == [["Ana", "#", "#tag", "x"], ["#"]]
    assert [corpus.sentences[0].line_of(place) for place in range(4)] == [2, 3, 4, 6]


def test_comments_with_tabs(tmp_path):
    corpus = corpus_of(tmp_path, "# id\tdomain=en\nAna\tx\tB-PER\n#\tx\tO\n#a\tx\tO\n")
    assert corpus.tokens == [["Ana", "#", "#a"]]


def test_comments_and_headers_are_kept_when_text_is_tagged():
    text = "word pos label\n# id 1\nAna N O\n# a remark of more words\nis V O\n\n#begin document (x)\nRome N B-LOC\n\n"
    stream = io.BytesIO(text.encode())
    tagged = [column_text(each, ["X"] * len(each.tokens)) for each in stream_sentences(stream, "f", "columns")]
    expected = text.replace("N O", "N O X").replace("V O", "V O X").replace("B-LOC", "B-LOC X")
    assert "".join(tagged) == expected


@pytest.mark.parametrize("start", ["#begin document (x); part 0\n", "# newdoc id = x\n", "-DOCSTART- -X- O\n\n"])
def test_document_marks(tmp_path, start):
    assert corpus_of(tmp_path, f"{start}a B-X\n\nb O\n\n{start}c O\n").document_starts == [0, 2]


def test_a_column_of_numbers_is_no_column_of_tokens(tmp_path):
    rows = "1\tAna\tB-PER\n2\tis\tO\n\n1\tRome\tB-LOC\n2\tis\tO\n"
    assert corpus_of(tmp_path, rows).tokens == [["Ana", "is"], ["Rome", "is"]]
    assert error_of(tmp_path, "1\tB-PER\n2\tO\n") == (
        ": column 0 counts, expected tokens; name their column as data.token_column"
    )
    assert corpus_of(tmp_path, "7\tB-X\n8\tO\n").tokens == [["7", "8"]]  # numbers, but not from 1
    assert corpus_of(tmp_path, "1\tB-X\n\n2\tO\n").tokens == [["1"], ["2"]]


def test_the_column_of_tags_is_named(tmp_path):
    text = "Ana B-PER NN\nis O V\n\nRome B-LOC NN\nis O V\n"
    assert error_of(tmp_path, text) == (
        ":1: unknown tag 'NN', expected O or one of B I E S L U with a type, such as B-PER; column 1 holds tags: "
        "data.tag_column = 1, or --tag-column"
    )
    assert corpus_of(tmp_path, text, tag_column=1).tags == [["B-PER", "O"], ["B-LOC", "O"]]


def test_chunks_are_no_rivals_of_entities(tmp_path):
    assert corpus_of(tmp_path, "Ana N I-NP B-PER\nis V I-VP O\n\nRome N I-NP B-LOC\n").notes == ()


UNIVERSAL_NER = "# newdoc id = x\n1\tAna\tB-PER\t-\teva\n2\tLi\tI-PER\t-\teva\n3\tis\tO\n4\tin\tO\n\n"


def test_rows_that_are_wider_than_others(tmp_path):
    """Universal NER: a row of an entity names who has annotated it."""
    corpus = corpus_of(tmp_path, UNIVERSAL_NER)
    assert (corpus.tokens, corpus.tags) == ([["Ana", "Li", "is", "in"]], [["B-PER", "I-PER", "O", "O"]])
    assert corpus.notes == (
        "rows have 3 to 5 columns; tags are read from column 2",
        "column 0 counts, so tokens are read from column 1",
    )
    assert corpus_of(tmp_path, "Ana\tB-X\nis\tO\t\nx\tO\n").notes == ()  # empty cells alone are no columns
    assert corpus_of(tmp_path, UNIVERSAL_NER.replace("I-PER", "I-O").replace("B-PER", "B-O")).notes[-1] == (
        "I-O is read as an entity of the type O; write O where no entity is meant"
    )


def test_comments_shaped_as_rows(tmp_path):
    """GermEval 2014: a comment has as many cells as a row, and the first one of it is a hash."""
    rows = "#\thttps://x.org/a\t[2009-10-23]\t\n1\tAna\tB-PER\tO\n2\tOslo\tB-LOC\tB-OTH\n3\t#\tO\tO\n4\t.\tO\tO\n"
    corpus = corpus_of(tmp_path, f"{rows}\n{rows}")
    assert corpus.tokens == [["Ana", "Oslo", "#", "."]] * 2
    assert corpus.notes[-1] == "columns 2, 3 hold tags; column 3 is read, data.tag_column names another"
    assert corpus_of(tmp_path, rows, tag_column=2).tags == [["B-PER", "B-LOC", "O", "O"]]


@pytest.mark.parametrize(
    ("text", "tags", "notes"),
    [
        ("a B-X\nb M-X\nc E-X\nd S-X\ne O\n", "B-X I-X E-X S-X O", ["the prefix M- is read as I-"]),
        ("a B-X\nb M-X\nc E-X\nd W-X\ne O\n", "B-X I-X E-X S-X O", ["the prefix M- is read as I-", "the prefix W- is"]),
        ("a PER\nb O\nc LOC-x\n", "I-PER O I-LOC-x", ["types without prefix"]),
        ("a\tB-X \nb\tO\x0c\n", "B-X O", []),
        ("a\tB-X\nb\tO\t\n", "B-X O", []),
        ("a B-E|mail\nb B-GPE/LOC\n", "B-E|mail B-GPE/LOC", []),
        ("a B-PER\nb _\nc ?\nd -\ne O\n", "B-PER _ _ _ O", ["_ is read as: not", "? is read as", "- is read as"]),
    ],
)
def test_unusual_tags(tmp_path, text, tags, notes):
    corpus = corpus_of(tmp_path, text)
    assert corpus.tags == [tags.split()]
    assert len(corpus.notes) == len(notes)
    assert all(note.startswith(start) for note, start in zip(corpus.notes, notes, strict=True))


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("b-PER", "did you mean B-PER?"),
        ("B_PER", "did you mean B-PER?"),
        ("PER-B", "did you mean B-PER?"),
        ("o", "did you mean a capital O?"),
    ],
)
def test_slips_have_a_hint(tmp_path, tag, hint):
    assert error_of(tmp_path, f"a B-PER\nb {tag}\n").endswith(f"such as B-PER; {hint}")


def test_types_without_prefix_far_from_the_beginning(tmp_path):
    """The first 64 KB hold nothing but O."""
    corpus = corpus_of(tmp_path, "a O\n\n" * 20_000 + "b PER\nc O\n")
    assert corpus.tags[-1] == ["I-PER", "O"]
    assert error_of(tmp_path, "a O\n\nb B-X\n" + "a O\n\n" * 20_000 + "b PER\n").startswith(":40004: unknown tag 'PER'")


def test_numbers_beyond_the_names(tmp_path):
    assert corpus_of(tmp_path, "a 1\nb 0\n", tag_names=["O", "B-X"]).tags == [["B-X", "O"]]
    assert error_of(tmp_path, "a 2\n", tag_names=["O", "B-X"]) == (
        ":1: tag 2, expected 0 to 1, as data.tag_names has 2 names"
    )


def test_a_column_that_says_nothing_beside_one_that_holds_tags(tmp_path):
    text = "Ana N B-PER _\nis V O _\n\n" * 3
    corpus = corpus_of(tmp_path, text)
    said = "no tag in the first 6 rows of column 3; column 2 holds tags: data.tag_column = 2, or --tag-column"
    assert (corpus.not_annotated_count, said in corpus.notes) == (6, True)
    assert not corpus_of(tmp_path, text, tag_column=2).not_annotated_count


def test_types_without_prefix_need_o(tmp_path):
    path = tmp_path / "bare.conll"
    path.write_text("Ana PER\nis _\nRome LOC\n")
    with pytest.raises(DataError, match="types without prefix are read where at least 30% of the tags are O, else"):
        read_corpus(path)
