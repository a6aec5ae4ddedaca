"""Each part of soak and growth runs at a small size. tests/benchmarks/test_scripts.py runs one part alone."""

import pytest
from synthetic import train_tiny

from benchmarks import growth, soak


@pytest.mark.parametrize("part", soak.PARTS)
def test_a_part_of_soak(part, tmp_path):
    assert soak.PARTS[part](str(tmp_path / "run"), 0.0005)


@pytest.mark.parametrize("what", growth.MEASURES)
def test_what_grows(what, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(growth, "TOKENS", 1000)
    monkeypatch.setattr(growth, "TYPE_TOKENS", 1000)
    found = growth.measure(what, 100, train_tiny(tmp_path_factory.getbasetemp()).model)
    assert found["count"] > 0
