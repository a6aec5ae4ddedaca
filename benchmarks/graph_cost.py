"""What a backward pass costs against its forward pass, from 10 to 100,000 nodes: `make bench-lecture`.

The graph is a chain of `x = tanh(x * a + x)`. Every x feeds two gates, so that the number of paths from input to output
doubles with each link. Prints a Markdown table.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import click
import numpy as np
from tqdm import tqdm

from docs.pages import table
from windowner.graph.engine import backward, forward
from windowner.graph.nodes import Node, source

LENGTHS = (10, 100, 1_000, 10_000, 100_000)
LINK = 4  # nodes per link: a, *, + and tanh
SECONDS = 0.05  # that a measurement lasts at least


def chain(nodes: int, size: int) -> Node:
    """Return the output of a chain of `nodes` nodes, 2 or more, each an array of `size` numbers."""
    rng = np.random.default_rng(0)
    links, rest = divmod(nodes - 2, LINK)  # two nodes are the first x and the mean
    x = source(rng.normal(size=size))
    for _ in range(links):
        x = (x * source(rng.normal(size=size)) + x).tanh()
    for _ in range(rest):
        x = x.tanh()
    return x.mean()


def seconds(call: Callable[[], object]) -> float:
    """Time a call, repeated until a round is long enough."""
    calls, start = 0, perf_counter()
    while (end := perf_counter()) - start < SECONDS or not calls:
        call()
        calls += 1
    return (end - start) / calls


@click.command()
@click.option("--rounds", default=7, show_default=True, help="Measurements of each direction, in turns.")
@click.option("--size", default=1, show_default=True, help="Numbers per node.")
@click.option("--nodes", "lengths", multiple=True, default=LENGTHS, show_default=True, help="Nodes; repeatable.")
def main(rounds: int, size: int, lengths: tuple[int, ...]) -> None:
    """Print the table."""
    rows = []
    for nodes in tqdm(lengths, disable=None):
        output = chain(nodes, size)
        values = forward(output)
        times = [
            (seconds(lambda: forward(output)), seconds(lambda: backward(output, values)))  # noqa: B023 (called at once)
            for _ in range(rounds)
        ]
        ratio = median(back / forth for forth, back in times)
        forth, back = (1000 * median(column) for column in zip(*times, strict=True))
        per_node = 1000 * back / len(values)
        rows.append([f"{len(values):,}", f"{forth:,.3g}", f"{back:,.3g}", f"{ratio:.2f}", f"{per_node:.2f}"])
    heads = ("nodes", "forward, ms", "backward, ms", "backward / forward", "backward, µs per node")
    click.echo(table(heads, rows, text_columns=0))


if __name__ == "__main__":
    main()
