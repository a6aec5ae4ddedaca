import json

import pytest

from windowner.vectors.lookup import RUNGS, coverage, look_up

KEYS = {"Paris": 0, "paris": 1, "is": 2, "0000": 3, "##th": 4, "1999": 5, "b-00": 6, "b-##": 7, "#": 8}


@pytest.mark.parametrize(
    ("form", "row", "rung"),
    [
        ("Paris", 0, "exact"),
        ("PARIS", 1, "lower"),
        ("Is", 2, "lower"),
        ("1999", 5, "exact"),  # before its digits are replaced
        ("2012", 3, "digits"),
        ("19TH", 4, "digits"),  # lower-cased, and # after 0
        ("B-52", 6, "digits"),  # 0 before #
        ("٣", 8, "digits"),  # any script's digits
        ("London", -1, "oov"),
        ("20", -1, "oov"),
        ("", -1, "oov"),
        ("½", -1, "oov"),  # a number, but no digit
    ],
)
def test_each_rung_of_the_ladder(form, row, rung):
    assert look_up(form, KEYS) == (row, rung)


def test_row_zero_is_a_row():
    assert look_up("The", {"the": 0}) == (0, "lower")


def test_no_vectors_at_all():
    assert look_up("Paris", {}) == (-1, "oov")


def test_coverage_counts_types_and_tokens_by_rung():
    counted = coverage({"Paris": 5, "paris": 1, "PARIS": 2, "2012": 3, "London": 4, "Rome": 6}, KEYS)
    assert counted.types == {"exact": 2, "lower": 1, "digits": 1, "oov": 2}
    assert counted.tokens == {"exact": 6, "lower": 2, "digits": 3, "oov": 10}
    assert json.loads(json.dumps(counted.as_dict())) == {"types": counted.types, "tokens": counted.tokens}


def test_every_rung_is_reported_in_order():
    counted = coverage({}, KEYS)
    assert tuple(counted.types) == tuple(counted.tokens) == RUNGS
    assert set(counted.tokens.values()) == {0}
