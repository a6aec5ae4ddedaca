"""`windowner check`: what it prints, its exit status, its JSON."""

import json

import pytest
from synthetic import error_of, invoke, succeed

TRAIN = "Rome\tB-LOC\nis\tO\nbig\tO\n\nBo,\tB-PER\nis\tO\n\n" + "".join(f"Bo\tB-PER\nx{n}\tO\n\n" for n in range(20))
DEV = "Rome\tB-LOC\nis\tO\nbig\tO\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "train.conll").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "dev.conll").write_text(DEV, encoding="utf-8")
    return tmp_path


def test_each_check_with_its_lines_and_its_fix(files):
    output = succeed("check", files / "train.conll", files / "dev.conll").stdout
    assert f"train: {files / 'train.conll'}, 22 sentences, 45 tokens, 22 entities" in output
    assert "repeated-sentences: sentences that are both in train and in dev or test" in output
    (line,) = [line for line in output.splitlines() if "is in train and dev" in line]
    assert line.split() == [f"{files / 'dev.conll'}:1", "2", '"Rome', "is", 'big"', "is", "in", "train", "and", "dev"]
    assert "Remove them from train." in output
    assert output.splitlines()[-1] == "4 findings of 4 checks; --json FILE writes all of them, with all lines"


def test_names_say_which_file_is_which(files):
    output = succeed("check", files / "dev.conll", files / "train.conll").stdout
    assert output.startswith(f"train: {files / 'train.conll'}")
    (files / "a").write_text(DEV)
    for data in (["a", "dev.conll"], ["dev.conll"], ["dev.conll", "a"]):  # without a train, the order counts
        assert succeed("check", *(files / name for name in data)).stdout.startswith(f"train: {files / data[0]}")


def test_clean_text(files):
    (files / "clean.conll").write_text("so\tO\nit\tO\nis\tO\n")
    result = succeed("check", files / "clean.conll", "--strict")
    assert result.stdout.splitlines()[1:] == ["no findings"]


def test_strict_fails_only_if_something_is_found(files):
    assert invoke("check", files / "dev.conll", "--strict").exit_code == 1  # rare-types
    assert invoke("check", files / "dev.conll").exit_code == 0
    assert succeed("check", files / "dev.conll", "--strict", "--skip", "rare-types").stdout.endswith("no findings\n")
    assert invoke("check", files / "dev.conll", "--skip", "rare").exit_code == 2


def test_json_holds_everything(files):
    succeed("check", files / "train.conll", files / "dev.conll", "--json", files / "found.json")
    content = json.loads((files / "found.json").read_text(encoding="utf-8"))
    assert content["files"] == {name: str(files / f"{name}.conll") for name in ("train", "dev")}
    (repeated,) = [result for result in content["results"] if result["check"] == "repeated-sentences"]
    assert repeated["fix"] == "Remove them from train."
    assert repeated["findings"] == [
        {
            "found": '"Rome is big" is in train and dev',
            "file": str(files / "dev.conll"),
            "line": 1,
            "count": 2,
            "places": [f"{files / 'dev.conll'}:1", f"{files / 'train.conll'}:1"],
        }
    ]


def test_json_alone(files):
    assert json.loads(succeed("check", files / "dev.conll", "--json", "-").stdout)["results"]


def test_a_config_names_files_columns_and_vectors(tiny):
    output = succeed("check", tiny.config).stdout
    assert [line.split(":")[0] for line in output.splitlines()[:3]] == ["train", "dev", "test"]
    output = succeed("check", tiny.config, "--vectors", tiny.folder / "vectors.txt").stdout
    assert "of the tokens have no vector" in output.splitlines()[0]


def test_a_config_names_its_tokenizer(files):
    config = files / "white.toml"
    config.write_text('[data]\ntrain = "train.conll"\ndev = "dev.conll"\ntokenizer = "white-space"\n', encoding="utf-8")
    assert "tokenization" not in succeed("check", config).stdout
    assert '"Bo,"; the tokenizer makes "Bo" ","' in succeed("check", files / "train.conll").stdout


def test_vectors_that_lack_many_words(files):
    (files / "vectors.txt").write_text("rome 1 2\nis 3 4\n", encoding="utf-8")
    output = succeed("check", files / "dev.conll", "--vectors", files / "vectors.txt").stdout
    assert "33.3% of the tokens have no vector" in output.splitlines()[0]
    assert f"{files / 'dev.conll'}:3" in output


def test_a_token_cannot_colour_the_terminal(files):
    (files / "evil.conll").write_text("a\x1b[31m\tB-X\n", encoding="utf-8")
    assert "\x1b" not in succeed("check", files / "evil.conll").stdout


def test_mistakes_of_the_user(files):
    assert "no such file" in error_of("check", files / "none.conll")
    assert invoke("check").exit_code == 2
    assert invoke("check", *[files / "dev.conll"] * 4).exit_code == 2
    assert "one config, or files" in invoke("check", files / "a.toml", files / "dev.conll").stderr
