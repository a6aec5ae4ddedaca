"""`windowner review`: planted errors come first, every format is written, decisions are applied."""

import json

import pytest
from click.testing import CliRunner
from synthetic import error_of, succeed

from windowner.cli.main import main
from windowner.formats.reading import read_corpus


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A corpus of patterns with three planted errors in train, and the cross-validation that all tests share."""
    from synthetic import write_tiny

    folder = tmp_path_factory.mktemp("review")
    config = write_tiny(folder)
    path = folder / "train.conll"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    planted = []
    for word, wrong in (("lives", "B-PER"), ("weather", "B-LOC"), ("met", "B-PER")):
        place = next(i for i, line in enumerate(lines) if line.startswith(f"{word} ") and i > 200)
        lines[place] = f"{lines[place].rsplit(' ', 1)[0]} {wrong}\n"
        planted.append(place + 1)
    path.write_text("".join(lines), encoding="utf-8")
    text = config.read_text(encoding="utf-8").replace("epochs = 2", "epochs = 4")
    config.write_text(text, encoding="utf-8")
    return config, sorted(planted)


@pytest.fixture
def review(project, monkeypatch):
    config, _ = project
    monkeypatch.chdir(config.parent)

    def run(*options):
        folds = () if (config.parent / "runs").exists() else ("--folds", "3")  # afterwards those of the folder count
        return succeed("review", config.name, *folds, "--jobs", "1", *options)

    return run


def test_planted_errors_come_first(review, project):
    _, planted = project
    records = [json.loads(line) for line in review("--to", "jsonl").stdout.splitlines()]
    assert sorted(record["line"] for record in records[:3]) == planted
    assert {record["kind"] for record in records[:3]} <= {"spurious", "boundary"}
    assert {record["file"].rsplit("/")[-1] for record in records} <= {"train.conll", "dev.conll"}
    first = records[0]
    assert first["p_gold"] < 0.1 < first["p_suggested"]
    assert first["same_words"]["as_suggested"] > first["same_words"]["as_gold"] == 0
    assert [record["score"] for record in records] == sorted((record["score"] for record in records), reverse=True)


def test_a_table_names_file_and_line(review, project):
    result = review("--top", "3")
    for line in project[1]:
        assert f"train.conll:{line} " in result.stdout
    assert "3 of" in result.stdout
    assert "5 of 5" not in result.stderr


def test_kinds_are_chosen(review):
    records = [json.loads(line) for line in review("--to", "jsonl", "--kind", "missed").stdout.splitlines()]
    assert {record["kind"] for record in records} <= {"missed"}


@pytest.mark.parametrize("form", ["prodigy", "doccano", "label-studio"])
def test_tasks_hold_the_suggestions_as_spans_of_their_text(review, form, tmp_path):
    path = tmp_path / "tasks.json"
    review("--to", form, "--top", "3", "--out", path)
    text = path.read_text(encoding="utf-8")
    tasks = json.loads(text) if form == "label-studio" else [json.loads(line) for line in text.splitlines()]
    assert len(tasks) == 3
    for task in tasks:
        body = task["data"]["text"] if form == "label-studio" else task["text"]
        assert "lives" in body or "weather" in body or "met" in body
        if form == "doccano":
            assert all(body[start:end].istitle() or "'" in body[start:end] for start, end, _ in task["label"])
        elif form == "prodigy":
            for span in task["spans"]:
                tokens = task["tokens"][span["token_start"] : span["token_end"] + 1]
                assert (tokens[0]["start"], tokens[-1]["end"]) == (span["start"], span["end"])
        else:
            values = [mark["value"] for mark in task["predictions"][0]["result"]]
            assert all(body[value["start"] : value["end"]] == value["text"] for value in values)
    if form != "label-studio":  # a prediction is no annotation
        assert len(read_corpus(path).sentences) == 3


def test_accepted_suggestions_are_applied(review, project, tmp_path):
    config, planted = project
    records = [json.loads(line) for line in review("--to", "jsonl", "--top", "3").stdout.splitlines()]
    decisions = tmp_path / "decisions.jsonl"
    decisions.write_text("".join(json.dumps({**each, "decision": "accept"}) + "\n" for each in records))
    result = succeed("review", config, "--apply", decisions, "--out", tmp_path / "corrected")
    assert "train.conll: 3 sentences changed" in result.stdout
    assert "dev.conll: 0 sentences changed" in result.stdout
    before = (config.parent / "train.conll").read_text(encoding="utf-8").splitlines()
    after = (tmp_path / "corrected" / "train.conll").read_text(encoding="utf-8").splitlines()
    assert [i + 1 for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == planted
    assert (tmp_path / "corrected" / "dev.conll").read_bytes() == (config.parent / "dev.conll").read_bytes()


def test_a_page_is_written_beside_the_folds(review, project):
    pytest.importorskip("jinja2")
    page = review("--to", "html").stdout.strip()
    assert page == "runs/tiny-cv/review.html"
    assert "lives" in (project[0].parent / page).read_text(encoding="utf-8")


def test_a_file_of_decisions_that_is_missing(project, tmp_path):
    assert "No such file" in error_of("review", project[0], "--apply", tmp_path / "none.jsonl")


def test_other_folds_than_those_of_the_folder_are_refused(review, project):
    review()
    message = error_of("review", project[0].name, "--folds", "4", "--jobs", "1")
    assert "folds: 3 there, 4 here. Remove it" in message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "table.txt"), "--out needs --to"),
        (("--apply", "decisions.jsonl", "--to", "html"), "--to html writes suspects; expected one of them"),
    ],
)
def test_options_without_an_effect_are_refused(project, options, message):
    result = CliRunner().invoke(main, ["review", str(project[0]), *options])
    assert (result.exit_code, message in result.output) == (2, True)


def test_a_file_that_cannot_be_written(review, project):
    review()
    message = error_of("review", project[0].name, "--jobs", "1", "--to", "jsonl", "--out", "no/such/file")
    assert "no/such/file: cannot be written: No such file or directory" in message
