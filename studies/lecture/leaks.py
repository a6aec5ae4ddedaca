"""Three ways in which a right gradient vanishes or explodes: `make lecture`.

    sigmoid     windows of wikigold, W times a factor: the share of local gradients below 0.01, and the norm of the
                gradient of W
    ReLU        the same with b1 lowered: the share of dead units, and the norm of the gradient of W
    products    a chain z_t = z_(t-1) A: the norm of dJ/dz_t, which each step back multiplies by A.T

The gradients of the first two are those of the network, and those of the third are those of the computation graph.
"""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from matplotlib.axes import Axes
from threadpoolctl import threadpool_limits

from docs.pages import docs_option, table, write
from studies.lecture.pictures import GRADIENT, SERIES, VALUE, save, sheet
from studies.lecture.trials import WORDS_ONLY, settings
from windowner.arrays import Array, Float64
from windowner.graph.engine import backward, forward
from windowner.graph.gates import dense
from windowner.graph.nodes import source
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import dense as row_dense
from windowner.runs.preparation import prepare
from windowner.training.diagnostics import FLAT, stuck_units

SENTENCES = 200
FACTORS = (1, 3, 10, 30, 100, 300)
SHIFTS = (0, 1, 2, 3, 4, 6)
SIZES, LENGTH, UNITS = (0.8, 1.0, 1.2), 50, 100
SEED = 0


class Leak(NamedTuple):
    """What is measured at one value of a knob: the share of flat local gradients or of dead units, and |dW|."""

    flat: float
    norm: float


def measure(untrained: tuple[WindowNetwork, Batch], W: Array, b1: Array) -> Leak:
    """Return what the hidden layer of a network does with other weights. ReLUs are counted by unit: dead or not."""
    network, batch = replace(untrained[0], W=W, b1=b1), untrained[1]
    z1 = network.preactivations(network.embed(batch.F), batch.S)
    h = network.forward(batch).h
    _, gradients = network.loss(batch)
    derivative = NONLINEARITIES[network.nonlinearity].derivative(z1, h)
    is_relu = network.nonlinearity == "relu"
    flat = stuck_units(network, z1, h) if is_relu else float(np.mean(np.abs(derivative) < FLAT))
    return Leak(flat, float(np.linalg.norm(row_dense(gradients["W"], W.shape))))


def load_untrained(nonlinearity: str, keys: tuple[str, ...]) -> tuple[WindowNetwork, Batch]:
    """Return an untrained network, and the windows of the first training sentences."""
    chosen = (*WORDS_ONLY, f"model.nonlinearity={nonlinearity}", "model.loss=word", *keys)
    prepared = prepare(settings(chosen, SEED))
    text = prepared.training.text.sentences(0, SENTENCES)
    F = prepared.training.F
    return prepared.members[0], make_batch(text, F, Distinct(len(F)))


def gradient_norms(size: float) -> Float64:
    """Return |dJ/dz_t| / |dJ/dz_T| for t = 0 to T.

    The entries of A are independent. Its largest |eigenvalue| is about `size`.
    """
    rng = np.random.default_rng(SEED)
    A = source(rng.normal(scale=size / np.sqrt(UNITS), size=(UNITS, UNITS)), "A")
    states = [source(rng.normal(size=(1, UNITS)), "z0")]
    for _ in range(LENGTH):
        states.append(states[-1] @ A)
    J = (states[-1] * rng.normal(size=(1, UNITS))).sum()
    gradients = backward(J, forward(J))
    norms = np.array([np.linalg.norm(dense(gradients[state])) for state in states])
    shares: Float64 = norms / norms[-1]
    return shares


def draw(sigmoid: list[Leak], relu: list[Leak], products: dict[float, Float64], path: Path) -> None:
    """Draw the three experiments side by side."""
    figure, (first, second, third) = sheet(11.4, 3.8, columns=3)
    _draw_leak(first, FACTORS, sigmoid, "local gradients below 0.01")
    first.set(title="saturated sigmoids", xlabel="W times", xscale="log")
    _draw_leak(second, SHIFTS, relu, "dead units")
    second.set(title="dead ReLUs", xlabel="subtracted from b1")
    for (size, norms), color in zip(products.items(), SERIES, strict=False):
        third.plot(range(LENGTH, -1, -1), norms, color=color, label=f"{size:g}")
    third.set(title="products of matrices", xlabel="steps back", ylabel="|dJ/dz|, share of the last", yscale="log")
    third.legend(frameon=False, title="size of A")
    save(figure, path)


def _draw_leak(axes: Axes, knob: tuple[float, ...], leaks: list[Leak], kind: str) -> None:
    """Draw the norm of the gradient as a share of the first one, and the share of stuck units."""
    shares = [leak.norm / leaks[0].norm for leak in leaks]
    axes.plot(knob, shares, color=GRADIENT, marker=".", label="|dW|, share of the first")
    axes.plot(knob, [leak.flat for leak in leaks], color=VALUE, marker=".", label=f"{kind}, share")
    axes.set(ylim=(-0.03, 1.45))
    axes.legend(frameon=False, fontsize=9, loc="upper right")


@click.command()
@docs_option
@click.option("--set", "keys", multiple=True, help="section.key=value of all networks; repeatable.")
def main(docs: Path, keys: tuple[str, ...]) -> None:
    """Measure, draw, and write the tables."""
    with threadpool_limits(limits=1, user_api="blas"):
        networks = {name: load_untrained(name, keys) for name in ("sigmoid", "relu")}
        layers = {name: (network.W, network.b1) for name, (network, _) in networks.items()}
        W, b1 = layers["sigmoid"]
        sigmoid = [measure(networks["sigmoid"], (factor * W).astype(W.dtype), b1) for factor in FACTORS]
        W, b1 = layers["relu"]
        relu = [measure(networks["relu"], W, (b1 - shift).astype(b1.dtype)) for shift in SHIFTS]
        products = {size: gradient_norms(size) for size in SIZES}
    draw(sigmoid, relu, products, docs / "lecture" / "leaks.svg")
    page = docs / "lecture.md"
    write(page, "leak-sigmoid", leak_table("W times", "local gradients below 0.01, %", FACTORS, sigmoid))
    write(page, "leak-relu", leak_table("subtracted from b1", "dead units, %", SHIFTS, relu))
    steps = (10, 25, LENGTH)
    rows = [[f"{size:g}", *(f"{norms[LENGTH - back]:.1e}" for back in steps)] for size, norms in products.items()]
    heads = ("size of A", *(f"{back} steps back" for back in steps))
    write(page, "leak-products", table(heads, rows))


def leak_table(knob: str, flat: str, values: tuple[float, ...], leaks: list[Leak]) -> str:
    """Return a table with a row for each value of the knob."""
    rows = [
        [f"{value:g}", f"{100 * leak.flat:.0f}", f"{leak.norm:.1e}"] for value, leak in zip(values, leaks, strict=True)
    ]
    return table((knob, flat, "norm of the gradient of W"), rows)


if __name__ == "__main__":
    main()
