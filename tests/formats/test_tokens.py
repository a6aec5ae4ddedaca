"""Lines of tokens."""

import io

from windowner.formats.tokens import read_token_lines
from windowner.text.sentence import Sentence


def test_token_lines() -> None:
    stream = io.BytesIO("Paris  is\tbig \r\n\n1\xa0000\u2028 km".encode())
    assert list(read_token_lines(stream, "f")) == [
        Sentence(["Paris", "is", "big"], None, 1, []),
        Sentence([], None, 2, []),
        Sentence(["1\xa0000\u2028", "km"], None, 3, []),
    ]
