"""Rates of this machine in one thread, for `benchmarks.limits`: large products, gathered rows, copied memory."""

from collections.abc import Callable

import numpy as np

from benchmarks.peers.protocol import Handler, Result, Task, serve, timed

MATRIX = 1024  # rows and columns of the product
COPY_BYTES = 1 << 28  # more than any cache holds
SECONDS = 0.3  # that each rate is measured
GATHERED = 1 << 15  # rows at a time
NEAR, FAR = (1 << 10, 150), (400_000, 50)  # rows and row length of a batch's P, and of a table of vectors


def measured_rates() -> Result:
    """Return operations per second of a product, and bytes per second (read and written) of gathers and copies."""
    return {
        "product": product_rate(),
        "near": gather_rate(*NEAR),
        "far": gather_rate(*FAR),
        "copy": copy_rate(),
    }


def product_rate() -> float:
    """Return single-precision operations per second of a large matrix product; a multiplication is one."""
    A = np.random.default_rng(0).random((MATRIX, MATRIX), dtype=np.float32)
    out = A @ A
    return 2 * MATRIX**3 * per_second(lambda: np.matmul(A, A, out=out))


def gather_rate(rows: int, size: int) -> float:
    """Return the bytes per second of reading rows at random places of a table, and writing them side by side."""
    table = np.ones((rows, size), dtype=np.float32)
    places = np.random.default_rng(0).integers(0, rows, GATHERED)
    out = table[places]
    return 2 * out.nbytes * per_second(lambda: np.take(table, places, axis=0, out=out, mode="clip"))


def copy_rate() -> float:
    """Return the bytes per second of copying memory."""
    source = np.ones(COPY_BYTES // 4, dtype=np.float32)
    target = source.copy()
    return 2 * COPY_BYTES * per_second(lambda: np.copyto(target, source))


def per_second(work: Callable[[], object]) -> float:
    """Return how often something is done per CPU second."""

    def once() -> int:
        work()
        return 1

    result = timed(once, SECONDS)
    return float(result["units"] / result["cpu_seconds"])


def set_up(_: Task) -> Handler:
    """Return the function that answers tasks, which are all the same."""
    return lambda _: measured_rates()


if __name__ == "__main__":
    serve(set_up, "numpy")
