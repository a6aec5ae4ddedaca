"""Names in sentences: longest match, several types, positions; and files of names, good and bad."""

import re

import numpy as np
import pytest

from windowner.errors import DataError
from windowner.inputs.encoding import encode
from windowner.inputs.features import POSITIONS, Feature
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.gazetteer import MARK, Gazetteer, parse_entries, positions, read_gazetteer_file, split_mark
from windowner.inputs.tables import FIRST, Table

LINES = [f"{name}\tLOC" for name in ("New York", "York", "New", "Paris")]
LINES += ["New York Times\tORG", "Times of York\tORG", "Paris\tPER"]
GAZETTEER = Gazetteer(parse_entries(LINES, "names"))


def matches(sentence):
    return [token.partition(MARK)[2] for token in GAZETTEER.mark(sentence.split())]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("nothing here", ["", ""]),
        ("in New York .", ["", "B-LOC", "E-LOC", ""]),
        ("New York Times", ["B-LOC,B-ORG", "E-LOC,I-ORG", "E-ORG"]),  # types do not hide each other
        ("New New York", ["S-LOC", "B-LOC", "E-LOC"]),  # the longest at each place
        ("Paris", ["S-LOC,S-PER"]),
        ("New Yorker", ["S-LOC", ""]),  # whole tokens
        ("York Times of York", ["S-LOC", "B-ORG", "I-ORG", "E-ORG,S-LOC"]),
        ("New York Times of York", ["B-LOC,B-ORG", "E-LOC,I-ORG", "E-ORG", "", "S-LOC"]),  # names do not overlap
        ("new york", ["", ""]),
        ("New York Time", ["B-LOC", "E-LOC", ""]),  # a name that is begun and not ended
        ("", []),
    ],
)
def test_matches(sentence, expected):
    assert matches(sentence) == expected


def test_positions():
    assert [positions(length) for length in (1, 2, 3, 4)] == ["S", "BE", "BIE", "BIIE"]


def test_a_sentence_without_names_is_not_copied():
    tokens = ["nothing", "here"]
    assert GAZETTEER.mark(tokens) is tokens


def test_a_form_and_its_matches_are_a_form_of_their_own():
    """The word and its suffix are those of the form; each type's position stands in its own column."""
    rows = np.zeros((FIRST + len(POSITIONS), 3))
    tables = [Table("words", rows, 3, ["york"]), Table("suffix1", rows, 4, ["k", "w"], Feature("suffix", "1"))]
    tables += [Table(type, rows, 6, POSITIONS, Feature("gazetteer", type)) for type in GAZETTEER.types]
    forms = Forms(FormEncoder(tables, GAZETTEER))
    text = encode([["New", "York"], ["York", "York"]], forms, radius=0)
    np.testing.assert_array_equal(text.stream, [1, 2, 3, 3])
    B, E, S = (POSITIONS.index(position) + FIRST for position in "BES")
    assert GAZETTEER.types == ["LOC", "ORG", "PER"]
    np.testing.assert_array_equal(forms.F[1:], [[1, 3, B, 1, 1], [2, 2, E, 1, 1], [2, 2, S, 1, 1]])


def test_a_token_that_holds_the_mark_is_an_unknown_word():
    forms = Forms(FormEncoder([Table("words", np.zeros((3, 2)), 3, ["york"])], GAZETTEER))
    encode([["York" + MARK + "S-LOC", "york"]], forms, radius=0)
    assert forms.F[1:].tolist() == [[1], [2]]


@pytest.mark.parametrize("behind", [[], ["New"], ["New", "York"], ["New", "York", "Times"], ["x"]])
@pytest.mark.parametrize("token", [MARK, "a" + MARK, MARK + "a", "York" + MARK + "S-LOC", MARK * 3])
def test_the_mark_as_a_token_is_a_token(behind, token):
    """It ends a name, has no matches, and leaves those of its neighbours as they are."""
    sentence = [*behind, token, "New"]
    found = list(map(split_mark, GAZETTEER.mark(sentence)))
    assert [written for written, _ in found] == sentence
    assert [matches for _, matches in found] == [*matches(" ".join(behind)), "", "S-LOC"]


@pytest.mark.parametrize("token", [5, None, ["New"], b"New"])
@pytest.mark.parametrize("before", [[], ["New"]])
def test_what_is_no_token_is_refused(before, token):
    with pytest.raises(ValueError, match=r"a token is .*, expected a string"):
        encode([[*before, token]], Forms(FormEncoder([], GAZETTEER)), radius=0)


def test_entries_come_back_from_lines_in_any_order():
    assert Gazetteer.from_lines(reversed(GAZETTEER.lines())).entries == GAZETTEER.entries
    assert sorted(GAZETTEER.lines()) == sorted(LINES)


@pytest.mark.parametrize("type", ["", " ", "my type", "\u00a0", "\x1f", "LOC"])
@pytest.mark.parametrize("tokens", [("New", "York"), ("a\u00a0b",), ("\t",), ("\x85", "\u2028"), (MARK,)])
def test_names_and_types_of_training_data_come_back_from_lines(tokens, type):
    gazetteer = Gazetteer([(tokens, type)])
    assert Gazetteer.from_lines(gazetteer.lines()).entries == [(tokens, type)]
    (feature,) = [Feature("gazetteer", type) for type in gazetteer.types]
    forms = gazetteer.mark(tokens)
    assert "".join(feature.value(split_mark(form)[1]) for form in forms) == positions(len(tokens))
    assert feature.value("") == "none"


@pytest.mark.parametrize("type", ["a,b", "a\tb", MARK])
def test_types_that_cannot_be_told_apart_are_refused(type):
    with pytest.raises(ValueError, match=re.escape(f"names of the type {type!r}, expected a type without tab, comma")):
        Gazetteer([(("Paris",), type)])


@pytest.mark.parametrize("line", ["Paris", "\tLOC"])
def test_lines_that_no_gazetteer_wrote_are_refused(line):
    with pytest.raises(ValueError, match=re.escape(f"gazetteer has the line {line!r}, expected a name, a tab and")):
        Gazetteer.from_lines([line])


@pytest.mark.parametrize("line", ["Paris", "Paris LOC", "\tLOC", "Paris\t", "Paris\tL OC", "Paris\tLOC,PER"])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "names.txt"
    path.write_text(f"Rome\tLOC\n\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}:3: found {line.strip()!r}, expected a name, a tab and")):
        read_gazetteer_file(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_marks_and_line_ends(tmp_path, encoding, end):
    """The first name has no mark, and only line ends separate names."""
    text = end.join(["New York\tLOC", "", "Rio\u2028de\x0cJaneiro\tLOC", ""])
    (tmp_path / "names.txt").write_bytes(text.encode(encoding))
    assert read_gazetteer_file(tmp_path / "names.txt") == [(("New", "York"), "LOC"), (("Rio", "de", "Janeiro"), "LOC")]


def test_bytes_that_are_no_text_and_no_file(tmp_path):
    (tmp_path / "names.txt").write_bytes(b"Z\xfcrich\tLOC\n")
    with pytest.raises(DataError, match="byte 0xfc, expected UTF-8"):
        read_gazetteer_file(tmp_path / "names.txt")
    with pytest.raises(DataError, match="no such file"):
        read_gazetteer_file(tmp_path / "none.txt")
