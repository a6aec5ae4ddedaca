"""Tokens against the tokenizer of raw text, in whole sentences."""

from dataclasses import replace

import pytest

from windowner.checks.labelled import Labelled, Split
from windowner.checks.tokens import tokenization
from windowner.text.choosing import AUTO


@pytest.fixture
def differences(read):
    def find(text, tokenizer="european"):
        data = replace(read(train=text), tokenizer_name=tokenizer)
        return [(finding.found, [place.line for place in finding.places]) for finding in tokenization(data)]

    return find


def test_tokens_that_are_glued_to_punctuation(differences):
    assert differences("in\tO\nParis,\tO\n\n(see\tO\nParis,\tO\n)\tO\n") == [
        ('"Paris,"; the tokenizer makes "Paris" ","', [2, 5]),
        ('"(see"; the tokenizer makes "(" "see"', [4]),
    ]


def test_a_contraction_in_one_token(differences):
    assert differences("we\tO\ndon't\tO\ngo\tO\n") == [('"don\'t"; the tokenizer makes "do" "n\'t"', [2])]


def test_tokens_that_are_split_and_should_not_be(differences):
    assert differences("so\tO\n.\tO\n.\tO\n.\tO\n") == [('"." "." "."; the tokenizer makes "..."', [2])]


def test_tokens_that_the_tokenizer_makes_are_no_finding(differences):
    assert differences("Mr.\tO\nSmith\tO\n's\tO\ncity\tO\n,\tO\nParis\tO\n.\tO\n") == []


def test_empty_tokens_and_white_space_are_left_to_other_checks(differences):
    assert differences("a\tO\n\tO\n\n \tO\nb\tO\n") == []


def test_raw_text_has_the_tokens_of_its_tokenizer(read):
    """They are not written as text once more, which could make a difference."""
    (train,) = read(train="Paris,\tO\n").splits
    raw = Split("train", replace(train.corpus, tokenizer="european"))
    assert list(tokenization(Labelled([raw], tokenizer_name="european"))) == []


def test_the_tokenizer_that_is_named(differences):
    assert differences("Paris,\tO\n", "white-space") == []


def test_a_file_whose_punctuation_is_glued_does_not_choose_white_space(read, differences):
    text = "in\tO\nParis,\tO\nand\tO\nRome.\tO\n\n" * 5
    assert read(train=text).tokenizer.name == "european"
    assert [places for _, places in differences(text, AUTO)] == [[2, 7, 12, 17, 22], [4, 9, 14, 19, 24]]


def test_hyphens_that_are_always_split_choose_a_tokenizer_that_splits_them(differences):
    assert differences("X\tO\n-\tO\nALD\tO\n.\tO\n\n" * 5, AUTO) == []
