"""`--log json`: every line on stderr is a JSON object, and stdout stays as it is."""

import json
from datetime import datetime

import pytest
from synthetic import invoke, succeed

from windowner.cli.log import JSON, as_text_again, is_json, log_option, record, tell


def lines_of(result):
    """The objects on stderr, each with the four fields that all of them have."""
    found = [json.loads(line) for line in result.stderr.splitlines()]
    for each in found:
        assert list(each)[:4] == ["time", "level", "event", "message"]
        assert datetime.fromisoformat(each["time"]).utcoffset().total_seconds() == 0
        assert each["level"] in ("info", "warning", "error")
    return found


def test_a_training(config, tmp_path):
    result = succeed("train", config, "--out", tmp_path / "run", "--set", "train.epochs=1", "--log", "json")
    found = lines_of(result)
    events = [each["event"] for each in found]
    assert set(events[: events.index("epoch-begins")]) == {"note"}
    assert events[events.index("epoch-begins") :] == ["epoch-begins", "epoch", "finished"]
    epoch, finished = found[-2:]
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    history = json.loads((tmp_path / "run" / "history.jsonl").read_text())
    assert {key: epoch[key] for key in history} == history
    assert finished["folder"] == str(tmp_path / "run")
    assert finished["f1"] == {name: metrics[name]["overall"]["f1"] for name in ("dev", "test")}
    assert "overall" in result.stdout


def test_tagging_one_file_and_many(tiny, tmp_path):
    one = invoke("tag", tiny.model, "--input", "tokens", "--log", "json", input="Mary Smith .\n")
    assert one.stdout == invoke("tag", tiny.model, "--input", "tokens", input="Mary Smith .\n").stdout
    (finished,) = lines_of(one)
    assert (finished["event"], finished["tokens"]) == ("finished", 3)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.conll").write_text("Mary\nSmith\n")
    (tmp_path / "in" / "b.jsonl").write_text("{")
    many = invoke("tag", tiny.model, tmp_path / "in", "--out", tmp_path / "out", "--log", "json")
    assert many.exit_code == 1
    found = {each["event"]: each for each in lines_of(many)}
    assert found["shards"]["total"] == 2
    assert found["shard"]["tokens"] == 2
    assert found["shard-failed"]["file"] == str(tmp_path / "in" / "b.jsonl")
    assert found["shard-failed"]["level"] == "error"
    assert (found["finished"]["tagged"], found["finished"]["failed"]) == (1, 1)


def test_errors_are_lines_with_the_same_exit_status(tiny, tmp_path):
    missing = tmp_path / "no\n.toml"
    for arguments, status in ((("train", missing), 1), (("train",), 2), (("tag", tiny.model, "--jobs", "none"), 2)):
        result = invoke(*arguments, "--log", "json")
        (error,) = lines_of(result)
        assert (result.exit_code, error["level"], error["event"]) == (status, "error", "error")
        assert "\n" not in error["message"]
        assert invoke(*arguments).exit_code == status


def test_the_next_command_speaks_to_people_again(tmp_path):
    invoke("train", tmp_path / "no.toml", "--log", "json")
    assert invoke("eval", tmp_path / "no", "x").stderr.startswith("error: ")


@pytest.mark.parametrize("command", ["train", "compare", "cv", "tag"])
def test_commands_with_progress_have_the_option(command):
    assert "--log [text|json]" in succeed(command, "--help").stdout


@pytest.fixture
def as_json():
    with as_text_again():
        log_option(lambda: None).__click_params__[0].callback(None, None, JSON)
        assert is_json()
        yield
    assert not is_json()


def test_every_value_is_json(as_json, capsys, tmp_path):
    tell(
        "made-up",
        "a\nb \u4eba \udc80",
        level="warning",
        prefix="never ",
        loss=float("nan"),
        path=tmp_path,
        many=(1, None),
    )
    line = capsys.readouterr().err
    assert line.isascii()
    values = json.loads(line)
    assert values["message"] == "a\nb \u4eba \udc80"
    assert (values["loss"], values["path"], values["many"]) == (None, str(tmp_path), [1, None])


def test_people_see_lines_without_control_characters_and_no_records(capsys):
    tell("made-up", "a\nb\x1b[31m", prefix="note: ", loss=1.0)
    record("made-up", "nothing")
    assert capsys.readouterr().err == "note: a\nb\\x1b[31m\n"
