"""Functions that spoil a part of the network: each returns a wrong part, given the right one.

`mistakes` says which part each one replaces.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import Batch
from windowner.inputs.mentions import Mentions
from windowner.network.activations import Activations
from windowner.network.chain.scores import Chain
from windowner.network.characters import FormWindows
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import Nonlinearity
from windowner.network.rows import RowGradient

Function = Callable[..., Any]


# The rows of tables


def repeats_once(right: Function) -> Function:
    """Return a function that keeps one gradient of a row that is looked up twice, as `dE[ids] = dX` does."""

    def gather_gradient(ids: Ids, dX: Array, *_: Any) -> RowGradient:
        rows, first = np.unique(ids, return_index=True)
        return RowGradient(rows, dX[first])

    return gather_gradient


def untouched_row(right: Function) -> Function:
    """Return a function that adds a small gradient for the first row that the batch did not look up."""

    def gather_gradient(ids: Ids, dX: Array, *rest: Any) -> RowGradient:
        gradient = right(ids, dX, *rest)
        untouched = np.setdiff1d(np.arange(ids.max(initial=0)), ids)[:1]
        extra = np.full((len(untouched), dX.shape[1]), 1e-6, dtype=dX.dtype)
        return RowGradient(np.append(gradient.rows, untouched), np.concatenate([gradient.values, extra]))

    return gather_gradient


# The backward pass: `WindowNetwork.backward(batch, forward, dz2, l2, masks)`


def without_l2(right: Function) -> Function:
    """Return a backward pass that leaves the gradient of L2 out."""
    return lambda network, batch, forward, dz2, l2, *masks: right(network, batch, forward, dz2, 0.0, *masks)


def without_masks(right: Function) -> Function:
    """Return a backward pass that forgets what dropout has set to 0."""
    return lambda network, batch, forward, dz2, l2, *masks: right(network, batch, forward, dz2, l2)


def l2_of_a_bias(right: Function) -> Function:
    """Return a backward pass that adds the gradient of L2 to b1, which has no L2."""

    def backward(network: WindowNetwork, batch: Batch, forward: Activations, dz2: Array, l2: float, *masks: Any) -> Any:
        gradients = right(network, batch, forward, dz2, l2, *masks)
        return {**gradients, "b1": gradients["b1"] + l2 * network.b1}

    return backward


def in_block(block: str, change: Callable[[Array], Array]) -> Callable[[Function], Function]:
    """Return a function that spoils `backward` by changing the gradient of one parameter block."""

    def spoil(right: Function) -> Function:
        def backward(*arguments: Any) -> Any:
            gradients = right(*arguments)
            return {**gradients, block: change(gradients[block])}

        return backward

    return spoil


def derivative(wrong: Callable[[Array, Array], Array]) -> Callable[[Nonlinearity], Nonlinearity]:
    """Return a function that replaces f'(z), which is computed from z and h = f(z)."""
    return lambda right: replace(right, derivative=wrong)


# The document head: `DocumentHead.backward(h, A, dz2, l2)`


def in_mentions(change: Callable[[Mentions], Mentions]) -> Callable[[Function], Function]:
    """Return a function that spoils the backward pass of the document head by a wrong matrix A."""

    def spoil(right: Function) -> Function:
        return lambda head, h, A, *rest: right(head, h, change(A), *rest)

    return spoil


# The character network: `route_to_highest(windows, a, X, dX)`


def every_highest_window(right: Function) -> Function:
    """Return a function that gives dX to every window that equals the maximum, so that repeated windows count twice."""

    def route_to_highest(windows: FormWindows, a: Array, X: Array, dX: Array) -> Array:
        da = np.empty_like(a)
        for some, forms in windows.places():
            place = windows.order[forms]
            da[some] = (dX * (X > 0))[place] * (a[some] == X[place])
        return da

    return route_to_highest


def first_window(right: Function) -> Function:
    """Return a function that gives dX to the first window of each form, whichever is the maximum."""

    def route_to_highest(windows: FormWindows, a: Array, X: Array, dX: Array) -> Array:
        da = np.zeros_like(a)
        some, forms = next(windows.places())
        da[some] = (dX * (X > 0))[windows.order[forms]]
        return da

    return route_to_highest


# The losses


def sum_for_mean(right: Function) -> Function:
    """Return a loss whose gradient is that of the sum over windows, and not that of their mean."""

    def cross_entropy(z: Array, *rest: Any) -> tuple[float, Array]:
        J, dz = right(z, *rest)
        return J, dz * len(z)

    return cross_entropy


def in_chain(change: Callable[[Chain, int], Chain]) -> Callable[[Function], Function]:
    """Return a function that spoils the loss by changing the chain's gradient, given the number of windows N."""

    def spoil(right: Function) -> Function:
        def sentence_loss(z: Array, *rest: Any) -> tuple[float, Array, Chain]:
            J, dz, dchain = right(z, *rest)
            return J, dz, change(dchain, len(z))

        return sentence_loss

    return spoil
