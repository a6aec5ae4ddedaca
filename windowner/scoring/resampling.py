"""Resamples of the bootstrap: how often each item was drawn. Sums over resamples are then one product with the counts.

Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979.
"""

from collections.abc import Iterator

import numpy as np

from windowner.arrays import Float64

CHUNK = 500
"""Resamples that are in memory at the same time, at most."""

_CELLS = 5_000_000
"""Numbers of draws that are in memory at the same time. Many items make the chunks smaller."""


def count_draws(size: int, draws: int, resamples: int, rng: np.random.Generator) -> Float64:
    """Draw with replacement from `size` items; return how often each item was drawn, (resamples, size).

    From no items, nothing is drawn.
    """
    if not size:
        return np.zeros((resamples, 0))
    drawn = rng.integers(size, size=(resamples, draws)) + size * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * size).reshape(resamples, size).astype(np.float64)


def resample_chunks(size: int, resamples: int, rng: np.random.Generator) -> Iterator[Float64]:
    """Yield resamples of `size` items, each with as many draws, in chunks that fit in memory."""
    chunk = max(1, min(CHUNK, _CELLS // max(1, size)))
    for done in range(0, resamples, chunk):
        yield count_draws(size, size, min(chunk, resamples - done), rng)
