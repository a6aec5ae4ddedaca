"""`eval` and `convert` read and write files of a store as files of this machine."""

import json

import click
import pytest
from synthetic import error_of, invoke, succeed

from windowner.cli.main import COMMANDS, main
from windowner.cli.options import FileOrAddress, LocalPath

WRITTEN = {"out", "html", "json_path", "target"}
"""Parameters that name what a command writes."""


def test_eval(tiny, bucket):
    test = tiny.folder / "test.conll"
    bucket.put("test.conll", test.read_bytes())
    local, remote = (
        json.loads(succeed("eval", tiny.model, data, "--json", "-").stdout) for data in (test, bucket["test.conll"])
    )
    del local["tokens_per_second"], remote["tokens_per_second"]
    assert local == remote


def test_convert(tiny, tmp_path, bucket):
    source = tiny.folder / "test.conll"
    bucket.put("test.conll", source.read_bytes())
    for name in ("a.jsonl", "a.conllu", "a.csv"):
        succeed("convert", source, tmp_path / name)
        succeed("convert", bucket["test.conll"], bucket[name])
        assert bucket.get(name) == (tmp_path / name).read_bytes()
        succeed("convert", bucket[name], tmp_path / "back.conll")
    assert "would be written onto itself" in error_of("convert", bucket["a.jsonl"], bucket["a.jsonl"])
    assert "a store cannot write a folder whole" in error_of("convert", bucket["a.jsonl"], bucket["b"], "--to", "brat")
    assert sorted(bucket.keys()) == ["a.conllu", "a.csv", "a.jsonl", "test.conll"]


def test_what_a_format_cannot_hold_is_not_written(tmp_path, bucket):
    bucket.put("a.jsonl", b'{"tokens": ["-DOCSTART-"], "tags": ["O"]}\n')
    assert "would begin a document in a column file" in error_of("convert", bucket["a.jsonl"], bucket["a.conll"])
    assert bucket.keys() == ["a.jsonl"]


def test_a_file_of_this_machine_by_its_address(tmp_path):
    source = tmp_path / "a.conll"
    source.write_text("Rome B-LOC\n\nAna B-PER\n", encoding="utf-8")
    succeed("convert", source.as_uri(), (tmp_path / "b.jsonl").as_uri())
    assert (tmp_path / "b.jsonl").exists()


def commands(group, name):
    """Yield a command, and the commands in it."""
    command = group.get_command(click.Context(group), name)
    yield command
    for inner in getattr(command, "commands", ()):
        yield from commands(command, inner)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_address_never_becomes_a_local_folder_of_its_name(name):
    """What is written is a path of this machine, or may be an address."""
    for command in commands(main, name):
        for option in command.params:
            if option.name in WRITTEN and isinstance(option.type, click.Path):
                assert isinstance(option.type, LocalPath | FileOrAddress), (command.name, option.name)


def test_an_address_is_refused_where_a_local_path_is_written(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in (["train", tiny.config, "--out"], ["card", tiny.run.folder, "--out"], ["score", "a", "b", "--json"]):
        refused = invoke(*line, "s3://bucket/run")
        assert refused.exit_code == 2
        assert "s3://bucket/run: an address, expected a path of this machine" in refused.output
    succeed("card", tiny.run.folder, "--out", (tmp_path / "card.md").as_uri())
    assert [path.name for path in tmp_path.iterdir()] == ["card.md"]
