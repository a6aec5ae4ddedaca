"""The two files of a fold that is held out: what their digests cover."""

import json

import pytest

from windowner.experiments.held_out import digest_of_lines

LINE = {"tokens": ["Paris"], "gold": ["B-LOC"], "predicted": ["O"], "spans": [], "file": "a.conll", "line": 1}


def digest(*lines):
    return digest_of_lines("".join(f"{json.dumps(line)}\n" for line in lines).encode())


def test_the_digest_of_a_file_stays():
    """Folds of earlier revisions are read: this is the digest that they wrote."""
    assert digest(LINE) == "2799940250b0aeb007981ba1b6217bb6"


def test_files_may_be_moved():
    assert digest({**LINE, "file": "elsewhere/a.conll"}) == digest(LINE)


@pytest.mark.parametrize("key", [key for key in LINE if key != "file"])
def test_no_other_value_may_change(key):
    assert digest({**LINE, key: [LINE[key]]}) != digest(LINE)


def test_it_covers_what_the_file_holds_and_not_what_this_release_knows():
    """A later release may add a field. Files that lack it keep their digest, and files that have it are covered."""
    older = {key: value for key, value in LINE.items() if key != "spans"}
    assert len({digest(LINE), digest(older), digest({**LINE, "later": 1}), digest({**LINE, "later": 2})}) == 4


def test_lines_have_an_order():
    assert digest(LINE, {**LINE, "line": 2}) != digest({**LINE, "line": 2}, LINE)
