"""Tokens against a tokenizer that splits before and after punctuation."""

from dataclasses import replace

import pytest

from windowner.checks.tokens import tokenization
from windowner.text.tokenizers import find_tokenizer


@pytest.fixture
def differences(read):
    def find(text, tokenizer="european"):
        data = replace(read(train=text), tokenizer=find_tokenizer(tokenizer))
        return [(finding.found, [place.line for place in finding.places]) for finding in tokenization(data)]

    return find


def test_a_token_that_is_glued_to_punctuation(differences):
    assert differences("in\tO\nParis,\tO\n(see\tO\nParis,\tO\n") == [
        ('"Paris," is one token; in raw text it is "Paris" ","', [2, 4]),
        ('"(see" is one token; in raw text it is "(" "see"', [3]),
    ]


def test_tokens_that_the_tokenizer_makes_are_no_finding(differences):
    assert differences("Paris\tO\n,\tO\nthe\tO\ncity\tO\n.\tO\n") == []


def test_another_tokenizer(differences):
    assert differences("Paris,\tO\n", "white-space") == []


def test_a_word_is_split_at_another_place_than_before_the_apostrophe(differences):
    """Whatever the tokenizer makes of `don't`, it does not end in `'t`, or it does, and then nothing is found."""
    parts = find_tokenizer("european").sentences("don't")[0].tokens
    found = differences("don\tO\n't\tO\n")
    assert (found == []) == (parts[-1] == "'t")
    if found:
        assert found == [
            (f'"don" "\'t"; in raw text it is {" ".join(chr(34) + part + chr(34) for part in parts)}', [1])
        ]
