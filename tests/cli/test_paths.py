"""Which parameters of commands may be addresses: their types say so, and docs/scaling.md lists them."""

import re
from pathlib import Path

import click
import pytest
from command_parameters import PATHS, label
from synthetic import invoke

from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.stores.address import Address

ROOT = Path(__file__).parents[2]
UNTYPED = ("graph", "MODEL")
"""`windowner graph` has one list of arguments, which are a model, a config or inputs."""


def test_every_path_says_whether_it_may_be_an_address():
    assert len(PATHS) > 50
    assert [label(*each) for each in PATHS if not isinstance(each[1].type, LocalPath)] == []


def test_the_docs_list_what_may_be_an_address():
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*`) \| ([^|]*) \|$", page.split("may be addresses")[1], re.MULTILINE)
    listed = {
        (name, each) for names, what in rows for name in re.findall("`([^`]*)`", names) for each in names_in(what)
    }
    typed = {(name, label(name, parameter)) for name, parameter in PATHS if isinstance(parameter.type, PathOrAddress)}
    assert listed == typed | {UNTYPED}


def names_in(text: str) -> list[str]:
    return re.findall(r"--[\w-]+|[A-Z_]{2,}", text)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [each for each in PATHS if not isinstance(each[1].type, PathOrAddress)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_other_paths_refuse_addresses(name, parameter):
    with pytest.raises(click.BadParameter) as caught:
        parameter.type.convert("ftp://me:word@host/a", parameter, None)
    assert caught.value.message == "ftp://host/a: an address, expected a path of this machine; copy it here first"


def test_the_type_of_a_path(tmp_path):
    url = "s3://bucket/a"
    assert PathOrAddress().convert(url, None, None) == Address(url)
    for kind in (LocalPath(), PathOrAddress()):
        assert kind.convert(tmp_path.as_uri(), None, None) == tmp_path
        assert kind.convert("./a", None, None) == Path("a")
    assert LocalPath(path_type=str).convert("./a", None, None) == "./a"


def test_a_refusal_is_a_usage_error_without_credentials():
    result = invoke("card", "ftp://me:word@host/run")
    assert result.exit_code == 2
    assert "Invalid value for 'RUN': ftp://host/run: an address, expected a path of this machine" in result.stderr
    surplus = invoke("card", "run", "ftp://me:word@host/run")
    assert "Got unexpected extra argument (ftp://host/run)" in surplus.stderr
    assert "word" not in result.output + surplus.output


@pytest.mark.parametrize("key", ["data.train", "data.dev", "vectors.source", "features.gazetteers", "model.rules"])
def test_configs_refuse_addresses(config, key):
    value = '["ftp://me:word@host/a"]' if key == "features.gazetteers" else "ftp://me:word@host/a"
    result = invoke("gradcheck", config, "--set", f"{key}={value}")
    assert result.exit_code == 1
    assert "'ftp://host/a': an address, expected a path of this machine; copy it here first" in result.stderr
    assert "word@" not in result.output
