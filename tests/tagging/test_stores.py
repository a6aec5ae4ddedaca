"""From a store into a store: the bytes of a folder of this machine, and a restart does what is missing."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from object_store import SECRET
from synthetic import error_of, invoke, succeed

from windowner.errors import DataError
from windowner.stores.address import Address
from windowner.tagging.finding import find_shards
from windowner.tagging.record import RECORD, claim

TOKENS = "John Smith lives in Paris .\n\nAnna met Omar\n"
NAMES = ("a.txt", "b.txt.gz", "deep/c.jsonl")


@pytest.fixture
def texts(tmp_path, bucket):
    """A folder of shards, which is also in the bucket."""
    import gzip

    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    contents = (TOKENS.encode(), gzip.compress(TOKENS.encode() * 5), b'{"tokens": ["Rome"]}\n')
    for name, content in zip(NAMES, contents, strict=True):
        (folder / name).write_bytes(content)
        bucket.put(f"texts/{name}", content)
    return folder


def files(folder):
    """Names and bytes of all files."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_gets_what_a_folder_gets(tiny, texts, tmp_path, bucket):
    succeed("tag", tiny.model, texts, "--out", tmp_path / "out")
    command = ["tag", tiny.model, bucket["texts"], "--out", bucket["tagged/"]]
    assert "3 shards tagged" in succeed(*command).stderr
    whole = files(tmp_path / "out")
    assert bucket.files("tagged/") == whole
    assert "3 shards, 3 of them tagged already" in succeed(*command).stderr
    bucket.delete("tagged/deep/c.jsonl")
    assert "1 shard tagged" in succeed(*command, "--jobs", "2").stderr
    assert bucket.files("tagged/") == whole
    succeed("tag", tiny.model, bucket["texts/**/*.jsonl"], "--out", tmp_path / "one")
    assert (tmp_path / "one" / "c.jsonl").read_bytes() == whole["deep/c.jsonl"]


def test_one_file_to_standard_output(tiny, texts, bucket):
    for name in NAMES:
        tagged = succeed("tag", tiny.model, bucket[f"texts/{name}"]).stdout_bytes
        assert tagged == succeed("tag", tiny.model, texts / name).stdout_bytes


def test_a_run_that_is_killed_and_started_again(tiny, tmp_path, bucket):
    """After both runs the bucket holds what one undisturbed run writes."""
    shards = tmp_path / "texts"
    shards.mkdir()
    for number in range(60):
        (shards / f"{number}.txt").write_text(TOKENS * (20 + number), encoding="utf-8")
    succeed("tag", tiny.model, shards, "--out", tmp_path / "out")
    whole = files(tmp_path / "out")
    command = ["-m", "windowner", "tag", tiny.model, shards, "--out", bucket["tagged"], "--jobs", "2"]
    process = subprocess.Popen([sys.executable, *map(str, command)], stderr=subprocess.DEVNULL)
    while len(bucket.keys("tagged/")) < 4 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(1)  # its workers end with it
    before = bucket.files("tagged/")
    assert 4 <= len(before) < len(whole)
    assert before.items() <= whole.items()
    done = succeed("tag", tiny.model, shards, "--out", bucket["tagged"])
    assert f"60 shards, {len(before) - 1} of them tagged already" in done.stderr
    assert bucket.files("tagged/") == whole


def test_other_options_and_files_of_others_are_refused(tiny, texts, bucket):
    bucket.put("tagged/a.txt.conll", b"mine")
    command = ["tag", tiny.model, bucket["texts"], "--out", bucket["tagged"]]
    assert error_of(*command).startswith(f"{bucket['tagged/a.txt.conll']}: is there already, and ")
    assert bucket.files("tagged/") == {"a.txt.conll": b"mine"}
    bucket.delete("tagged/a.txt.conll")
    succeed(*command)
    before = bucket.files("tagged/")
    assert "made with scheme IOB2, expected BIOES" in error_of(*command, "--scheme", "BIOES")
    assert bucket.files("tagged/") == before


def test_two_commands_that_begin_at_the_same_moment(texts, bucket, monkeypatch):
    """Neither one finds a record. The second one to create it finds the other's, and is refused."""
    out = Address(bucket["tagged"])
    shards = find_shards(bucket["texts"], out)
    other = {"model": "x", "scheme": "BIOES", "files": []}
    read = iter([None])

    def too_early(folder):
        return next(read, json.loads(bucket.get(f"tagged/{RECORD}")) if bucket.keys("tagged/") else None)

    monkeypatch.setattr("windowner.tagging.record._read", too_early)
    bucket.put(f"tagged/{RECORD}", json.dumps(other).encode())
    with pytest.raises(DataError, match="made with scheme BIOES, expected IOB2"):
        claim(out, {"model": "x", "scheme": "IOB2"}, shards)
    assert json.loads(bucket.get(f"tagged/{RECORD}")) == other


def test_what_a_store_cannot_do(tiny, texts, bucket):
    message = error_of("tag", tiny.model, texts, "--out", "memory://tagged")
    assert message == "memory://tagged: the memory of one process, expected a store that all workers reach"
    message = error_of("tag", tiny.model, texts, "--out", bucket["tagged"], "--output", "brat")
    assert message.startswith(f"{bucket['tagged']}: brat is a folder of files for each file, expected a folder of this")
    assert error_of("tag", tiny.model, bucket["nothing"], "--out", bucket["tagged"]).startswith(
        f"{bucket['nothing']}: no files to tag, expected .conll"
    )
    assert bucket.keys("tagged") == []


def test_a_shard_that_fails_is_one_line(tiny, texts, tmp_path, bucket):
    bucket.put("texts/deep/c.jsonl", b'{"tokens": 3}\n')
    result = invoke("tag", tiny.model, bucket["texts"], "--out", bucket["tagged"])
    assert result.exit_code == 1
    assert f"error: {bucket['texts/deep/c.jsonl']}:1: Expected `array`, got `int`" in result.stderr
    assert SECRET not in result.stderr
    assert sorted(bucket.files("tagged/")) == ["a.txt.conll", "b.txt.conll.gz", RECORD]


def test_ray_tags_into_a_store(tiny, texts, tmp_path, bucket):
    """A process of its own, because the workers of Ray have the environment in which Ray was started."""
    pytest.importorskip("ray")
    succeed("tag", tiny.model, texts, "--out", tmp_path / "out")
    command = ["-m", "windowner", "tag", tiny.model, bucket["texts"], "--out", bucket["tagged"]]
    command += ["--engine", "ray", "--jobs", "1"]
    environment = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    done = subprocess.run(
        [sys.executable, *map(str, command)], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert bucket.files("tagged/") == files(tmp_path / "out")
