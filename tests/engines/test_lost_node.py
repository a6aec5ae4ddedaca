"""A node of a cluster that is killed while it tags changes no file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic import succeed, train_tiny

from windowner.files import UNFINISHED

TOKENS = "John Smith lives in Paris .\n\nAnna met Omar\n"
SHARDS = 16


def contents(folder):
    """The files of a folder, without those that a killed process has not finished."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(UNFINISHED)}


def test_a_node_that_is_killed_while_it_tags(tmp_path_factory, tmp_path):
    """One of two nodes of a worker each. The other one does what the lost one had, and all that is left."""
    pytest.importorskip("ray")
    tiny = train_tiny(tmp_path_factory.getbasetemp())
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(SHARDS):
        (texts / f"{number}.conll").write_text(TOKENS.replace(" ", "\n") * (1500 + number), encoding="utf-8")
    succeed("tag", tiny.model, texts, "--out", tmp_path / "undisturbed")
    program = Path(__file__).with_name("lost_node.py")
    environment = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    command = [sys.executable, program, tiny.model, texts, tmp_path / "out"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    said = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert (said["workers"], said["failed"]) == (2, 0)
    assert said["lost"] >= 1
    assert contents(tmp_path / "out") == contents(tmp_path / "undisturbed")
