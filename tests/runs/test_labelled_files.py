"""Files of which only names are known: their roles, and their columns."""

from pathlib import Path

import pytest

from windowner.errors import ConfigError
from windowner.runs.labelled_files import Columns, find_columns, find_roles


@pytest.mark.parametrize(
    ("names", "roles", "how"),
    [
        ("dev.conll test.conll train.conll", "train.conll dev.conll test.conll", "by name"),
        ("eng.testb eng.testa eng.train", "eng.train eng.testa eng.testb", "by name"),
        ("my-validation.txt WIKI_TRAIN.txt", "WIKI_TRAIN.txt my-validation.txt", "by name"),
        ("train1.conll test2.conll", "train1.conll test2.conll", "by name"),
        ("a.conll b.conll c.conll", "a.conll b.conll c.conll", "in order"),
        ("latest.conll device.conll", "latest.conll device.conll", "in order"),  # no role is part of a word
        ("a.conll", "a.conll", "in order"),
        ("x.conll test.conll y.conll", "x.conll y.conll test.conll", "by name, then in the order of the files"),
        ("dev.conll rest.conll", "rest.conll dev.conll", "by name, then in the order of the files"),
        (
            "train-a.conll train-b.conll",
            "train-a.conll train-b.conll",
            "in the order of the files, because names say the same role twice",
        ),
        ("train-test.conll b.conll", "train-test.conll b.conll", "in order"),  # a name that says two roles says none
    ],
)
def test_roles(names, roles, how):
    found, reason = find_roles([Path(name) for name in names.split()])
    assert [found[role].name for role in ("train", "dev", "test") if role in found] == roles.split()
    assert reason == how


def test_folders_do_not_say_a_role():
    found, _ = find_roles([Path("test/train.conll"), Path("test/b.conll")])
    assert found["train"] == Path("test/train.conll")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("a b c d", "a, b, c, d: 4 files, expected one to 3 different ones: train, dev, test"),
        ("a a", "a, a: 2 files, expected one to 3 different ones: train, dev, test"),
        ("dev.conll test.conll", "dev.conll, test.conll: no file to train on, expected one with train in its name"),
        ("test.conll", "test.conll: no file to train on, expected one with train in its name"),
    ],
)
def test_files_without_a_training_text_are_refused(names, message):
    with pytest.raises(ConfigError) as caught:
        find_roles([Path(name) for name in names.split()])
    assert str(caught.value).startswith(message)


SENTENCES = [[("Ana", "B-PER"), ("lives", "O"), ("in", "O"), ("Rome", "B-LOC"), (".", "O")]] * 3


def written(tmp_path, row, between="\n", head=""):
    """Write a file; `row` makes a line of the place in its sentence, token and tag."""
    lines = ["\n".join(row(place, *pair) for place, pair in enumerate(each, 1)) + "\n" for each in SENTENCES]
    path = tmp_path / "a.conll"
    path.write_text(head + between.join(lines))
    return path


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (lambda n, token, tag: f"{token} {tag}", Columns(0, -1)),
        (lambda n, token, tag: f"{token}\tNN\tI-NP\t{tag}", Columns(0, -1)),
        (lambda n, token, tag: f"{token} {tag} NN I-NP", Columns(0, 1)),  # phrases cover nearly all tokens
        (lambda n, token, tag: f"{tag}\t{token}", Columns(1, 0)),
        (lambda n, token, tag: f"{n}\t{token}\t{tag}", Columns(1, -1)),
        (lambda n, token, tag: f"{token} -X- _ {tag}", Columns(0, -1)),
        (lambda n, token, tag: f"{token}\t{tag}\tO", Columns(0, 1)),
        (lambda n, token, tag: f"{token}\t{tag}\t{'B-ORG' if token == 'Rome' else 'O'}", Columns(0, 1, (2,))),
        (lambda n, token, tag: f"{token}\t{tag}\t{tag}", Columns(0, -1, (1,))),
        (lambda n, token, tag: f"{token} {tag[-3:]}", Columns(0, -1)),  # no column holds tags
        (lambda n, token, tag: f"{token} O", Columns(0, -1)),
    ],
)
def test_columns(tmp_path, row, columns):
    assert find_columns(written(tmp_path, row)) == columns


def test_document_marks_are_no_rows(tmp_path):
    path = written(tmp_path, lambda n, token, tag: f"{tag}\t{token}", head="-DOCSTART- -X- O\n\n")
    assert find_columns(path) == Columns(1, 0)


def test_other_formats_have_no_columns(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"tokens": ["a"], "tags": ["O"]}\n')
    assert find_columns(path) == Columns()
