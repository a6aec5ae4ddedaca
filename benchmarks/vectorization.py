"""The same gradient four ways, from a loop to distinct forms: `make bench-lecture`.

    loop over words     z1 = b1 + sum_c x_c W_c, one small product a word
    loop over windows   z1 = x W + b1, x the five words side by side, one product a window
    flattened batch     Z1 = X W + b1, X (N, C*D), one product a batch
    distinct forms      P = X W, X (R, D), each form once; Z1 = S P + b1: the package

All look vectors and features up and return the gradients of W, b1, U, b2 and of every table. They are first shown to
agree; then they take turns, round after round, so that what else the machine does hits all alike. Prints a Markdown
table of windows a second.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import windowner
from windowner.gradients.check import in_float64
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.network.losses import cross_entropy
from windowner.network.model import Gradients, WindowNetwork
from windowner.network.rows import RowGradient, dense, gather_gradient
from windowner.runs.preparation import prepare

CONFIG = Path(__file__).parents[1] / "studies" / "lecture" / "base.toml"
OVERRIDES = ['data.test=""', "vectors.keep=0", "vectors.mode=fine-tuned"]
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-4}
SECONDS = 0.2  # a round of a method lasts at least

Array = NDArray[Any]
Method = Callable[[WindowNetwork, Batch], Gradients]


def distinct_forms(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the package's gradients."""
    return network.loss(batch)[1]


def flattened(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the gradients of one product for all windows, each with its words side by side."""
    D, C, H = network.W.shape
    F = window_rows(batch, C)  # (N, C, tables)
    W = flat(network.W)
    x = network.embed(F.reshape(-1, F.shape[2])).reshape(-1, C * D)
    h = np.tanh(x @ W + network.b1)
    _, dz2 = cross_entropy(h @ network.U + network.b2, batch.y)
    dz1 = (dz2 @ network.U.T) * (1 - h * h)
    dx = (dz1 @ W.T).reshape(-1, D)
    tables: Gradients = {
        f"E.{name}": gather_gradient(F[:, :, j].reshape(-1), np.ascontiguousarray(dx[:, columns]))
        for j, (name, columns) in enumerate(slices(network).items())
    }
    dW = (x.T @ dz1).reshape(C, D, H).transpose(1, 0, 2)
    return {**tables, "W": dW, "b1": dz1.sum(axis=0), "U": h.T @ dz2, "b2": dz2.sum(axis=0)}


def loop_over_windows(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the gradients of one product a window."""
    D, C, H = network.W.shape
    W = flat(network.W)
    total = Totals(network, dW=np.zeros_like(W))
    for F, y in zip(window_rows(batch, C), batch.y, strict=True):
        x = network.embed(F).reshape(-1)
        h = np.tanh(x @ W + network.b1)
        dz1 = total.output_layer(h, y, len(batch))
        total.dW += np.outer(x, dz1)
        for rows, dx in zip(F, (W @ dz1).reshape(C, D), strict=True):
            total.look_up(rows, dx)
    return total.gradients(total.dW.reshape(C, D, H).transpose(1, 0, 2))


def loop_over_words(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the gradients of one product a word."""
    C = network.W.shape[1]
    W = np.ascontiguousarray(network.W.transpose(1, 0, 2))  # (C, D, H)
    total = Totals(network, dW=np.zeros_like(W))
    for F, y in zip(window_rows(batch, C), batch.y, strict=True):
        words = [network.embed(rows[None])[0] for rows in F]
        z1 = network.b1
        for x, W_c in zip(words, W, strict=True):
            z1 = z1 + x @ W_c
        dz1 = total.output_layer(np.tanh(z1), y, len(batch))
        for c, (rows, x) in enumerate(zip(F, words, strict=True)):
            total.dW[c] += np.outer(x, dz1)
            total.look_up(rows, W[c] @ dz1)
    return total.gradients(total.dW.transpose(1, 0, 2))


class Totals:
    """Gradients that a loop over windows adds up."""

    def __init__(self, network: WindowNetwork, dW: Array):
        self.network, self.dW, self.slices = network, dW, slices(network)
        self.db1, self.dU, self.db2 = (np.zeros_like(p) for p in (network.b1, network.U, network.b2))
        self.rows: dict[str, dict[int, Array]] = {name: {} for name in network.tables}

    def output_layer(self, h: Array, y: int, windows: int) -> Array:
        """Add what one window gives to U and the biases; return its dz1."""
        network = self.network
        _, dz2 = cross_entropy((h @ network.U + network.b2)[None], np.array([y]))
        dz2 = dz2[0] / windows
        dz1: Array = (network.U @ dz2) * (1 - h * h)
        self.db1 += dz1
        self.dU += np.outer(h, dz2)
        self.db2 += dz2
        return dz1

    def look_up(self, rows: Array, dx: Array) -> None:
        """Add what one word gives to its row of each table."""
        for row, (name, columns) in zip(rows.tolist(), self.slices.items(), strict=True):
            sums = self.rows[name]
            sums[row] = sums[row] + dx[columns] if row in sums else dx[columns].copy()

    def gradients(self, dW: Array) -> Gradients:
        """Return all gradients."""
        tables: Gradients = {
            f"E.{name}": RowGradient(np.array(sorted(sums)), np.array([sums[row] for row in sorted(sums)]))
            for name, sums in self.rows.items()
        }
        return {**tables, "W": dW, "b1": self.db1, "U": self.dU, "b2": self.db2}


METHODS: dict[str, Method] = {
    "loop over windows and words": loop_over_words,
    "one product a window": loop_over_windows,
    "flattened batch, (N, C·D) @ W": flattened,
    "distinct forms, the package": distinct_forms,
}


def window_rows(batch: Batch, C: int) -> Array:
    """Return the table rows of every word of every window, (N, C, tables)."""
    return batch.F[batch.S.columns // C]


def flat(W: Array) -> Array:
    """Return W, (D, C, H), as the lecture has it: (C*D, H)."""
    return np.ascontiguousarray(W.transpose(1, 0, 2)).reshape(-1, W.shape[2])


def slices(network: WindowNetwork) -> dict[str, slice]:
    """Return each table's columns of X."""
    edges = np.cumsum([0, *(E.shape[1] for E in network.tables.values())]).tolist()
    return {name: slice(*edges[j : j + 2]) for j, name in enumerate(network.tables)}


def batches(size: int, dtype: Any) -> tuple[WindowNetwork, Batch]:
    """Return an untrained network and a batch of real windows."""
    prepared = prepare(windowner.load_config(CONFIG, OVERRIDES))
    text, table = prepared.training.text, prepared.training.F
    first, last = text.cuts(size)[0]
    network = prepared.members[0] if dtype is np.float32 else in_float64(prepared.members[0])
    return network, make_batch(text.sentences(first, last), table, Distinct(len(table)))


def check_agreement(size: int) -> None:
    """Raise an error unless all methods return the package's gradients."""
    for dtype, tolerance in TOLERANCE.items():
        network, batch = batches(size, dtype)
        expected = distinct_forms(network, batch)
        for name, method in METHODS.items():
            found = method(network, batch)
            for block, p in network.parameters.items():
                one, other = dense(expected[block], p.shape), dense(found[block], p.shape)
                error = np.linalg.norm(one - other) / (np.linalg.norm(one) + np.linalg.norm(other))
                if not error < tolerance:
                    raise click.ClickException(f"{name}, {block}: {error:.1e} from the package in {np.dtype(dtype)}")


def windows_per_second(method: Method, network: WindowNetwork, batch: Batch) -> float:
    """Time a method, repeated until a round is long enough."""
    calls, start = 0, perf_counter()
    while (end := perf_counter()) - start < SECONDS or not calls:
        method(network, batch)
        calls += 1
    return calls * len(batch) / (end - start)


def measure(size: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Return each method's windows a second, and its ratio to the first method's of the same round; medians."""
    network, batch = batches(size, np.float32)
    speeds = [
        {name: windows_per_second(method, network, batch) for name, method in METHODS.items()}
        for _ in tqdm(range(rounds), desc=f"batches of {size:,}", disable=None)
    ]
    slowest = next(iter(METHODS))
    return {name: (median(s[name] for s in speeds), median(s[name] / s[slowest] for s in speeds)) for name in METHODS}


@click.command()
@click.option("--rounds", default=9, show_default=True, help="Measurements of each method, in turns.")
@click.option("--size", "sizes", multiple=True, default=(256, 2048), show_default=True, help="Windows a batch.")
def main(rounds: int, sizes: tuple[int, ...]) -> None:
    """Check that all agree, and print the table."""
    with threadpool_limits(limits=1, user_api="blas"):
        check_agreement(min(sizes))
        results = [measure(size, rounds) for size in sizes]
    print(f"| windows a second | {' | '.join(f'batches of {size:,} | ratio' for size in sizes)} |")
    print(f"| --- | {' | '.join('---: | ---:' for _ in sizes)} |")
    for name in METHODS:
        cells = (f"{speed:,.0f} | {ratio:.1f}" for speed, ratio in (result[name] for result in results))
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
