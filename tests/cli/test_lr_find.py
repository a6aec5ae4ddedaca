"""`windowner lr-find`."""

import pytest
from synthetic import error_of, invoke, succeed

pytest.importorskip("matplotlib")


def test_a_rate_is_suggested(config, tmp_path):
    picture = tmp_path / "rates.svg"
    result = succeed("lr-find", config, "--steps", "60", "--low", "1e-4", "--high", "1", "--out", picture)
    *rows, last = result.stdout.splitlines()
    assert rows[0].split() == ["learning", "rate", "loss", "smoothed"]
    assert float(rows[1].split()[0]) == pytest.approx(1e-4)
    assert last.startswith("suggested: train.learning_rate = ")
    assert 1e-4 < float(last.split("=")[1]) < 1
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_the_test_ends_where_the_loss_explodes(config):
    """With plain SGD, a rate of 10^4 throws the network away long before the last step."""
    options = ["--set", "train.optimizer=sgd", "--low", "1e-3", "--high", "1e6", "--steps", "60"]
    rows = succeed("lr-find", config, *options).stdout.splitlines()[1:-1]
    assert max(float(row.split()[0]) for row in rows) < 1e5


def test_mistakes(config):
    assert "expected 0 < low < high" in error_of("lr-find", config, "--low", "1", "--high", "0.1")
    assert error_of("lr-find", config, "--out", "rates.xyz") == (
        "--out rates.xyz: expected a name that ends in .svg or .png"
    )
    assert invoke("lr-find", config, "--steps", "3").exit_code == 2
    for rate in ("inf", "nan", "-1"):
        assert invoke("lr-find", config, "--high", rate).exit_code == 2
    assert "windowner lr-find" in succeed("lr-find", "--help").stdout
