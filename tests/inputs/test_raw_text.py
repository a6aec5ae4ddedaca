"""Raw text as form numbers, against the tokenizer's lists of tokens and `encode`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.inputs.encoding import encode
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.raw_text import Pieces
from windowner.text.tokenizers import TOKENIZERS

PIECES = ["Dr.", "Who", "left", "Paris.", "He", "can't", "\u200b", "U.S.", "(a)", "\U0001f600!", "e\u0301", "x" * 70]
SPACES = [" ", "  ", "\u00a0", "\n", "\r\n\r\n", "\u2029", ""]
TEXTS = st.lists(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PIECES + SPACES)).map("".join),
        st.lists(st.sampled_from(PIECES)).map(" ".join),
    ),
    max_size=5,
)


def pieces_of(name):
    return Pieces(TOKENIZERS[name], Forms(FormEncoder([])))


@pytest.mark.parametrize("name", TOKENIZERS)
@given(texts=TEXTS)
def test_tokens_sentences_and_places_are_those_of_the_tokenizer(name, texts):
    pieces = pieces_of(name)
    for _ in range(2):  # the second time nothing is new
        raw = pieces.encode(texts)
        split = [TOKENIZERS[name].split(text) for text in texts]
        sentences = [sentence for text in split for sentence in text.sentences]
        assert raw.lengths.tolist() == list(map(len, sentences))
        expected = encode(sentences, pieces.forms, 0)
        assert raw.forms.tolist() == expected.stream[expected.centers].tolist()
        places = [
            (number, start, start + len(token))
            for number, text in enumerate(split)
            for start, token in zip(text.starts(), [t for s in text.sentences for t in s], strict=True)
        ]
        tokens = np.arange(len(places))
        assert list(zip(*(column.tolist() for column in raw.places.of_spans(tokens, tokens)), strict=True)) == places


def test_a_worked_example():
    """Two texts of two sentences and of one; `Paris.` holds two tokens; two spaces stand before `He`."""
    pieces = pieces_of("european")
    raw = pieces.encode(["Dr. Who left Paris.  He", "left"])
    assert raw.lengths.tolist() == [5, 1, 1]
    assert raw.forms.tolist() == [1, 2, 3, 4, 5, 6, 3]
    assert list(pieces) == ["Dr.", "Who", "left", "Paris.", "He"]
    spans = raw.places.of_spans(np.array([0, 3, 5, 6]), np.array([1, 4, 5, 6]))
    assert [column.tolist() for column in spans] == [[0, 0, 0, 1], [0, 13, 21, 0], [7, 19, 23, 4]]
    assert pieces.characters == len("Dr.WholeftParis.He")


def test_nothing_gives_nothing():
    for texts in ([], [""], [" \n\n "], ["\u200b"]):
        raw = pieces_of("european").encode(texts)
        assert (raw.forms.tolist(), raw.lengths.tolist()) == ([], [])
