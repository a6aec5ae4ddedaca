"""Texts cut at their marks, against what each character of the text should be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.markup.marks import HUES, Mark, cut, hues, token_marks

TEXT = "Angela Merkel visited Paris."


def test_a_text_is_cut_at_its_entities():
    merkel, paris = Mark(0, 13, "PER"), Mark(22, 27, "LOC")
    assert [tuple(piece) for piece in cut(TEXT, [paris, merkel])] == [
        ("Angela Merkel", [merkel], [merkel]),
        (" visited ", [], []),
        ("Paris", [paris], [paris]),
        (".", [], []),
    ]


def test_entities_may_overlap():
    outer, inner, crossing = Mark(0, 13, "A"), Mark(7, 13, "B"), Mark(10, 21, "C")
    pieces = cut(TEXT, [inner, crossing, outer])
    assert [(piece.text, [mark.type for mark in piece.marks]) for piece in pieces] == [
        ("Angela ", ["A"]),
        ("Mer", ["A", "B"]),
        ("kel", ["A", "B", "C"]),
        (" visited", ["C"]),
        (" Paris.", []),
    ]
    assert pieces[2].ending == [inner, outer]


@st.composite
def drawn_marks(draw):
    text = draw(st.text(max_size=12))
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda pair: pair[0] < pair[1])
    pairs = draw(st.lists(places, max_size=6)) if text else []
    return text, [Mark(start, end, "X", hue=number) for number, (start, end) in enumerate(pairs)]


@given(drawn_marks())
def test_each_character_is_held_by_its_marks_and_each_mark_ends_once(drawn):
    text, marks = drawn
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    held = [set(piece.marks) for piece in pieces for _ in piece.text]
    assert held == [{mark for mark in marks if mark.start <= place < mark.end} for place in range(len(text))]
    assert sorted(mark for piece in pieces for mark in piece.ending) == sorted(marks)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (-1, 2), (5, 29), (4, 2)])
def test_a_mark_that_does_not_fit_is_refused(start, end):
    with pytest.raises(ValueError, match=f"characters {start} to {end}, expected 0 to 28"):
        cut(TEXT, [Mark(start, end, "X")])
    with pytest.raises(ValueError, match=f"tokens {start} to {end}, expected 0 to 4"):
        token_marks(TEXT.split(), [Mark(start, end, "X")])


def test_marks_of_tokens():
    text, (mark,) = token_marks(["in", "New", "York", "."], [Mark(1, 3, "LOC", probability=0.5)])
    assert text == "in New York ."
    assert text[mark.start : mark.end] == "New York"
    assert mark.probability == 0.5


def test_a_seventh_type_has_the_first_colour():
    assert list(hues("ABCDEFGA").values()) == [*range(HUES), 0]
