"""Engines that cannot be opened say what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from windowner.engines.opening import open_engine
from windowner.errors import EngineError

WINDOWNER = Path(sys.executable).with_name("windowner")


def test_no_cluster_at_the_address(tmp_path):
    """In a process of its own, since in this one Ray may run."""
    pytest.importorskip("ray")
    (tmp_path / "a.txt").write_text("a\n", encoding="utf-8")
    call = [WINDOWNER, "tag", "no-model", tmp_path, "--out", tmp_path / "out", "--engine", "ray", "--address"]
    result = subprocess.run([*call, "localhost:1"], capture_output=True, text=True, check=False, env=os.environ)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(
        "error: --engine ray: no cluster at localhost:1, expected host:port of one that runs"
    )


def test_ray_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "windowner.engines.cluster", raising=False)
    with (
        pytest.raises(EngineError, match=r'^--engine ray needs the cluster extra: pip install "windowner\[cluster\]"$'),
        open_engine("ray"),
    ):
        pass


def test_an_unknown_engine():
    with pytest.raises(ValueError, match="unknown engine 'spark', expected one of local, ray"), open_engine("spark"):
        pass
