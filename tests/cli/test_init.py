"""`windowner init`."""

import tomllib

from synthetic import error_of, invoke, succeed


def test_the_config_that_it_writes_trains(config, monkeypatch):
    monkeypatch.chdir(config.parent)
    result = succeed("init", "dev.conll", "train.conll")
    assert (result.stdout, result.stderr) == ("", "wrote mine.toml; next: windowner train mine.toml\n")
    trained = succeed("train", "mine.toml", "--vectors", "vectors.txt", "--set", "train.epochs=1")
    assert trained.stdout.splitlines()[-1].startswith("runs/mine/model.safetensors (")


def test_it_overwrites_nothing(config, monkeypatch):
    monkeypatch.chdir(config.parent)
    before = config.read_bytes()
    assert error_of("init", "train.conll", "--out", config) == (
        f"{config}: already exists, expected a new file: choose another name with --out, or remove it"
    )
    assert config.read_bytes() == before


def test_it_prints_the_config(config, monkeypatch):
    monkeypatch.chdir(config.parent)
    before = sorted(config.parent.iterdir())
    result = succeed("init", "train.conll", "--out", "-")
    assert tomllib.loads(result.stdout)["data"]["train"] == "train.conll"
    assert result.stderr == ""
    assert sorted(config.parent.iterdir()) == before


def test_mistakes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert invoke("init").exit_code == 2
    assert error_of("init", "no.conll") == "no.conll: no such file"
    assert error_of("init", "dev.conll").startswith("dev.conll: no file to train on, expected one with train in its")
    (tmp_path / "a.conll").write_text("Ana B-PER\n")
    assert error_of("init", "a.conll", "--out", "no/such/mine.toml").endswith("no such folder; make it first")
    assert [path.name for path in tmp_path.iterdir()] == ["a.conll"]
