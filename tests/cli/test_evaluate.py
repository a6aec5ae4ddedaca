"""`windowner eval`."""

import json

import pytest
from synthetic import error_of, invoke, succeed

from windowner.formats.reading import read_corpus
from windowner.text.tag_writing import convert


def test_the_table_is_that_of_the_training(tiny):
    test = tiny.run.scores["test"]
    result = succeed("eval", tiny.run.folder, tiny.folder / "test.conll")
    head, columns, *rows = result.stdout.splitlines()
    assert head == (
        f"{test.tokens:,} tokens, 40 sentences; entities: {test.overall.support} gold, {test.overall.predicted} found, "
        f"{test.overall.correct} correct; token accuracy {test.accuracy:.2%}"
    )
    assert columns.split() == ["type", "precision", "recall", "F1", "support"]
    for row, (name, counts) in zip(rows, {**test.types, "overall": test.overall}.items(), strict=True):
        rates = [f"{100 * x:.2f}" for x in (counts.precision, counts.recall, counts.f1)]
        assert row.split() == [name, *rates, str(counts.support)]
    assert result.stderr.endswith(" tokens/s\n")
    assert len(result.stderr.splitlines()) == 1


def test_the_model_file_will_do(tiny):
    data = tiny.folder / "dev.conll"
    assert succeed("eval", tiny.model, data).stdout == succeed("eval", tiny.run.folder, data).stdout


def test_rules_of_an_option_are_scored(tiny, tmp_path):
    rules = tmp_path / "rules.jsonl"
    rules.write_text('{"label": "VERB", "pattern": "lives"}\n', encoding="utf-8")
    data = tiny.folder / "dev.conll"
    plain, ruled = (succeed("eval", tiny.model, data, *more).stdout for more in ((), ("--rules", rules)))
    (row,) = set(row.split()[0] for row in ruled.splitlines()[2:]) - set(
        row.split()[0] for row in plain.splitlines()[2:]
    )
    assert row == "VERB"
    assert error_of("eval", tiny.model, data, "--rules", "none.jsonl") == "none.jsonl: no such file"


KEYS = {"tokens", "sentences", "tokens_per_second", "accuracy", "overall", "types"}
RATES = {"precision", "recall", "f1", "support"}


def check(written, tiny):
    test = tiny.run.scores["test"]
    assert written.keys() == KEYS
    assert (written["tokens"], written["sentences"], written["accuracy"]) == (
        test.tokens,
        test.sentences,
        test.accuracy,
    )
    assert written["tokens_per_second"] > 0
    assert written["types"].keys() == {"LOC", "PER"}
    for found, counts in (
        (written["overall"], test.overall),
        *zip(written["types"].values(), test.types.values(), strict=True),
    ):
        assert found == counts.as_dict()
        assert found.keys() == RATES
        assert all(0 <= found[rate] <= 1 for rate in RATES - {"support"})


def test_json_on_stdout_is_all_that_stands_there(tiny):
    check(json.loads(succeed("eval", tiny.run.folder, tiny.folder / "test.conll", "--json", "-").stdout), tiny)


def test_json_in_a_file_leaves_the_table(tiny, tmp_path):
    data = tiny.folder / "test.conll"
    result = succeed("eval", tiny.run.folder, data, "--json", tmp_path / "s.json")
    assert result.stdout == succeed("eval", tiny.run.folder, data).stdout
    check(json.loads((tmp_path / "s.json").read_text(encoding="utf-8")), tiny)


def test_json_that_cannot_be_written(tiny, tmp_path):
    data = tiny.folder / "test.conll"
    path = tmp_path / "no" / "s.json"
    assert error_of("eval", tiny.model, data, "--json", path) == f"{path}: cannot be written: No such file or directory"
    assert error_of("eval", tiny.model, data, "--json", tmp_path) == f"{tmp_path}: cannot be written: Is a directory"
    assert not list(tmp_path.iterdir())


def test_types_that_the_model_lacks_are_scored_and_told(tiny, tmp_path):
    data = tmp_path / "data.conll"
    data.write_text("John B-PER\nSmith I-PER\nlives O\nin O\nParis B-LOC\n. O\n\nNothing B-creative-work\nhappened B\n")
    result = succeed("eval", tiny.model, data, "--json", "-")
    written = json.loads(result.stdout)
    assert written["types"]["creative-work"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}
    assert written["overall"]["support"] == 4
    expected = f"{data}: the model does not know the types (no type), creative-work; they count as missed"
    assert result.stderr.splitlines() == [expected]
    assert "does not know" not in succeed("eval", tiny.model, tiny.folder / "test.conll").stderr


@pytest.mark.parametrize("scheme", ["IOB1", "BIOES", "BILOU"])
def test_the_schemes_of_data_do_not_matter(tiny, tmp_path, scheme):
    corpus = read_corpus(tiny.folder / "test.conll")
    records = zip(corpus.tokens, convert(corpus.tags, scheme), strict=True)
    lines = [json.dumps({"tokens": tokens, "tags": tags}) for tokens, tags in records]
    (tmp_path / "data.jsonl").write_text("\n".join(lines), encoding="utf-8")
    written = json.loads(succeed("eval", tiny.model, tmp_path / "data.jsonl", "--json", "-").stdout)
    assert written["overall"] == tiny.run.scores["test"].overall.as_dict()


def test_columns_can_be_chosen(tiny, tmp_path):
    data = tmp_path / "data.conll"
    data.write_text("B-LOC x Paris\nO x rains\n")
    written = json.loads(
        succeed("eval", tiny.model, data, "--token-column", "-1", "--tag-column", "0", "--json", "-").stdout
    )
    assert written["overall"]["support"] == 1
    result = invoke("eval", tiny.model, data, "--token-column", "-1")
    assert result.exit_code == 2
    assert "--token-column and --tag-column are both -1, expected two columns" in result.stderr


def test_mistakes(tiny, tmp_path):
    data = tmp_path / "data.conll"
    assert error_of("eval", tiny.model, data) == f"{data}: no such file"
    data.write_text("a B-X\nb\n")
    assert error_of("eval", tiny.model, data) == f"{data}:2: 1 column, expected 2"
    data.write_text("\n\n")
    assert error_of("eval", tiny.model, data) == f"{data}:1: no tokens, expected labelled sentences"
    assert error_of("eval", tmp_path / "no", data).startswith(f"{tmp_path}/no: no such file; expected a model")
    assert error_of("eval", data, data).startswith(f"{data}: damaged, truncated or not a model file")
    assert error_of("eval", tmp_path, data).startswith(f"{tmp_path}/model.safetensors: no such file")


def test_calibration_as_a_table_and_as_json(tiny):
    """Every entity found is in one bin, and the bins' shares that are right add up to the precision."""
    data = tiny.folder / "test.conll"
    plain = succeed("eval", tiny.model, data).stdout
    result = succeed("eval", tiny.model, data, "--calibration").stdout
    assert result.startswith(plain)
    error, temperature = result.splitlines()[-1].removeprefix("expected calibration error: ").split(" points, at ")
    assert temperature == f"temperature {tiny.run.tagger.model.temperature:.2f}"
    written = json.loads(succeed("eval", tiny.model, data, "--calibration", "--json", "-").stdout)
    assert written.keys() == KEYS | {"calibration"}
    assert f"{100 * written['calibration']['ece']:.2f}" == error
    bins = written["calibration"]["bins"]
    overall = tiny.run.scores["test"].overall
    assert sum(each["entities"] for each in bins) == overall.predicted
    assert sum(each["entities"] * each["correct"] for each in bins) == pytest.approx(overall.correct)
    assert len(result.splitlines()) == len(plain.splitlines()) + 3 + len(bins)


def test_calibration_where_no_entity_is_found(tiny, tmp_path):
    data = tmp_path / "unknown.conll"
    data.write_text("it O\nand B-LOC\n")
    result = succeed("eval", tiny.model, data, "--calibration").stdout
    assert result.endswith("\n\nno calibration: the tagger found no entities\n")


@pytest.fixture
def nested(tmp_path):
    """A text with a span inside of another one."""
    path = tmp_path / "nested.jsonl"
    path.write_text(
        json.dumps({"text": "John Smith lives in Paris.", "spans": [[0, 10, "PER"], [5, 10, "LOC"], [20, 25, "LOC"]]})
    )
    return path


def test_spans_are_scored_by_characters_and_nested_ones_are_counted(tiny, nested):
    result = succeed("eval", tiny.run.folder, nested)
    assert "1 text; exact spans of characters: 3 gold, 2 found, 2 correct\n" in result.stdout
    assert "1 gold span missed because of a longer one that overlaps" in result.stdout
    written = json.loads(succeed("eval", tiny.run.folder, nested, "--json", "-").stdout)
    assert (written["spans"]["nested"], written["spans"]["overall"]["support"]) == (1, 3)


def test_a_note_names_its_file_once(tiny, nested):
    notes = succeed("eval", tiny.run.folder, nested).stderr
    assert f"\n{nested}:1: LOC 'Smith' (5 to 10) overlaps a longer one\n" in "\n" + notes


def test_intervals_stand_below_the_rates_and_in_json(tiny):
    data = tiny.folder / "test.conll"
    plain = succeed("eval", tiny.model, data).stdout.splitlines()
    lines = succeed("eval", tiny.model, data, "--interval", "--resamples", "500").stdout.splitlines()
    assert [line.split() for line in lines[:-1] if " to " not in line] == [line.split() for line in plain]
    assert lines[-1] == "95% intervals: 500 resamples of 40 sentences"
    written = json.loads(succeed("eval", tiny.model, data, "--interval", "--resamples", "500", "--json", "-").stdout)
    check({key: value for key, value in written.items() if key != "interval"}, tiny)
    interval = written["interval"]
    assert (interval["unit"], interval["units"], interval["resamples"], interval["seed"]) == ("sentence", 40, 500, 0)
    low, high = interval["overall"]["f1"]
    assert low < written["overall"]["f1"] < high
    assert f"{100 * low:.1f} to {100 * high:.1f}" in lines[-2]
    assert interval["types"].keys() == {"LOC", "PER"}


def test_documents_are_drawn_where_enough_are_marked(tiny, tmp_path):
    one = "-DOCSTART- O\n\nJohn B-PER\nSmith I-PER\nlives O\nin O\nParis B-LOC\n. O\n\n"
    for documents, unit in ((10, "document"), (9, "sentence")):
        (tmp_path / "marked.conll").write_text(one * documents)
        written = json.loads(succeed("eval", tiny.model, tmp_path / "marked.conll", "--interval", "--json", "-").stdout)
        assert (written["interval"]["unit"], written["interval"]["units"]) == (unit, documents)
