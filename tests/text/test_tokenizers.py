"""Tokenizers: offsets are exact for any text, pieces are remembered, sentences end where they do."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.formats.settings import DataSettings
from windowner.text import tokenizers
from windowner.text.pieces import split_european
from windowner.text.tokenizers import TOKENIZERS, Tokenizer, find_tokenizer

EUROPEAN = find_tokenizer("european")
ODD = [
    " ",
    "\n",
    "\r\n",
    "\r",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\u200b",
    "\ufeff",
    "\u200d",
    "\u00ad",
    "\u0301",
    "\U0001f469",
]
ODD += [
    "\U0001f3fd",
    "\u05d0",
    "\u0627",
    "\u202e",
    "\ufe0f",
    "a",
    "Paris",
    "n't",
    "'s",
    ".",
    "。",
    "-",
    "U.S.",
    "\x1c",
    "我",
    "1,5",
]
SEPARATORS = re.compile(r"[\s\u200b\ufeff]")
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(ODD)).map("".join))


def tokens(text: str, name: str = "european") -> list[list[str]]:
    return [[text[start:end] for start, end in offsets] for offsets in find_tokenizer(name).tokenize(text)]


@given(TEXTS, st.sampled_from(sorted(TOKENIZERS)))
def test_offsets_are_exact_and_every_visible_character_is_in_one_token(text, name):
    split = find_tokenizer(name).split(text)
    assert tokens(text, name) == split.sentences
    assert all(split.sentences)
    place = 0
    for start, end in (offsets for sentence in find_tokenizer(name).tokenize(text) for offsets in sentence):
        assert start < end
        assert not SEPARATORS.sub("", text[place:start])
        assert not any(map(str.isspace, text[start:end]))
        place = end
    assert not SEPARATORS.sub("", text[place:])


@given(TEXTS)
def test_what_is_remembered_changes_nothing(text):
    fresh = Tokenizer("european", split_european)
    assert fresh.tokenize(text) == EUROPEAN.tokenize(text) == fresh.tokenize(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't can't I'm it's we'll", "do n't ca n't I 'm it 's we 'll"),
        ("don’t I’m it’s DON'T", "do n’t I ’m it ’s DON'T"),
        ("cannot O'Neil AT&T rock'n'roll", "cannot O'Neil AT&T rock'n'roll"),
        ("well-known and/or St. Petersburg", "well-known and/or St. Petersburg"),
        ("Mr. J. Smith of the U.S. at 5 p.m. etc.", "Mr. J. Smith of the U.S. at 5 p.m. etc."),
        ("$3.5 1,000,000 50% 10:30 15q11", "$ 3.5 1,000,000 50 % 10:30 15q11"),
        ("(Paris), “Rome”...", "( Paris ) , “ Rome ” ..."),
        ("end.Next IBM's", "end . Next IBM 's"),
        ("@user #tag: :-) <3 http://t.co/a1.", "@user #tag : :-) <3 http://t.co/a1 ."),
        ("a.b@c.org, &amp; --", "a.b@c.org , &amp; --"),
        ("l'eau dell'Italia D’Artagnan", "l' eau dell' Italia D’ Artagnan"),
        (
            "e\u0301te\u0301 \U0001f469\u200d\U0001f680! co\u00adop",
            "e\u0301te\u0301 \U0001f469\u200d\U0001f680 ! co\u00adop",
        ),
    ],
)
def test_european_tokens(text, expected):
    assert [token for sentence in tokens(text) for token in sentence] == expected.split(" ")


def test_the_other_tokenizers():
    assert tokens("well-known and/or", "european-hyphens") == [["well", "-", "known", "and", "/", "or"]]
    assert tokens("我爱, don't x-y", "unicode") == [["我", "爱", ",", "don't", "x", "-", "y"]]
    assert tokens("A b. C\n\nd.", "white-space") == [["A", "b.", "C", "d."]]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rains. He left! Why? “So.” Yes", ["It rains.", "He left!", "Why?", "“So.”", "Yes"]),
        ("Mr. Smith met J. Brown vs. Dr. No.", ["Mr. Smith met J. Brown vs. Dr. No."]),
        ("He works at X Inc. The firm", ["He works at X Inc.", "The firm"]),
        ("the U.S. Army, the U.S. He left", ["the U.S. Army, the U.S.", "He left"]),
        ("am 3. Juni kam er. it goes on", ["am 3. Juni kam er. it goes on"]),
        ("A title\n\nA text\nof two lines", ["A title", "A text\nof two lines"]),
        ("A title\r\n\r\nA text\r\nof two lines", ["A title", "A text\r\nof two lines"]),
        ("A\r\n \r\nB\u2029C", ["A", "B", "C"]),
        ("В г. Москве. Он", ["В г. Москве.", "Он"]),
        ("Wait... and see", ["Wait... and see"]),
    ],
)
def test_sentences(text, sentences):
    assert [text[offsets[0][0] : offsets[-1][1]] for offsets in EUROPEAN.tokenize(text)] == sentences


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(tokenizers, "REMEMBERED", 3)
    tokenizer = Tokenizer("european", split_european)
    text = " ".join(f"w{number}," for number in range(20)) + " " + "x" * 100
    assert tokenizer.tokenize(text) == EUROPEAN.tokenize(text)
    assert 0 < len(tokenizer._pieces) <= 3
    assert "x" * 100 not in tokenizer._pieces


def test_a_tokenizer_is_used_from_many_threads():
    tokenizer = Tokenizer("european", split_european)
    texts = [f"Word{number}, and don't {number % 7}." for number in range(500)] * 4
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tokenizer.tokenize, texts)) == list(map(EUROPEAN.tokenize, texts))


def test_the_setting_has_all_names():
    (choices, _) = get_args(get_type_hints(DataSettings, include_extras=True)["tokenizer"])
    assert set(get_args(choices)) == {"auto", *TOKENIZERS}


def test_an_unknown_tokenizer():
    with pytest.raises(ValueError, match="unknown tokenizer 'x', expected one of european"):
        find_tokenizer("x")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ana in Quito .\nAna is .", 2),
        ("Ana in Quito !  \r\n\tAna is .", 2),
        ("in Quito .\n(Ana is .", 2),
        ("in Quito .\nand Rome .", 1),  # a sentence opens with no lower-case letter
        ("in Quito .\n) Ana", 1),
        ("in Quito . Ana is", 1),  # inside of a line, as before
        ("in Quito\nAna is .\n", 1),
        (".\nAna", 1),
    ],
)
def test_a_free_standing_stop_at_the_end_of_a_line_closes_a_sentence(text, sentences):
    assert len(tokens(text)) == sentences
