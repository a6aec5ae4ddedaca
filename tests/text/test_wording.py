"""Numbers with their nouns."""

import pytest

from windowner.text.wording import count_of


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (0, "token", "0 tokens"),
        (1, "token", "1 token"),
        (2000, "gold span", "2,000 gold spans"),
        (1, "entity", "1 entity"),
        (2, "entity", "2 entities"),
        (2, "stretch", "2 stretches"),
        (2, "epoch", "2 epochs"),
    ],
)
def test_the_noun_follows_the_number(number, noun, text):
    assert count_of(number, noun) == text
