"""The command `windowner serve`: what it prints, and what it refuses. `tests/adapters/service` asks the service."""

import builtins
import socket

import pytest
from serving import serving
from synthetic import error_of, invoke

from windowner.cli.serve import command

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")


def test_it_serves_on_a_free_port(tiny):
    with serving(tiny.run.folder) as service:
        status, found = service.ask("GET", "/healthz")
    assert (status, found["model"]) == (200, "run")


def test_limits_are_options(tiny):
    with serving(tiny.run.folder, "--max-text", "5", "--max-texts", "1", "--max-tokens", "2") as service:
        assert service.ask("POST", "/tag", {"text": "123456"})[1]["expected"] == "at most 5"
        assert service.ask("POST", "/tag", {"texts": ["a", "b"]})[1]["expected"] == "at most 1"
        assert service.ask("POST", "/tag", {"tokens": [["a", "b", "c"]]})[1]["expected"] == "at most 2"


def test_rules_are_an_option(tiny, tmp_path):
    rules = tmp_path / "rules.jsonl"
    rules.write_text('{"label": "VERB", "pattern": "lives"}\n', encoding="utf-8")
    with serving(tiny.run.folder, "--rules", str(rules)) as service:
        (span,) = service.ask("POST", "/tag", {"text": "We lives."})[1]["spans"]
    assert (span["label"], span["rule"]) == ("VERB", True)


def test_only_this_machine_can_reach_it_by_default():
    assert next(each.default for each in command.params if each.name == "host") == "127.0.0.1"


def test_a_port_that_is_taken(tiny):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert error_of("serve", tiny.model, "--port", str(port)).startswith(f"--host 127.0.0.1 --port {port}: ")


def test_no_model(tmp_path):
    assert "model" in error_of("serve", tmp_path / "nothing")


@pytest.mark.parametrize("option", ["--max-text=0", "--max-seconds=0", "--max-seconds=nan", "--port=70000"])
def test_limits_that_no_request_can_meet(tiny, option):
    assert invoke("serve", tiny.model, option).exit_code == 2


@pytest.mark.parametrize("library", ["starlette", "uvicorn"])
def test_a_missing_extra_is_named(tiny, monkeypatch, library):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("windowner.adapters.service.app"):
            raise ModuleNotFoundError(f"No module named {library!r}", name=library)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert error_of("serve", tiny.model) == 'a service needs starlette and uvicorn: pip install "windowner[serve]"'
