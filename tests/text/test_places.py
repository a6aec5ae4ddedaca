"""Places of given tokens in their texts."""

import numpy as np
import pytest

from windowner.text.places import TokenPlaces
from windowner.text.tokenizers import TokenizedText


@pytest.mark.parametrize("space", [" ", "  ", "\n\t", ""])
def test_tokens_are_found_whatever_stands_between_them(space):
    """`a` occurs inside of the token before it, too."""
    tokens = ["ba", "a", "ab"]
    text = space.join(tokens)
    places = TokenPlaces.of_tokens([TokenizedText("a", [["a"]]), TokenizedText(text, [["ba"], ["a", "ab"]])])
    owners, starts, ends = places.of_spans(np.arange(4), np.arange(4))
    assert owners.tolist() == [0, 1, 1, 1]
    assert [text[start:end] for start, end in zip(starts[1:], ends[1:], strict=True)] == tokens
    assert starts.tolist() == [0, 0, 2 + len(space), 3 + 2 * len(space)]


def test_two_spaces_here_and_none_there_are_not_taken_for_one_each():
    """The text is as long as if one space stood between two tokens."""
    text = "John\r\x0c0: a"
    places = TokenPlaces.of_tokens([TokenizedText(text, [["John", "0", ":", "a"]])])
    _, starts, ends = places.of_spans(np.arange(4), np.arange(4))
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == ["John", "0", ":", "a"]


def test_a_token_that_holds_a_space_is_one_token():
    places = TokenPlaces.of_tokens([TokenizedText("New York is", [["New York", "is"]])])
    assert [column.tolist() for column in places.of_spans(np.array([0, 1]), np.array([0, 1]))] == [
        [0, 0],
        [0, 9],
        [8, 11],
    ]


def test_no_spans_have_no_places():
    none = np.array([], dtype=np.intp)
    assert [column.tolist() for column in TokenPlaces.of_tokens([]).of_spans(none, none)] == [[], [], []]
