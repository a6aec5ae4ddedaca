"""`windowner gradcheck`."""

import json

import numpy as np
import pytest
from synthetic import error_of, invoke, succeed

from windowner.network.model import WindowNetwork

AFFIXES = [f"E.{affix}{n}" for affix in ("prefix", "suffix") for n in (2, 3)]
BLOCKS = ["E.words", "E.capitals", "E.shape", *AFFIXES, "W", "b1", "U", "b2"]


def rows(text: str) -> dict[str, list[str]]:
    return {row.split()[0]: row.split() for row in text.splitlines()[1:-1]}


def test_every_block_is_checked(config):
    result = succeed("gradcheck", config, "--sample", "20")
    assert list(rows(result.stdout)) == BLOCKS
    assert result.stdout.splitlines()[0].split()[:4] == ["block", "shape", "checked", "error"]
    assert result.stdout.splitlines()[-1].startswith("all 11 blocks")
    assert " ".join(rows(result.stdout)["W"][1:6]) == "75 x 5 x 20"  # 50 + 5 + 4 + 4 * 4; radius 2; hidden


@pytest.mark.parametrize("nonlinearity", ["tanh", "hard-tanh", "relu"])
def test_overrides_and_vectors(config, nonlinearity):
    source = f"vectors.source={config.parent}/vectors.txt"
    options = ["--set", source, "--set", "vectors.mode=fine-tuned", "--set", f"model.nonlinearity={nonlinearity}"]
    shown = succeed("gradcheck", config, "--sample", "10", *options).stdout
    assert shown.splitlines()[-1].startswith("all 11 blocks")


def test_a_wrong_gradient_fails(config, monkeypatch):
    """A bias's gradient that is too large by a millionth."""
    right = WindowNetwork.backward

    def wrong(*args, **kwargs):
        gradients = right(*args, **kwargs)
        return gradients | {"b2": gradients["b2"] * (1 + 1e-6)}

    monkeypatch.setattr(WindowNetwork, "backward", wrong)
    result = invoke("gradcheck", config, "--sample", "10")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "FAILED: b2")
    assert float(rows(result.stdout)["b2"][3]) == pytest.approx(5e-7, rel=0.1)  # 1e-6 / (2 + 1e-6)


def test_no_number_fails(config, monkeypatch):
    right = WindowNetwork.backward
    monkeypatch.setattr(
        WindowNetwork, "backward", lambda *args, **kwargs: right(*args, **kwargs) | {"U": np.full((20, 9), np.nan)}
    )
    result = invoke("gradcheck", config, "--sample", "10")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "FAILED: U")


def test_without_a_config_it_works_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = succeed("gradcheck", "--sample", "5").stdout
    assert shown.splitlines()[-1].startswith("all 14 blocks")


def test_mistakes(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert error_of("gradcheck", "no.toml") == "no.toml: no such file; expected a config in TOML"
    assert "unknown key model.radios: did you mean model.radius?" in error_of(
        "gradcheck", config, "--set", "model.radios=3"
    )
    assert invoke("gradcheck", config, "--sample", "0").exit_code == 2


@pytest.mark.parametrize("loss", ["word", "sentence"])
def test_unknown_and_soft_labels(config, tmp_path, loss):
    """A third of the words is not annotated, and every other sentence has probabilities; with a prior."""
    lines = []
    for number in range(40):
        tags = [None if (number + place) % 3 == 0 else tag for place, tag in enumerate(["B-PER", "O", "O", "B-LOC"])]
        record = {"tokens": ["Ana", "is", f"in{number}", "Rome"], "tags": tags, "weight": 1 + number % 3}
        if number % 2:
            record["tag_probabilities"] = [{"O": 0.6, "S-LOC": 0.4}] * 4
        lines.append(json.dumps(record))
    (tmp_path / "train.jsonl").write_text("\n".join(lines))
    keys = {"data.train": tmp_path / "train.jsonl", "data.entity_ratio": 0.9, "model.loss": loss}
    keys["model.nonlinearity"] = "tanh"
    options = [option for key, value in keys.items() for option in ("--set", f"{key}={value}")]
    result = succeed("gradcheck", config, "--sample", "20", *options)
    assert result.stdout.splitlines()[-1].startswith("all 1")
