"""Schemes are tables; the tables are held to what the schemes write."""

import pytest

from windowner.text.schemes import SCHEMES, join_tag, split_tag, tag_set


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
