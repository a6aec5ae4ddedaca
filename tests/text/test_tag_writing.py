"""Tags of entities in every scheme."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.text.schemes import PREFIXES, SCHEMES, join_tag
from windowner.text.spans import Spans, find_spans, first_tokens
from windowner.text.tag_writing import convert, write_prefixes

Entity = tuple[int, int, str]

tags = st.builds(join_tag, st.sampled_from(PREFIXES), st.sampled_from(["", "A", "B-c"]))
corpora = st.lists(st.lists(tags, max_size=8), max_size=5)
deterministic = settings(derandomize=True, deadline=None, max_examples=500)


@st.composite
def span_corpora(draw: st.DrawFn) -> tuple[Spans, np.ndarray]:
    """Draw sentences cut into entities and gaps; the pieces of a sentence follow each other without a hole."""
    lengths, spans, position = [], [], 0
    for pieces in draw(st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(-1, 1)), max_size=4), max_size=4)):
        lengths.append(sum(length for length, _ in pieces))
        for length, type_id in pieces:
            if type_id >= 0:
                spans.append((position, position + length, type_id))
            position += length
    return Spans(*np.array(spans, dtype=np.intp).reshape(-1, 3).T), first_tokens(lengths)


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if scheme != "IO"])
@deterministic
@given(span_corpora())
def test_every_scheme_gives_its_entities_back(scheme: str, corpus: tuple[Spans, np.ndarray]) -> None:
    spans, first = corpus
    prefixes, type_ids = write_prefixes(spans, first, SCHEMES[scheme])
    assert {PREFIXES[code] for code in prefixes} <= {"O", *SCHEMES[scheme].prefixes}
    for array, expected in zip(find_spans(prefixes, type_ids, first), spans, strict=True):
        np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        ("IOB1", [["I-A", "I-A", "O", "I-A", "B-A", "I-A", "I-A", "I-B"], [], ["I-B", "I-A"]]),
        ("IOB2", [["B-A", "I-A", "O", "B-A", "B-A", "I-A", "I-A", "B-B"], [], ["B-B", "B-A"]]),
        ("BIOES", [["B-A", "E-A", "O", "S-A", "B-A", "I-A", "E-A", "S-B"], [], ["S-B", "S-A"]]),
        ("BILOU", [["B-A", "L-A", "O", "U-A", "B-A", "I-A", "L-A", "U-B"], [], ["U-B", "U-A"]]),
        ("IO", [["I-A", "I-A", "O", "I-A", "I-A", "I-A", "I-A", "I-B"], [], ["I-B", "I-A"]]),
    ],
)
def test_the_same_entities_in_every_scheme(scheme: str, written: list[list[str]]) -> None:
    ill_formed_source = [["I-A", "I-A", "O", "I-A", "B-A", "I-A", "E-A", "I-B"], [], ["I-B", "S-A"]]
    assert convert(ill_formed_source, scheme) == written


def test_converting_keeps_a_type_without_a_name_and_hyphens() -> None:
    assert convert([["B", "I", "O", "B-a-b"]], "BIOES") == [["B", "E", "O", "S-a-b"]]
    assert convert([], "BIOES") == []
