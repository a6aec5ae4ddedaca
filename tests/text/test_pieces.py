"""Pieces that are split without the expression, against the expression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.text import pieces
from windowner.text.abbreviations import written_forms

WORDS = st.one_of(st.text("abzAZéßЖא中ªǅİ", min_size=1), st.sampled_from(sorted(written_forms())), st.text(min_size=1))


@pytest.mark.parametrize("split", [pieces.split_european, pieces.split_hyphens])
@given(word=WORDS, sign=st.one_of(st.just(""), st.sampled_from(".,:;!?)'-/\"]*%…"), st.characters()))
def test_letters_and_a_sign_are_split_as_the_expression_does(split, word, sign):
    piece = "".join((word + sign).split()) or "a"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_plain", lambda piece: [])
        expected = split(piece)
    assert split(piece) == expected
