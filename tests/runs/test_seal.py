"""The seal of a run: files of two runs, and changed files, are refused by every command, and nothing is a mixture."""

import json
import shutil

import pytest
from synthetic import error_of, invoke, succeed, train_tiny, write_unsealed

from windowner.errors import DataError
from windowner.runs.file_names import CONFIG_NAME, DEV_NAME, FINISHED_NAMES, HISTORY_NAME, METRICS_NAME, MODEL_NAME
from windowner.runs.folder import read_run
from windowner.runs.training import train

NOT_OF_THIS_RUN = "damaged, changed, or of another run: it does not agree with the digest in metrics.json"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def other(tiny, tmp_path_factory):
    """The folder of a run of another seed."""
    out = tmp_path_factory.mktemp("other") / "run"
    succeed("train", tiny.config, "--seed", "2", "--set", "train.epochs=1", "--out", out)
    return out


@pytest.fixture
def copied(tiny, tmp_path):
    return shutil.copytree(tiny.run.folder, tmp_path / "run")


@pytest.mark.parametrize("name", FINISHED_NAMES)
def test_a_report_is_no_mixture_of_two_runs(copied, other, name):
    pytest.importorskip("matplotlib")
    shutil.copy(other / name, copied / name)
    said = error_of("report", copied)
    assert NOT_OF_THIS_RUN in said
    named = HISTORY_NAME if name == METRICS_NAME else name  # the first one that does not agree with the other metrics
    assert said.startswith(str(copied / named))
    assert not (copied / "report.html").exists()


@pytest.mark.parametrize("name", [METRICS_NAME, HISTORY_NAME, DEV_NAME, MODEL_NAME])
def test_cutoffs_are_not_fitted_on_a_mixture(copied, other, name):
    shutil.copy(other / name, copied / name)
    before = (copied / MODEL_NAME).read_bytes()
    assert NOT_OF_THIS_RUN in error_of("cutoff", copied, "--target", "precision=0.5")
    assert (copied / MODEL_NAME).read_bytes() == before


@pytest.mark.parametrize("name", FINISHED_NAMES)
def test_a_training_is_not_taken_for_finished(tiny, tmp_path, other, name):
    out = tmp_path / "run"
    succeed("train", tiny.config, "--out", out)
    shutil.copy(other / name, out / name)
    assert "is finished already" not in succeed("train", tiny.config, "--out", out, "--resume").output
    for own in (CONFIG_NAME, DEV_NAME, MODEL_NAME):
        assert (out / own).read_bytes() == (tiny.run.folder / own).read_bytes()


@pytest.mark.parametrize("damage", ["cut", "value"])
@pytest.mark.parametrize("name", FINISHED_NAMES)
@pytest.mark.parametrize("command", ["eval", "suggest", "explain", "init"])
def test_other_commands_read_the_model_alone(tiny, copied, tmp_path, command, name, damage):
    """They are right, or they fail in one line."""
    path, text = copied / name, tiny.folder / "dev.conll"
    content = path.read_bytes()
    path.write_bytes(content[:-20] if damage == "cut" else content.replace(b"1", b"2"))
    arguments = {
        "eval": ["eval", "RUN", text],
        "suggest": ["suggest", "RUN", text],
        "explain": ["explain", "RUN", "--sentence", "John lives in Paris .", "--word", "1"],
        "init": ["train", tiny.config, "--init", "RUN", "--out", tmp_path / "new", "--set", "train.epochs=1"],
    }[command]
    whole, damaged = ([folder if each == "RUN" else each for each in arguments] for folder in (tiny.run.folder, copied))
    result = invoke(*damaged)
    if result.exit_code == 0:
        assert name != MODEL_NAME
        if command != "init" and "are not left out" not in result.stderr:  # a training prints times
            assert result.stdout == succeed(*whole).stdout
    else:
        assert error_of(*damaged).startswith(str(path))


def test_files_may_be_moved(copied, tiny):
    """A path in the config of a run may be changed, and nothing else."""
    config = (copied / CONFIG_NAME).read_text(encoding="utf-8")
    (copied / CONFIG_NAME).write_text(config.replace("train.conll", "moved.conll"), encoding="utf-8")
    shutil.copy(tiny.folder / "train.conll", tiny.folder / "moved.conll")
    pytest.importorskip("matplotlib")
    succeed("report", copied)
    (copied / CONFIG_NAME).write_text(config.replace("hidden = 20", "hidden = 21"), encoding="utf-8")
    assert error_of("report", copied).startswith(f"{copied / CONFIG_NAME}: {NOT_OF_THIS_RUN}")


def test_cutoffs_may_be_changed(copied):
    succeed("cutoff", copied, "--target", "precision=0.5")
    succeed("cutoff", copied, "--reset")


def test_a_run_of_an_earlier_revision_has_no_seal(copied):
    pytest.importorskip("matplotlib")
    write_unsealed(copied)
    succeed("report", copied)


def test_times_are_not_sealed(tiny, tmp_path):
    """Two trainings have other times, and the same seal."""
    again = train(tiny.config, tmp_path / "run")
    seals = [json.loads((run.folder / METRICS_NAME).read_text())["seal"] for run in (tiny.run, again)]
    assert seals[0] == seals[1]
    assert set(seals[0]) == set(FINISHED_NAMES)


DEEP = '{"a": ' * 700 + "1" + "}" * 700
"""Nested less deeply than JSON may be, and more deeply than Python code can follow."""


@pytest.mark.parametrize("name", ["metrics.json", "history.jsonl"])
@pytest.mark.parametrize(("value", "damage"), [(DEEP, "nested too deeply"), ("-1e400", "Number out of range")])
def test_values_that_have_no_digest_are_damage(copied, name, value, damage):
    """They stand under a key that is not read, so no schema refuses them."""
    path = copied / name
    path.write_text(path.read_text().replace("{", f'{{"more": {value}, ', 1))
    with pytest.raises(DataError, match=rf"{name}.*: damaged: {damage}.*; train again"):
        read_run(copied)
