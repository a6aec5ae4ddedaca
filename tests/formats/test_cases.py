"""Files that real users bring, after public reports and public corpora: each is read right, or refused with a reason.

Most hold the same twelve sentences, `Ana lives in Rome .` and so on: a person and a place in each.
"""

from pathlib import Path

import pytest

from windowner.errors import DataError
from windowner.formats.reading import read_corpus

CASES = Path(__file__).with_name("cases")
TWELVE = read_corpus(CASES / "plain.conll")
TAG_NAMES = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def test_the_twelve_sentences():
    assert (len(TWELVE.sentences), TWELVE.token_count, TWELVE.entity_types) == (12, 62, ["LOC", "PER"])
    assert (TWELVE.tokens[1], TWELVE.tags[1]) == (
        "Boris lives in Cape Town .".split(),
        "B-PER O O B-LOC I-LOC O".split(),
    )
    assert TWELVE.notes == ()


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("01_multiconer.conll", []),
        ("01c_comment_tab.conll", []),
        ("05_labelstudio.conll", []),
        ("06_doccano_old.jsonl", []),
        ("07_prodigy.jsonl", []),
        ("09b_hf_str.jsonl", []),
        ("10_kaggle.csv", []),
        ("10c_comma.csv", []),
        ("12e_cr.conll", []),
        ("15c_trailing_tab.conll", []),
        ("15d_trailing_space.conll", []),
        ("23_index_first.conll", ["column 0 counts, so tokens are read from column 1"]),
        ("25_header.tsv", ["the header row is left out; tokens are read from the column token"]),
    ],
)
def test_files_of_the_twelve_sentences(name, notes):
    corpus = read_corpus(CASES / name)
    assert (corpus.tokens, corpus.tags) == (TWELVE.tokens, TWELVE.tags)
    assert list(corpus.notes) == notes


def test_numbers_of_tags_are_named():
    corpus = read_corpus(CASES / "09_hf_int.jsonl", tag_names=TAG_NAMES)
    assert (corpus.tokens, corpus.tags) == (TWELVE.tokens, TWELVE.tags)


def test_utf_16():
    corpus = read_corpus(CASES / "12_utf16.conll")
    assert corpus.tokens == [["Renée", *TWELVE.tokens[0][1:]], *TWELVE.tokens[1:]]
    assert corpus.tags == TWELVE.tags


def test_a_column_that_counts_beside_two_of_tags():
    corpus = read_corpus(CASES / "02c_germeval_nested.tsv")
    assert corpus.tokens == TWELVE.tokens
    assert corpus.notes[1] == "columns 2, 3 hold tags; column 3 is read, data.tag_column names another"
    assert read_corpus(CASES / "02c_germeval_nested.tsv", tag_column=2).tags == TWELVE.tags


def test_types_without_prefix():
    corpus = read_corpus(CASES / "04_noprefix.tsv")
    assert corpus.tags[1] == "I-PER O O I-LOC I-LOC O".split()
    assert corpus.notes == ("types without prefix are read as I- and the type, such as I-PER (scheme IO)",)


def test_a_file_without_blank_lines():
    corpus = read_corpus(CASES / "16_onesent.conll")
    assert corpus.notes == ("a sentence of 62 tokens at line 1: are blank lines missing?",)


def test_tags_in_the_first_column():
    corpus = read_corpus(CASES / "24_mit.bio", token_column=1, tag_column=0)
    assert (corpus.tokens, corpus.tags) == (TWELVE.tokens, TWELVE.tags)


def test_conllu_with_ranges_and_empty_nodes():
    corpus = read_corpus(CASES / "28_mwt.conllu")
    assert corpus.tokens == [["de", "el", "Sena"]] * 6
    assert corpus.tags == [["O", "O", "B-LOC"]] * 6
    assert corpus.sentences[0].line_of(2) == 5


def test_white_space_around_tags():
    assert read_corpus(CASES / "35_trailing_space_tab.conll").tags[0] == ["O", "B-PER"]
    assert read_corpus(CASES / "59_ff.conll").entity_types == ["PER"]


def test_a_token_that_is_a_line_end():
    corpus = read_corpus(CASES / "61_newline.jsonl")
    assert corpus.tokens[0] == ["Ana", "sings"]
    assert corpus.notes == ("tokens of white space are left out: 1",)


def test_odd_characters_are_text():
    corpus = read_corpus(CASES / "13_odd.conll")
    assert corpus.tokens[:12] == TWELVE.tokens
    assert max(len(token) for token in corpus.tokens[12]) == 5000


def test_standoff():
    corpus = read_corpus(CASES / "19_brat")
    assert (corpus.tokens, corpus.tags) == (TWELVE.tokens[:1], TWELVE.tags[:1])
    assert corpus.document_starts == [0]
    for name in ("a.txt", "a.ann"):
        assert read_corpus(CASES / "19_brat" / name).tags == TWELVE.tags[:1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("09_hf_int.jsonl", ':1: tag 1 is a number, expected a name; name them in order: data.tag_names = ["O"'),
        (
            "11_zero.conll",
            ":2: unknown tag '0', expected O or one of B I E S L U with a type, such as B-PER; did",
        ),
        (
            "11b_lower_o.conll",
            ":2: unknown tag 'o', expected O or one of B I E S L U with a type, such as B-PER; did",
        ),
        ("11j_multi.conll", ":1: two labels in 'B-PER|B-LOC', expected one tag for each token"),
        ("24_mit.bio", ": column 0 holds tags, expected tokens; name the columns: --token-column, or in training"),
    ],
)
def test_refused(name, message):
    with pytest.raises(DataError) as caught:
        read_corpus(CASES / name)
    assert str(caught.value).startswith(f"{CASES / name}{message}")
