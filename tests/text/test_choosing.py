"""The tokenizer that fits a corpus or a text, and the detokenizer that corpora are compared with."""

import pytest

from windowner.text.choosing import compare_tokenizers, tokenizer_for_text
from windowner.text.detokenizing import Detokenizer


def test_tokens_are_joined_as_people_write():
    text, offsets = Detokenizer().join('Mr. Smith did n\'t say " yes " ( twice ) , for $ 5 .'.split())
    assert text == 'Mr. Smith didn\'t say "yes" (twice), for $5.'
    assert [text[start:end] for start, end in offsets][2:5] == ["did", "n't", "say"]


def test_hyphens_are_joined_where_the_corpus_split_them():
    split, whole = [["T", "-", "cell", "and", "/", "or"]], [["T-cell", "-", "x", "a/b", "/"]]
    assert Detokenizer.of(split).join(split[0])[0] == "T-cell and/or"
    assert Detokenizer.of(whole).join(whole[0])[0] == "T-cell - x a/b /"


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("He did n't meet well-known people .", "european"),
        ("She has n't seen a T - cell / B - cell line .", "european-hyphens"),
        ("我 爱 北 京 。", "unicode"),
        ("(Paris), Rome!", "white-space"),
    ],
)
def test_the_tokenizer_that_agrees_best(sentence, name):
    best = compare_tokenizers([sentence.split(" ")])[0]
    assert (best.tokenizer, best.f1) == (name, 1.0)


def test_a_text_is_judged_by_its_letters():
    assert tokenizer_for_text("Привет, world!") == "european"
    assert tokenizer_for_text("我爱北京 ABC") == "unicode"
    assert tokenizer_for_text("123 !?") == "european"
