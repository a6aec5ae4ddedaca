"""Detecting a scheme, and finding what breaks its rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.text.detection import detect, find_ill_formed
from windowner.text.schemes import SCHEMES
from windowner.text.spans import encode_tags
from windowner.text.tag_writing import convert

ENTITIES = [["B-A", "I-A", "I-A", "B-A", "O", "B-B", "B-A"], ["O", "B-B", "I-B"], ["B-A", "O"]]


@pytest.mark.parametrize("scheme", ["IOB2", "IOB1", "BIOES", "BILOU"])
def test_what_a_scheme_writes_is_detected(scheme: str) -> None:
    encoded = encode_tags(convert(ENTITIES, scheme))
    assert detect(encoded).name == scheme
    assert find_ill_formed(encoded, SCHEMES[scheme]).total == 0


def test_only_inside_tags_are_iob1() -> None:
    assert detect(encode_tags([["O", "I-A", "I-A", "I-B"]])).name == "IOB1"


@pytest.mark.parametrize("sentences", [[], [["O", "O"]], [["O", "B-A"]], [["B-A", "I-A", "O", "B-B"]]])
def test_ties_go_to_iob2(sentences: list[list[str]]) -> None:
    assert detect(encode_tags(sentences)).name == "IOB2"


def test_a_few_slips_do_not_change_the_scheme() -> None:
    assert detect(encode_tags([*ENTITIES, ["O", "I-A"]])).name == "IOB2"
    assert detect(encode_tags([*convert(ENTITIES, "BIOES"), ["B-A", "O"]])).name == "BIOES"


def test_mixed_schemes_are_refused() -> None:
    message = "tags with the prefixes E L, expected those of one scheme, such as B I E S"
    with pytest.raises(ValueError, match=message):
        detect(encode_tags([["E-A", "L-A"]]))


def test_ill_formed_by_hand() -> None:
    iob2 = encode_tags([["I-A", "I-A", "O", "I-A"], ["B-A", "I-B"], ["I-B"]])
    tokens, ends = find_ill_formed(iob2, SCHEMES["IOB2"])
    assert (tokens.tolist(), ends.tolist()) == ([0, 3, 5, 6], [])
    bioes = encode_tags([["B-A"], ["I-A", "E-A"], ["B-A", "S-A", "O", "B-B", "I-B"], ["S-A"]])
    tokens, ends = find_ill_formed(bioes, SCHEMES["BIOES"])
    assert (tokens.tolist(), ends.tolist()) == ([1, 4], [0, 7])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.lists(st.lists(st.sampled_from(["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B"]), max_size=5), max_size=4)
)
def test_what_breaks_no_rule_converts_to_itself(sentences: list[list[str]]) -> None:
    well_formed = find_ill_formed(encode_tags(sentences), SCHEMES["BIOES"]).total == 0
    assert well_formed == (convert(sentences, "BIOES") == sentences)


def test_positions_are_those_of_the_corpus() -> None:
    sentences = [["O"], *[["B-A", "I-A"]] * 3, ["I-A"]]
    np.testing.assert_array_equal(find_ill_formed(encode_tags(sentences), SCHEMES["IOB2"]).tokens, [7])
