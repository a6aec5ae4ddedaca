"""Ill-formed tags: each one, where it stands."""

WELL_FORMED = "x\tB-X\ny\tI-X\nz\tB-X\n\n"


def test_inside_at_the_start_and_after_another_type(find):
    text = WELL_FORMED * 3 + "a\tO\nb\tI-X\n\nc\tI-X\nd\tI-Y\ne\tB-X\n"
    assert find("ill-formed-tags", train=text) == [
        ("I-X after O is not IOB2", ["train:14"]),
        ("I-X at the start of a sentence is not IOB2", ["train:16"]),
        ("I-Y after I-X is not IOB2", ["train:17"]),
    ]


def test_an_entity_that_does_not_end(find):
    text = "a\tB-X\nb\tE-X\n\nc\tS-X\n\nd\tB-X\n"
    assert find("ill-formed-tags", train=text) == [("B-X at the end of a sentence is not BIOES", ["train:6"])]


def test_a_slip_in_a_small_file_that_looks_like_another_scheme(find):
    """Alone, dev is well-formed IOB1."""
    assert find("ill-formed-tags", train=WELL_FORMED, dev="a\tI-X\nb\tB-X\n") == [
        ("I-X at the start of a sentence is not IOB2", ["dev:1"])
    ]


def test_splits_may_have_schemes_of_their_own(find):
    assert find("ill-formed-tags", train=WELL_FORMED * 9, dev="a\tI-X\n\nb\tI-X\n") == []
    assert find("ill-formed-tags", train=WELL_FORMED, dev="a\tS-X\n\nb\tS-X\n") == []


def test_splits_whose_schemes_exclude_each_other_are_held_to_their_own(find):
    assert find("ill-formed-tags", train="a\tS-X\n", dev="b\tU-X\n\nc\tB-X\n") == [
        ("B-X at the end of a sentence is not BILOU", ["dev:3"])
    ]
