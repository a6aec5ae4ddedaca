"""`windowner score`."""

import json
from pathlib import Path

import pytest
from synthetic import error_of, invoke, succeed

from windowner.text.schemes import join_tag

CASES = Path(__file__).parents[1] / "formats" / "cases"


@pytest.fixture
def files(tmp_path):
    """Gold and predicted tags: of two persons one is found, and one place too many."""
    gold, predicted = tmp_path / "gold.conll", tmp_path / "predicted.conll"
    gold.write_text("-DOCSTART- O\n\nJohn B-PER\nSmith I-PER\nsaw O\nMary B-PER\n\nIt O\nrains O\n")
    predicted.write_text("John x S-PER\nSmith x O\nsaw x O\nMary x S-PER\n\nIt x O\nrains x S-LOC\n")
    return gold, predicted


def test_scores_by_hand(files):
    """Predicted: John, Mary, rains. Gold: John Smith, Mary. Precision 1/3, recall 1/2, F1 2/5; tags: 3 of 6 agree.

    `Mary` is `S-PER` on one side and `B-PER` on the other: the same entity, but not the same tag.
    """
    result = succeed("score", *files)
    assert [line.split() for line in result.stdout.splitlines()[1:]] == [
        ["type", "precision", "recall", "F1", "support"],
        ["LOC", "0.00", "0.00", "0.00", "0"],
        ["PER", "50.00", "50.00", "50.00", "2"],
        ["overall", "33.33", "50.00", "40.00", "2"],
    ]
    assert result.stdout.startswith(
        "6 tokens, 2 sentences; entities: 2 gold, 3 found, 1 correct; token accuracy 33.33%"
    )
    assert result.stderr == ""


def test_json(files, tmp_path):
    written = json.loads(succeed("score", *files, "--json", "-").stdout)
    assert written.keys() == {"tokens", "sentences", "accuracy", "overall", "types"}
    assert written["overall"] == {"precision": 1 / 3, "recall": 1 / 2, "f1": 2 / 5, "support": 2}
    shown = succeed("score", *files, "--json", tmp_path / "s.json").stdout
    assert shown == succeed("score", *files).stdout
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == written


def test_an_empty_name_is_not_the_gold_file(files):
    """As where a shell's variable is not set."""
    assert invoke("score", files[0], "").exit_code == 1


@pytest.mark.parametrize("name", ["[/a]", "[red]", ":cat:", "", "Größe", "x" * 150])
def test_types_are_shown_as_they_are(tmp_path, name):
    """Square brackets and colons would mean something to the library that draws the table."""
    path = tmp_path / "f.conll"
    path.write_text(f"a {join_tag('B', name)}\n", encoding="utf-8")
    row = succeed("score", path, path).stdout.splitlines()[2]
    assert row.split("  ")[0] == (name or "(no type)")
    assert row.split()[-4:] == ["100.00", "100.00", "100.00", "1"]


def test_files_that_differ(files, tmp_path):
    gold, predicted = files
    predicted.write_text(predicted.read_text().replace("Mary", "Maria"))
    assert error_of("score", gold, predicted) == f"{predicted}:4: 'Maria', expected 'Mary' as in {gold}:6"
    assert error_of("score", gold, tmp_path / "no") == f"{tmp_path / 'no'}: no such file"


def test_columns_can_be_chosen(files):
    gold, predicted = files
    gold.write_text("1 John B-PER x\n2 saw O x\n")
    predicted.write_text("3 John B-PER x\n4 saw O x\n")
    shown = succeed("score", gold, predicted, "--token-column", "1", "--tag-column", "-2").stdout
    assert shown.splitlines()[-1].split() == ["overall", "100.00", "100.00", "100.00", "1"]
    result = invoke("score", gold, gold, "--tag-column", "0")
    assert result.exit_code == 2
    assert "are both 0, expected two columns" in result.stderr


def test_a_column_for_each_file():
    gold, predicted = CASES / "24_mit.bio", CASES / "24_pred.txt"
    options = ("--token-column", "1", "--gold-tag-column", "0", "--predicted-tag-column", "2")
    assert succeed("score", gold, predicted, *options).stdout.splitlines()[-1].split() == [
        *("overall", "44.00", "91.67", "59.46", "24")
    ]


def test_one_file_with_both_tags():
    shown = succeed("score", CASES / "26_conlleval.txt").stdout
    assert shown.startswith("62 tokens, 12 sentences; entities: 24 gold, 16 found, 16 correct")
    result = invoke("score", CASES / "26_conlleval.txt", "--gold-tag-column", "-1")
    assert result.exit_code == 2
    assert "gold and predicted tags are both in column -1, expected two columns" in result.stderr


TWO_COLUMNS = "John B-PER O\nSmith I-PER O\nsaw O O\nMary B-PER B-PER\n\nIt O O\nrains O B-LOC\n"


def test_the_gold_column_of_the_predicted_file_is_noticed(files):
    """Gold tags stand behind the predicted ones, so that column -1 gives 100.00 by construction."""
    gold, predicted = files
    predicted.write_text("\n".join(" ".join(row.split()[::2] + row.split()[1:2]) for row in TWO_COLUMNS.split("\n")))
    result = succeed("score", gold, predicted)
    assert result.stdout.splitlines()[-1].split() == ["overall", "100.00", "100.00", "100.00", "2"]
    assert result.stderr == (
        f"{predicted}: column 2 is read, and holds the same tags as {gold}; other tags are in column 1. "
        "Are those the predicted ones? --predicted-tag-column 1\n"
    )
    result = succeed("score", gold, predicted, "--predicted-tag-column", "1")
    assert result.stdout.splitlines()[-1].split() == ["overall", "50.00", "50.00", "50.00", "2"]
    assert (
        result.stderr
        == f"{predicted}: columns 1, 2 hold tags; column 1 is read, --predicted-tag-column names another\n"
    )


def test_the_columns_that_are_read_are_reported(files):
    gold, predicted = files
    predicted.write_text(TWO_COLUMNS)
    note = "columns 1, 2 hold tags; column 2 is read, --predicted-tag-column names another"
    assert succeed("score", gold, predicted).stderr == f"{predicted}: {note}\n"
    assert "other tags are in column 1" in succeed("score", predicted, predicted).stderr
    assert succeed("score", predicted).stderr == ""
    assert succeed("score", predicted, predicted, "--gold-tag-column", "1").stderr == ""


def test_overlapping_spans_are_reported(tmp_path):
    path, predicted = tmp_path / "a.jsonl", tmp_path / "predicted.conll"
    path.write_text('{"text": "University of Rome", "spans": [[0, 18, "ORG"], [14, 18, "LOC"]]}\n')
    predicted.write_text("University B-ORG\nof I-ORG\nRome I-ORG\n")
    assert succeed("score", path, predicted, "--json", "-").stderr.splitlines() == [
        f"{path}: spans that overlap a longer one are left out: 1",
        f"{path}:1: LOC 'Rome' (14 to 18) overlaps a longer one",
    ]


def test_encoding(tmp_path):
    gold, predicted = tmp_path / "gold.conll", tmp_path / "predicted.conll"
    for path in (gold, predicted):
        path.write_text("Zürich B-LOC\n", encoding="cp1252")
    assert "UTF-8" in error_of("score", gold, predicted)
    shown = succeed("score", gold, predicted, "--encoding", "cp1252")
    assert shown.stdout.splitlines()[-1].split() == ["overall", "100.00", "100.00", "100.00", "1"]
    assert shown.stderr == ""


def test_tag_and_score_agree_with_eval(tiny, tmp_path):
    data = tiny.folder / "test.conll"
    (tmp_path / "tagged").write_bytes(succeed("tag", tiny.model, data).stdout_bytes)
    assert succeed("score", data, tmp_path / "tagged").stdout == succeed("eval", tiny.model, data).stdout
