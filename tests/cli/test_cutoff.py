"""`windowner cutoff`: the table, what is said of types that do not reach the target, and its undoing."""

import pytest
from synthetic import error_of, invoke, succeed, write_tiny

from windowner.tagger.tagger import Tagger


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    config = write_tiny(tmp_path_factory.mktemp("cutoff"))
    succeed("train", config, "--out", config.parent / "run")
    return config.parent / "run"


def test_cutoffs_are_kept_applied_overridden_and_removed(trained):
    dev = trained.parent / "dev.conll"
    before = succeed("tag", trained, dev).stdout
    result = succeed("cutoff", trained, "--target", "precision=0.85")
    head, *rows = result.stdout.splitlines()
    assert head.split()[:3] == ["type", "cutoff", "found"]
    assert [row.split()[0] for row in rows[:2]] == ["LOC", "PER"]
    cutoffs = Tagger.load(trained).model.cutoffs
    assert cutoffs
    assert f"{next(iter(cutoffs.values())):.3f}" in result.stdout
    after = succeed("tag", trained, dev).stdout
    assert after.count("B-") < before.count("B-")
    assert succeed("tag", trained, dev, "--min-probability", "0").stdout == before
    assert succeed("cutoff", trained, "--reset").stdout.endswith("no cutoffs of LOC, PER\n")
    assert succeed("tag", trained, dev).stdout == before


def test_only_the_types_that_are_named_change(trained):
    succeed("cutoff", trained, "--reset")
    succeed("cutoff", trained, "--target", "precision=0.85", "--types", "PER")
    assert Tagger.load(trained).model.cutoffs.keys() == {"PER"}
    succeed("cutoff", trained, "--reset", "--types", "LOC")
    assert Tagger.load(trained).model.cutoffs.keys() == {"PER"}


def test_a_target_that_is_not_reached_is_said_in_a_line(trained):
    succeed("cutoff", trained, "--reset")
    result = succeed("cutoff", trained, "--target", "precision=0.999")
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("LOC: ")]
    assert "no cutoff surely reaches 99.9 % on dev; the best one surely reaches" in line
    assert line.endswith("All types together do not reach it either: LOC gets no cutoff")
    assert Tagger.load(trained).model.cutoffs == {}


@pytest.mark.parametrize("target", ["recall=0.9", "0.9", "precision=90", "precision=x", "precision=1"])
def test_another_target_is_a_usage_error(trained, target):
    result = invoke("cutoff", trained, "--target", target)
    assert result.exit_code == 2
    assert "expected precision= and a fraction between 0 and 1, such as precision=0.9" in result.stderr


def test_what_is_no_run(tmp_path, trained):
    assert "no such folder" in error_of("cutoff", tmp_path / "none")
    assert "--types XYZ" in error_of("cutoff", trained, "--types", "XYZ")
