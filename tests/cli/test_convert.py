"""`windowner convert`."""

from pathlib import Path

import pytest
from synthetic import error_of, invoke, succeed

from windowner.formats.reading import read_corpus

CASES = Path(__file__).parents[1] / "formats" / "cases"


@pytest.mark.parametrize("name", ["b.conll", "b.conllu", "b.jsonl", "b.csv", "b.conll.gz"])
def test_the_suffix_says_the_format(tmp_path, name):
    result = succeed("convert", CASES / "07_prodigy.jsonl", tmp_path / name)
    assert result.stderr.splitlines()[0] == "12 sentences, 62 tokens, 24 entities"
    assert result.stdout == ""
    assert read_corpus(tmp_path / name).tags == read_corpus(CASES / "plain.conll").tags


def test_options_of_reading(tmp_path):
    target = tmp_path / "b.conll"
    succeed("convert", CASES / "24_mit.bio", target, "--token-column", "1", "--tag-column", "0")
    assert target.read_text() == (CASES / "plain.conll").read_text().rstrip("\n") + "\n\n"
    succeed("convert", CASES / "09_hf_int.jsonl", target, "--tag-names", "O,B-PER,I-PER,B-LOC,I-LOC")
    assert read_corpus(target).entity_types == ["LOC", "PER"]
    (tmp_path / "a.csv").write_bytes("token;tag\nRenée;B-PER\nsings;O\n".encode("cp1252"))
    succeed("convert", tmp_path / "a.csv", target, "--encoding", "cp1252")
    assert read_corpus(target).tokens == [["Renée", "sings"]]


def test_a_folder_of_standoff(tmp_path):
    result = succeed("convert", CASES / "plain.conll", tmp_path / "out", "--to", "brat")
    assert result.stderr.splitlines()[1] == "not carried over: tokens of sentences: 12"
    assert (tmp_path / "out" / "00001.ann").read_text().startswith("T1\tPER 0 3\tAna\nT2\tLOC 13 17\tRome\n")
    assert succeed("convert", tmp_path / "out", tmp_path / "b.jsonl", "--to", "spans").stderr.startswith(
        "1 document, 24"
    )


def test_mistakes(tmp_path):
    plain, target = CASES / "plain.conll", tmp_path / "b.conll"
    assert error_of("convert", tmp_path / "no", target) == f"{tmp_path / 'no'}: no such file"
    assert "the name does not say its format, expected --to columns, jsonl" in error_of(
        "convert", plain, tmp_path / "b"
    )
    assert error_of("convert", plain, tmp_path / "b.conll", "--from", "jsonl").startswith(
        f"{plain}:1: JSON is malformed"
    )
    assert invoke("convert", plain, tmp_path / "b", "--to", "tokens").exit_code == 2
    assert not list(tmp_path.iterdir())
