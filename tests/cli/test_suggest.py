"""`windowner suggest`: unsure sentences come first, duplicates are left out, every format is written."""

import json

import pytest
from synthetic import error_of, succeed

POOL = "Nothing happened .\nOslo lives in Mensah Rossi .\nOslo lives in Mensah Rossi .\nWe saw Zork on Monday .\n"


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.txt"
    path.write_text(POOL, encoding="utf-8")
    return path


def test_unsure_sentences_come_first_and_only_once(tiny, pool):
    result = succeed("suggest", tiny.run.folder, pool, "--input", "tokens")
    tasks = [json.loads(line) for line in result.stdout.splitlines()]
    texts = [" ".join(task["tokens"]) for task in tasks]
    assert sorted(texts) == sorted(set(texts))
    assert texts[0] != "Nothing happened ."
    assert "Nothing happened ." not in texts  # a sentence of the training text
    assert tasks[0]["score"] >= tasks[-1]["score"]
    assert f"{len(tasks)} of 4 sentences" in result.stderr


def test_top_and_raw_text(tiny, pool):
    result = succeed("suggest", tiny.run.folder, pool, "--top", "1", "--input", "text", "--to", "prodigy")
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["meta"]["line"] in (2, 4)


def test_any_top_and_any_encoding(tiny, tmp_path):
    path = tmp_path / "pool.txt"
    path.write_bytes("Zoë\n".encode("cp1252"))
    assert "--encoding cp1252" in error_of("suggest", tiny.run.folder, path, "--input", "text")
    result = succeed("suggest", tiny.run.folder, path, "--input", "text", "--encoding", "cp1252", "--top", 10**30)
    assert json.loads(result.stdout)["tokens"] == ["Zoë"]
    assert "1 of 1 sentence, 1 word to label" in result.stderr


def test_without_the_training_text_it_says_so(tiny, pool, tmp_path):
    model = tmp_path / "moved.safetensors"
    model.write_bytes(tiny.model.read_bytes())
    for form in ("jsonl", "doccano", "label-studio"):
        result = succeed("suggest", model, pool, "--to", form, "--input", "tokens")
        assert result.stdout
        assert "near-duplicates of labelled sentences are not left out" in result.stderr


def test_an_empty_pool(tiny, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n\n", encoding="utf-8")
    assert "no tokens" in error_of("suggest", tiny.run.folder, path, "--input", "tokens")
