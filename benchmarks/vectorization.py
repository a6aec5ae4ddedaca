"""The same gradient four ways, from a loop to distinct forms: `make bench-lecture`.

    loop over words     z1 = b1 + sum_c x_c W_c, one small product per word
    loop over windows   z1 = x W + b1, x the five words side by side, one product per window
    flattened batch     Z1 = X W + b1, X (N, C*D), one product per batch
    distinct forms      P = X W, X (R, D), each form once; Z1 = S P + b1: the package

All four look vectors and features up, and return the gradients of W, b1, U, b2 and of every table. They are first shown
to agree. Then they take turns, round after round, so that other work on the machine slows all of them alike. Prints a
Markdown table of windows per CPU second.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import click
import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import windowner
from docs.pages import table
from studies.lecture.trials import BASE
from windowner.arrays import Array, Ids
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.network.blocks import Gradients
from windowner.network.losses import cross_entropy
from windowner.network.model import WindowNetwork
from windowner.network.rows import RowGradient, dense, gather_gradient
from windowner.runs.preparation import prepare

OVERRIDES = ('data.test=""', "vectors.keep=0", "vectors.mode=fine-tuned", "model.document=off")
TOLERANCE = {"float64": 1e-12, "float32": 1e-4}
SECONDS = 0.2  # that a round of a method lasts at least

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
    _, dz2 = cross_entropy(h @ network.U + network.b2, tags_of(batch))
    dz1 = (dz2 @ network.U.T) * (1 - h * h)
    dx = (dz1 @ W.T).reshape(-1, D)
    tables: Gradients = {
        name: sum_by_row(F[:, :, j].reshape(-1), np.ascontiguousarray(dx[:, columns]))
        for j, (name, columns) in enumerate(slices(network).items())
    }
    dW = (x.T @ dz1).reshape(C, D, H).transpose(1, 0, 2)
    return {**tables, "W": dW, "b1": dz1.sum(axis=0), "U": h.T @ dz2, "b2": dz2.sum(axis=0)}


def sum_by_row(rows: Ids, dx: Array) -> RowGradient:
    """Return the gradient of a table of which rows were looked up, (N*C,), given dx, (N*C, D_j)."""
    return gather_gradient(rows, dx, Distinct(int(rows.max())))


def loop_over_windows(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the gradients of one product per window."""
    D, C, H = network.W.shape
    W = flat(network.W)
    total = Totals(network, dW=np.zeros_like(W))
    for F, y in zip(window_rows(batch, C), tags_of(batch).tolist(), strict=True):
        x = network.embed(F).reshape(-1)
        h = np.tanh(x @ W + network.b1)
        dz1 = total.output_layer(h, y, len(batch))
        total.dW += np.outer(x, dz1)
        for rows, dx in zip(F, (W @ dz1).reshape(C, D), strict=True):
            total.look_up(rows, dx)
    return total.gradients(total.dW.reshape(C, D, H).transpose(1, 0, 2))


def loop_over_words(network: WindowNetwork, batch: Batch) -> Gradients:
    """Return the gradients of one product per word."""
    C = network.W.shape[1]
    W = np.ascontiguousarray(network.W.transpose(1, 0, 2))  # (C, D, H)
    total = Totals(network, dW=np.zeros_like(W))
    for F, y in zip(window_rows(batch, C), tags_of(batch).tolist(), strict=True):
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
    """Gradients that a loop over windows sums."""

    def __init__(self, network: WindowNetwork, dW: Array):
        self.network, self.dW, self.slices = network, dW, slices(network)
        self.db1, self.dU, self.db2 = (np.zeros_like(p) for p in (network.b1, network.U, network.b2))
        self.rows: dict[str, dict[int, Array]] = {name: {} for name in self.slices}

    def output_layer(self, h: Array, y: int, windows: int) -> Array:
        """Add a window's gradients of U and the biases; return its dz1."""
        network = self.network
        _, dz2 = cross_entropy((h @ network.U + network.b2)[None], np.array([y]))
        dz2 = dz2[0] / windows
        dz1: Array = (network.U @ dz2) * (1 - h * h)
        self.db1 += dz1
        self.dU += np.outer(h, dz2)
        self.db2 += dz2
        return dz1

    def look_up(self, rows: Array, dx: Array) -> None:
        """Add a word's gradients to its row of each table."""
        for row, (name, columns) in zip(rows.tolist(), self.slices.items(), strict=True):
            sums = self.rows[name]
            sums[row] = sums[row] + dx[columns] if row in sums else dx[columns].copy()

    def gradients(self, dW: Array) -> Gradients:
        """Return all gradients."""
        tables: Gradients = {
            name: RowGradient(np.array(sorted(sums)), np.array([sums[row] for row in sorted(sums)]))
            for name, sums in self.rows.items()
        }
        return {**tables, "W": dW, "b1": self.db1, "U": self.dU, "b2": self.db2}


METHODS: dict[str, Method] = {
    "loop over windows and words": loop_over_words,
    "one product per window": loop_over_windows,
    "flattened batch, (N, C·D) @ W": flattened,
    "distinct forms, the package": distinct_forms,
}


def tags_of(batch: Batch) -> Ids:
    """Return the tags of a batch, (N,)."""
    if batch.y is None:
        raise ValueError("the batch has no tags")
    return batch.y


def window_rows(batch: Batch, C: int) -> Array:
    """Return the table rows of every word of every window, (N, C, tables)."""
    return batch.F[batch.S.columns // C]


def flat(W: Array) -> Array:
    """Return W, (D, C, H), in the lecture's shape: (C*D, H)."""
    return np.ascontiguousarray(W.transpose(1, 0, 2)).reshape(-1, W.shape[2])


def slices(network: WindowNetwork) -> dict[str, slice]:
    """Return each table's columns of X, by the name of its parameter."""
    return {table.parameter: columns for table, columns in zip(network.tables, network.embedding.parts, strict=True)}


class Problem(NamedTuple):
    """An untrained network and a batch of real windows."""

    network: WindowNetwork
    batch: Batch

    def in_float64(self) -> "Problem":
        """Return the problem in double precision."""
        return Problem(self.network.astype(np.float64), self.batch)


def problem(config: Path, keys: Sequence[str], size: int) -> Problem:
    """Return the network of a config, and a batch of about this many windows of its training text."""
    prepared = prepare(windowner.load_config(config, [*OVERRIDES, *keys]))
    text, forms = prepared.training.text, prepared.training.F
    first, last = text.cuts(size)[0]
    return Problem(prepared.members[0], make_batch(text.sentences(first, last), forms, Distinct(len(forms))))


def check_agreement(problem: Problem) -> None:
    """Raise an error unless all methods return the package's gradients, in double and in single precision."""
    for network, batch in (problem.in_float64(), problem):
        precision = network.W.dtype.name
        expected = distinct_forms(network, batch)
        for name, method in METHODS.items():
            found = method(network, batch)
            for block, p in network.parameters.items():
                right, other = dense(expected[block], p.shape), dense(found[block], p.shape)
                error = np.linalg.norm(right - other) / (np.linalg.norm(right) + np.linalg.norm(other))
                if not error < TOLERANCE[precision]:
                    raise click.ClickException(f"{name}, {block}: {error:.1e} from the package in {precision}")


def windows_per_second(method: Method, problem: Problem, least_seconds: float) -> float:
    """Time a method, repeated until a round is long enough."""
    calls, start = 0, process_time()
    while (end := process_time()) - start < least_seconds or not calls:
        method(*problem)
        calls += 1
    return calls * len(problem.batch) / (end - start)


def measure(problem: Problem, rounds: int, least_seconds: float) -> dict[str, tuple[float, float]]:
    """Return each method's windows per CPU second, and its ratio to the first method's in the same round; medians."""
    speeds = [
        {name: windows_per_second(method, problem, least_seconds) for name, method in METHODS.items()}
        for _ in tqdm(range(rounds), desc=f"batches of {len(problem.batch):,}", disable=None)
    ]
    slowest = next(iter(METHODS))
    return {name: (median(s[name] for s in speeds), median(s[name] / s[slowest] for s in speeds)) for name in METHODS}


@click.command()
@click.option("--rounds", default=9, show_default=True, help="Measurements of each method, in turns.")
@click.option("--seconds", default=SECONDS, show_default=True, help="Seconds that a measurement lasts at least.")
@click.option("--size", "sizes", multiple=True, default=(256, 2048), show_default=True, help="Windows per batch.")
@click.option("--config", type=click.Path(path_type=Path), default=BASE, help="Config of the network, with tanh.")
@click.option("--set", "keys", multiple=True, help="section.key=value of the config; repeatable.")
def main(rounds: int, seconds: float, sizes: tuple[int, ...], config: Path, keys: tuple[str, ...]) -> None:
    """Check that all methods agree, and print the table."""
    problems = [problem(config, keys, size) for size in sizes]
    with threadpool_limits(limits=1, user_api="blas"):
        check_agreement(problems[0])
        results = [measure(each, rounds, seconds) for each in problems]
    heads = [head for size in sizes for head in (f"batches of {size:,}", "ratio")]
    rows = [
        [name, *(cell for result in results for cell in (f"{result[name][0]:,.0f}", f"{result[name][1]:.1f}"))]
        for name in METHODS
    ]
    click.echo(table(["windows per CPU second", *heads], rows))


if __name__ == "__main__":
    main()
