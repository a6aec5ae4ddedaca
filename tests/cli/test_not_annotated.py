"""Every command on text with words that are not annotated: they are left out, and their number is said."""

import json
import re
from pathlib import Path

import pytest
from synthetic import error_of, succeed


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A config whose train and dev have lost the tags of every seventh word, and a run."""
    from synthetic import write_tiny

    config = write_tiny(tmp_path_factory.mktemp("partial"))
    for name in ("train", "dev"):
        file = config.parent / f"{name}.conll"
        rows = file.read_text(encoding="utf-8").split("\n")
        lost = [re.sub(r" \S+$", " _", row) if n % 7 == 3 else row for n, row in enumerate(rows)]
        file.write_text("\n".join(lost), encoding="utf-8")
    said = succeed("train", config, "--out", config.parent / "run")
    return config, said


def lost(config, name):
    rows = (config.parent / f"{name}.conll").read_text(encoding="utf-8").split("\n")
    return sum(row.endswith(" _") for row in rows)


def test_train(project):
    config, said = project
    text = " ".join(said.stderr.split())
    assert f"{lost(config, 'train')} tokens not annotated" in text
    assert re.search(rf"{lost(config, 'train')} training words of [\d,]+ are not annotated", text)
    assert f"{lost(config, 'dev')} tokens not annotated, and left out" in said.stdout


def test_eval_and_score(project, tmp_path):
    """A tagger that finds an entity where nobody looked is not wrong."""
    config, _ = project
    dev = config.parent / "dev.conll"
    assert f"{lost(config, 'dev')} tokens not annotated" in succeed("eval", config.parent / "run", dev).stdout
    gold, found = tmp_path / "gold.conll", tmp_path / "found.conll"
    gold.write_text("a B-X\nb _\nc O\n")
    found.write_text("a B-X\nb B-X\nc O\n")
    shown = json.loads(succeed("score", gold, found, "--json", "-").stdout)
    assert (shown["overall"]["f1"], shown["tokens"], shown["not_annotated"]) == (1.0, 2, 1)


def test_eval_and_score_refuse_gold_tags_that_say_nowhere_what_is_no_entity(project, tmp_path):
    """Where `_` stands for O, a tagger that calls every word an entity would be perfect."""
    config, _ = project
    gold, found = tmp_path / "gold.conll", tmp_path / "found.conll"
    gold.write_text("John B-PER\nlives _\n")
    found.write_text("John B-PER\nlives B-LOC\n")
    expected = "1 word not annotated and none O, expected words with the tag O; write O for words that are no entity"
    for arguments in (("eval", config.parent / "run", gold), ("score", gold, found)):
        assert error_of(*arguments).endswith(f"{gold}: {expected}")
    succeed("score", found, gold)


def test_gradcheck_where_the_true_gradient_is_zero(tmp_path):
    """A sentence of which nothing is known has no gradient but that of L2. What remains of the others is roundoff."""
    from synthetic import write_tiny

    config = write_tiny(tmp_path)
    (tmp_path / "train.conll").write_text("John B-PER\nlives O\n\n" + "It _\nrains _\nin _\nRome _\n\n" * 60)
    sets = ("--set", "model.loss=sentence", "--set", "model.nonlinearity=tanh")
    assert "all 14 blocks" in succeed("gradcheck", config, *sets).stdout


def test_check(project):
    config, _ = project
    assert "_" not in {word.strip(":,") for word in succeed("check", config).stdout.split()}


def test_report_counts_no_entity_where_nobody_looked(project):
    from windowner.report.mistakes import dev_entities
    from windowner.runs.folder import read_run

    config, _ = project
    run = read_run(config.parent / "run")
    _, predicted = dev_entities(run)
    for spans, sentence in zip(predicted, run.dev, strict=True):
        assert all("_" not in sentence.gold[span.start : span.end] for span in spans)
    succeed("report", config.parent / "run")


def test_cutoff(project):
    config, _ = project
    succeed("cutoff", config.parent / "run", "--target", "precision=0.9")


def test_review_suggests_nothing_where_nobody_looked(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config, _ = project
    out = tmp_path / "review"
    succeed("review", config, "--to", "jsonl", "--out", out, "--folds", "2")
    files = {}
    for line in out.read_text(encoding="utf-8").splitlines():
        suspect = json.loads(line)
        rows = files.setdefault(suspect["file"], Path(suspect["file"]).read_text(encoding="utf-8").split("\n"))
        length = len(suspect["words"].split(" ")) if isinstance(suspect.get("words"), str) else 1
        assert not any(row.endswith(" _") for row in rows[suspect["line"] - 1 : suspect["line"] - 1 + length])


@pytest.mark.parametrize("target", ["brackets", "conllu", "spans", "label-studio", "brat"])
def test_convert_refuses_what_a_format_cannot_say(tmp_path, target):
    source = tmp_path / "a.conll"
    source.write_text("a O\nb B-X\n\nc _\nd ?\n")
    message = error_of("convert", source, tmp_path / "out", "--to", target)
    assert message == (
        f"{source}:4: 2 tokens not annotated, which {target} cannot hold, expected --to columns, jsonl, csv, parquet, "
        "spacy"
    )


@pytest.mark.parametrize("target", ["columns", "jsonl", "csv", "parquet", "spacy"])
def test_convert_there_and_back(tmp_path, target):
    if target in ("parquet", "spacy"):
        pytest.importorskip({"parquet": "pyarrow"}.get(target, target))
    source, between, back = tmp_path / "a.conll", tmp_path / f"b.{target}", tmp_path / "c.conll"
    source.write_text("a O\nb B-X\n\nc _\nd ?\n\ne I-X\nf -\n")
    succeed("convert", source, between, "--to", target)
    said = " ".join(succeed("convert", between, back).stderr.split())
    rows = [tuple(row.split("\t")) for row in back.read_text().splitlines() if row]
    whole = [] if target == "spacy" else [("c", "_"), ("d", "_")]  # a document without any annotation is left out
    first = "B-X" if target == "spacy" else "I-X"
    expected = [("a", "O"), ("b", "B-X"), *whole, ("e", first), ("f", "_")]
    assert [row for row in rows if len(row) == 2 and row[0] != "-DOCSTART-"] == expected
    assert ("entities are not set are left out: 1" in said) == (target == "spacy")
