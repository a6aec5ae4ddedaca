"""Where documents and stretches end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.text.stretches import LONGEST, stretch_edges


@pytest.mark.parametrize(
    ("lengths", "starts", "edges"),
    [
        ([4, 5, 2, 9, 30, 1], [], [0, 3, 5, 6]),  # 4 + 5 + 2 reaches 10, so does 9 + 30
        ([4, 5, 2], [1], [0, 1, 3]),  # what stands before the first mark is a document
        ([400, 500, 400, 1], [0], [0, 3, 4]),  # a marked document has 1,000 tokens
        ([], [], [0]),
    ],
)
def test_a_stretch_ends_with_the_sentence_that_fills_it(lengths, starts, edges):
    assert LONGEST == 1000
    assert stretch_edges(lengths, starts, 10).tolist() == edges


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=12), st.lists(st.integers(0, 700), min_size=1, max_size=12))
def test_what_stands_before_a_document_does_not_change_its_stretches(before, document):
    alone = stretch_edges(document, [0], 300)
    after = stretch_edges(before + document, [0, len(before)], 300)
    assert (after[after >= len(before)] - len(before)).tolist() == alone.tolist()
