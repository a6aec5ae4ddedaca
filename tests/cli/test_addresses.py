"""Commands read and write files of a store as files of this machine, their models among them."""

import json
import re
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from command_parameters import PATHS, label
from registered_stores import LOGIN, SECRETS
from synthetic import error_of, invoke, succeed

from windowner.cli.paths import PathOrAddress
from windowner.cli.serve import name_of_model
from windowner.stores.address import Address
from windowner.tagger.parts import read_model


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


# Models

SENTENCE = ("--sentence", "John Smith lives in Paris .", "--word", "5")
OF_A_MODEL = {  # command: (what stands before the model, behind it)
    "tag": ((), ("{test}",)),
    "eval": ((), ("{test}", "--json", "-")),
    "explain": ((), SENTENCE),
    "info": ((), ("--json", "-")),
    "graph": ((), SENTENCE),
    "diff": (("{model}",), ("{test}",)),
    "suggest": ((), ("{test}", "--top", "3")),
    "vectors export": ((), ("--out", "{out}")),
    "vectors nearest": ((), ("Paris",)),
}
CHANGES = re.compile(r'"(?:file|tokens_per_second)": .*')


@pytest.fixture
def stored(tiny, bucket):
    """The address of a folder that holds a model."""
    bucket.put("runs/tiny/model.safetensors", tiny.model.read_bytes())
    return bucket["runs/tiny"]


def test_every_command_of_a_model_is_tried():
    named = {
        name
        for name, parameter in PATHS
        if isinstance(parameter.type, PathOrAddress) and "init" not in label(name, parameter)
    }
    assert set(OF_A_MODEL) == (named - {"convert", "serve", "train"}) | {"graph"}


@pytest.mark.parametrize("command", OF_A_MODEL)
def test_a_model_in_a_store_does_what_a_file_does(command, tiny, stored, tmp_path):
    def run(model, out):
        before, behind = (
            [each.format(model=tiny.model, test=tiny.folder / "test.conll", out=out) for each in arguments]
            for arguments in OF_A_MODEL[command]
        )
        shown = CHANGES.sub("", succeed(*command.split(), *before, model, *behind).stdout)
        return shown, out.read_bytes() if out.exists() else b""

    local = run(tiny.model, tmp_path / "local.vec")
    assert local != ("", b"")
    for address in (stored, f"{stored}/model.safetensors"):
        assert run(address, tmp_path / "remote.vec") == local


def test_a_training_starts_from_a_model_in_a_store(tiny, stored, tmp_path):
    """It is the training that starts from the file, except for the name of the file."""
    train = ("train", tiny.config, "--set", "train.epochs=1")
    for out, model in (("a", tiny.model), ("b", stored)):
        succeed(*train, "--init", model, "--out", tmp_path / out)
    one, other = (read_model(tmp_path / name) for name in "ab")
    for name, array in one.network.parameters.items():
        np.testing.assert_array_equal(array, other.network.parameters[name])
    start = other.provenance["data"]["init"]
    assert start == {**one.provenance["data"]["init"], "file": stored}
    message = error_of(*train, "--init", stored, "--out", tmp_path / "c", "--set", "data.rehearse=0.5")
    assert (
        message == f"{stored}: a model in a store does not say where its training text is; name it: data.rehearse_from"
    )


def test_the_service_is_named_after_the_address():
    assert name_of_model(Address("s3://bucket/runs/tiny")) == "tiny"
    assert name_of_model(Address("s3://me:word@bucket")) == "s3://bucket"
    assert name_of_model(Path("runs/tiny")) == "tiny"


def test_models_that_cannot_be_read(tiny, bucket, stored):
    content = tiny.model.read_bytes()
    bucket.put("cut.safetensors", content[:-9])
    bucket.put("changed.safetensors", content[:-9] + bytes(9))
    bucket.put("text.txt", b"no model")
    assert error_of("info", bucket["cut.safetensors"]).startswith(f"{bucket['cut.safetensors']}: damaged, truncated")
    assert "does not agree with its digest" in error_of("info", bucket["changed.safetensors"])
    assert "not a model file" in error_of("info", bucket["text.txt"])
    assert error_of("tag", bucket["none"], tiny.config) == f"{bucket['none']}: no such file or bucket"
    assert error_of("graph", bucket["mine.toml"]).startswith(f"{bucket['mine.toml']}: an address, expected a config")


# Logins


class Inline:
    """An engine that works in this process, which alone knows the registered stores."""

    def map_items(self, factory, items, shared):
        function = factory(shared)
        yield from ((number, function(item)) for number, item in enumerate(items))


@pytest.mark.parametrize("base", [f"hosted://{LOGIN}@host", "abfs://box@account"])
def test_a_folder_of_a_server_or_a_container(base, tiny, registered, monkeypatch, caplog):
    """Files, record, stdout, stderr and logs: nothing of the login is in any of them."""
    monkeypatch.setattr("windowner.cli.tag_files.open_engine", lambda *_: nullcontext(Inline()))
    folder = registered.hosted if base.startswith("hosted") else registered.boxes / "box"
    (folder / "texts" / "deep").mkdir(parents=True)
    (folder / "texts" / "deep" / "b.txt").write_text("John Smith lives in Rome .\n", encoding="utf-8")
    (folder / "texts" / "a.txt").write_text("Nothing happened .\n", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(tiny.model.read_bytes())
    caplog.set_level("DEBUG")
    tag = ("tag", f"{base}/model.safetensors", f"{base}/texts", "--out", f"{base}/tagged", "--input", "text")
    said = [
        succeed(*tag, "--log", "json"),
        succeed(*tag),
        invoke(*tag, "--scores"),
        invoke(*tag[:2], f"{base}/none.txt"),
    ]
    assert [result.exit_code for result in said] == [0, 0, 1, 1]
    shown = base if base.startswith("abfs") else "hosted://host"
    assert f'"file": "{shown}/texts/deep/b.txt"' in said[0].stderr
    tagged = {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("tagged/**/*") if path.is_file()
    }
    assert sorted(tagged) == ["tagged/a.txt.conll", "tagged/deep/b.txt.conll", "tagged/shards.json"]
    assert "Rome\tB-LOC" in tagged["tagged/deep/b.txt.conll"]
    written = [*tagged.values(), *(result.output for result in said), caplog.text]
    assert not [secret for secret in SECRETS for text in written if secret in text]
