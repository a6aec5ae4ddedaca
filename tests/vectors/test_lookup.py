import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.vectors.lookup import RUNGS, coverage, look_up, look_up_all

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


USUAL = {"café": 0, "Zürich": 1, "cooperate": 2, "A": 3, "paris": 4, "fi": 5, "❤": 6, "²": 7, "ガ": 8}


@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("cafe\u0301", 0),  # NFD
        ("CAFE\u0301", 0),
        ("Zu\u0308rich", 1),
        ("co\u00adoperate", 2),  # a soft hyphen
        ("\u200bPa\u200dris", 4),  # zero-width characters
        ("\ufeffparis", 4),
        ("Ａ", 3),  # full-width
        ("ﬁ", 5),
        ("❤\ufe0f", 6),
        ("ｶﾞ", 8),  # half-width
    ],
)
def test_characters_that_look_alike_find_the_usual_form(form, row):
    assert look_up(form, USUAL) == (row, "normalized")


@pytest.mark.parametrize("form", ["caf\u0300e", "2", "x²", "\u200b", "½"])
def test_other_characters_stay_unknown(form):
    assert look_up(form, USUAL) == (-1, "oov")


def test_a_form_that_is_found_as_it_is_stays_where_it_is():
    assert look_up("cafe\u0301", {"cafe\u0301": 5, "café": 6}) == (5, "exact")
    assert look_up("Cafe\u0301", {"cafe\u0301": 5, "Café": 6}) == (5, "lower")


def test_row_zero_is_a_row():
    assert look_up("The", {"the": 0}) == (0, "lower")


def test_no_vectors_at_all():
    assert look_up("Paris", {}) == (-1, "oov")


def test_coverage_counts_types_and_tokens_by_rung():
    counted = coverage({"Paris": 5, "paris": 1, "PARIS": 2, "2012": 3, "London": 4, "Rome": 6, "Ｐaris": 7}, KEYS)
    assert counted.types == {"exact": 2, "lower": 1, "digits": 1, "normalized": 1, "oov": 2}
    assert counted.tokens == {"exact": 6, "lower": 2, "digits": 3, "normalized": 7, "oov": 10}
    assert json.loads(json.dumps(counted.as_dict())) == {"types": counted.types, "tokens": counted.tokens}


def test_every_rung_is_reported_in_order():
    counted = coverage({}, KEYS)
    assert tuple(counted.types) == tuple(counted.tokens) == RUNGS
    assert set(counted.tokens.values()) == {0}


@given(st.lists(st.text(st.sampled_from("PARISparis0123#٣é\u0301\u200bＡﬁK-"), max_size=6)))
def test_many_forms_have_the_rows_of_each_form(forms):
    forms += [*KEYS, *USUAL, "PARIS", "2012", "CAFE\u0301", "\u212a", "ﬁ", "½", ""]
    for keys in (KEYS, USUAL, {"K": 3, "é": 4}, {}):
        assert look_up_all(forms, keys).tolist() == [look_up(form, keys)[0] for form in forms]
