"""`windowner diff`."""

import json
from dataclasses import replace

import pytest
from synthetic import error_of, invoke, succeed

from windowner.tagger.parts import write_model


@pytest.fixture(scope="module")
def other(tiny, tmp_path_factory):
    """The model with a threshold that makes it find fewer entities, and with another tokenizer."""
    path = tmp_path_factory.mktemp("other") / "other.safetensors"
    write_model(replace(tiny.run.tagger.model, threshold=-6.0, tokenizer="unicode"), path)
    return path


def test_counts_scores_and_examples(tiny, other):
    data = tiny.folder / "dev.conll"
    result = succeed("diff", tiny.run.folder, other, data)
    head, scores, columns, *rows = result.stdout.splitlines()
    a = tiny.run.scores["dev"].overall
    assert head.startswith(f"40 sentences, 325 tokens; entities: A {a.predicted}, B ")
    assert scores.startswith(f"F1: A {100 * a.f1:.2f}, B ")
    assert columns.split()[-1] == "all"
    assert [row.split("  ")[0] for row in rows[:4]] == [
        "found by A alone", "found by B alone", "other type", "other boundary",
    ]  # fmt: skip
    assert f"{data}:" in rows[7]
    assert result.stderr == "raw text: both taggers read the tokens of A's tokenizer, european; that of B is unicode\n"
    assert "example" not in succeed("diff", tiny.model, other, data, "--examples", "0").stdout


def test_json_and_json_lines_say_the_same(tiny, other, tmp_path):
    data, summary = tiny.folder / "dev.conll", tmp_path / "summary.json"
    lines = succeed("diff", tiny.model, other, data, "--output", "jsonl", "--json", summary).stdout.splitlines()
    values = json.loads(summary.read_text(encoding="utf-8"))
    kinds = [json.loads(line)["kind"] for line in lines]
    assert kinds
    assert {kind: kinds.count(kind) for kind in values["differences"]} == values["differences"]
    assert values["scores"]["a"]["overall"] == tiny.run.scores["dev"].overall.as_dict()
    assert json.loads(succeed("diff", tiny.model, other, data, "--json", "-").stdout) == values


def test_text_without_labels(tiny, other, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("John Smith saw Mary Miller in Paris.\n")
    result = succeed("diff", tiny.model, other, text, "--unlabelled")
    assert "F1" not in result.stdout
    assert result.stdout.startswith("1 sentence, 8 tokens")
    assert "--unlabelled" in error_of("diff", tiny.model, other, text)


def test_a_model_and_itself(tiny, tmp_path):
    result = succeed("diff", tiny.model, tiny.model, tiny.folder / "dev.conll", "--out", tmp_path / "diff.html")
    assert "B minus A +0.00 points, 95% interval +0.00 to +0.00, p = 1.0000" in result.stdout
    assert "example" not in result.stdout
    assert "every sentence" in (tmp_path / "diff.html").read_text(encoding="utf-8")


def test_mistakes(tiny, tmp_path):
    data = tiny.folder / "dev.conll"
    assert invoke("diff", tiny.model, tiny.model, data, "--output", "jsonl", "--json", "-").exit_code == 2
    result = invoke("diff", tiny.model, tiny.model, data, "--unlabelled", "--tag-column", "1")
    assert (result.exit_code, "--tag-column is for labelled text" in result.stderr) == (2, True)
    assert error_of("diff", tiny.model, tmp_path, data).startswith(f"{tmp_path}/model.safetensors: no such file")
    assert error_of("diff", tiny.model, tiny.model, tmp_path / "no").startswith(f"{tmp_path}/no: no such file")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(tiny.model.read_bytes()[:-5])
    assert error_of("diff", tiny.model, damaged, data).startswith(f"{damaged}: damaged")
