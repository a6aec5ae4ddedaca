"""Resamples of the bootstrap."""

import numpy as np
import pytest

from windowner.scoring import resampling
from windowner.scoring.resampling import count_draws, resample_chunks


def test_each_resample_has_all_draws_and_each_item_is_as_likely():
    """The mean of 20,000 counts, each of variance 1 - 1/4, is within five standard deviations of 1."""
    drawn = count_draws(4, 4, 20_000, np.random.default_rng(0))
    assert (drawn.sum(axis=1) == 4).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(4), abs=5 * np.sqrt(0.75 / 20_000))
    assert drawn.var(axis=0) == pytest.approx(np.full(4, 0.75), rel=0.05)


def test_many_items_are_drawn_in_small_chunks(monkeypatch):
    monkeypatch.setattr(resampling, "_CELLS", 100)
    chunks = list(resample_chunks(30, 7, np.random.default_rng(0)))
    assert [len(chunk) for chunk in chunks] == [3, 3, 1]
    assert len(next(resample_chunks(1000, 7, np.random.default_rng(0)))) == 1
