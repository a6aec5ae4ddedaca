"""`eval` and `convert` read and write files of a store as files of this machine."""

import json

from synthetic import error_of, succeed


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
