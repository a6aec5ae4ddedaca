"""Coverage of the vectors."""

from dataclasses import replace

from windowner.checks.words import missing_vectors

TEXT = "the\tO\n" * 18 + "Xyz\tO\nqqq\tO\nqqq\tO\n"


def test_the_share_and_the_lines_of_the_most_frequent_form_first(read):
    (finding,) = missing_vectors(replace(read(train=TEXT), key_to_index={"the": 0}))
    assert finding.found == '14.3% of the tokens of train have no vector; most often "qqq", "Xyz"'
    assert [place.line for place in finding.places] == [20, 21, 19]


def test_few_missing_words_are_no_finding(read):
    assert list(missing_vectors(replace(read(train=TEXT), key_to_index={"the": 0, "qqq": 1}))) == []


def test_words_are_looked_up_as_training_does(read):
    assert list(missing_vectors(replace(read(train=TEXT), key_to_index={"the": 0, "qqq": 1, "xyz": 2}))) == []


def test_without_vectors_nothing_is_looked_up(read):
    assert list(missing_vectors(read(train=TEXT))) == []
