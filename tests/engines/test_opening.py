"""Engines that cannot be opened."""

import pytest

from windowner.engines.opening import open_engine
from windowner.errors import EngineError


def test_no_cluster_at_the_address():
    pytest.importorskip("ray")
    with pytest.raises(EngineError, match=r"^--engine ray: no cluster at nowhere-at-all, expected host:port"):
        next(open_engine("ray", address="nowhere-at-all").gen)


def test_an_unknown_engine():
    with pytest.raises(ValueError, match="unknown engine 'spark', expected one of local, ray"), open_engine("spark"):
        pass
