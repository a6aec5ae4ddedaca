"""Schemes are tables; the tables are held to what the schemes write."""

from itertools import pairwise, product

import pytest

from windowner.text.schemes import SCHEMES, join_tag, legal_transitions, split_tag, tag_set
from windowner.text.spans import convert


@pytest.mark.parametrize(
    ("tag", "split"),
    [
        ("O", ("O", "")),
        ("B-PER", ("B", "PER")),
        ("I-creative-work", ("I", "creative-work")),
        ("U-x", ("U", "x")),
        ("B", ("B", "")),
        ("I--", ("I", "-")),
        ("E-über uns", ("E", "über uns")),
    ],
)
def test_a_tag_splits_at_its_first_hyphen(tag: str, split: tuple[str, str]) -> None:
    assert split_tag(tag) == split
    assert join_tag(*split) == tag


@pytest.mark.parametrize("tag", ["", "X", "PER", "O-PER", "b-PER", "-PER", "BI-PER", "B_PER", "o", " O", "BI"])
def test_an_unknown_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=r"expected O or one of B I E S L U with a type, such as B-PER") as caught:
        split_tag(tag)
    assert repr(tag) in str(caught.value)


def test_tag_sets_are_complete() -> None:
    assert tag_set(["PER", "a-b"], "IOB2") == ["O", "B-PER", "I-PER", "B-a-b", "I-a-b"]
    assert tag_set(["PER"], "IOB1") == ["O", "B-PER", "I-PER"]
    assert tag_set(["PER"], "BIOES") == ["O", "B-PER", "I-PER", "E-PER", "S-PER"]
    assert tag_set(["PER"], "BILOU") == ["O", "B-PER", "I-PER", "L-PER", "U-PER"]
    assert tag_set(["PER"], "IO") == ["O", "I-PER"]
    assert tag_set([""], "BIOES") == ["O", "B", "I", "E", "S"]
    assert tag_set([], SCHEMES["IO"]) == ["O"]


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown scheme 'IOB', expected one of IOB2, IOB1, BIOES, BILOU, IO"):
        tag_set(["PER"], "IOB")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_legal_is_what_the_scheme_writes(scheme: str) -> None:
    """A sequence is legal exactly if writing the entities that are read from it gives the sequence again.

    All sequences of one to three tags with two types are tried; the table and the writing know nothing of each other.
    """
    tags = tag_set(["PER", "LOC"], scheme)
    start, transition, end = legal_transitions(tags, scheme)
    for sequence in (ids for length in (1, 2, 3) for ids in product(range(len(tags)), repeat=length)):
        legal = start[sequence[0]] and end[sequence[-1]]
        legal = legal and all(transition[i, j] for i, j in pairwise(sequence))
        names = [tags[tag_id] for tag_id in sequence]
        assert legal == (convert([names], scheme) == [names]), names


def test_legal_transitions_by_hand() -> None:
    start, transition, end = legal_transitions(["O", "B-PER", "E-PER", "B-LOC"], "BIOES")
    assert start.tolist() == [True, True, False, True]
    assert end.tolist() == [True, False, True, False]
    assert transition.tolist() == [
        [True, True, False, True],
        [False, False, True, False],
        [True, True, False, True],
        [False, False, False, False],
    ]
