"""Planted mistakes for tests and lessons. They make the network's gradients wrong, as common programming errors do.

    with planted("L2 left out"):
        checks = check_config(config)          # the checks of W and U fail

With each of these mistakes training still lowers the loss, so only a gradient check finds them. This module names every
place of the network that a mistake depends on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import Batch
from windowner.inputs.mentions import Mentions
from windowner.network import characters, embedding, model
from windowner.network.activations import Activations
from windowner.network.chain.scores import Chain
from windowner.network.characters import FormWindows
from windowner.network.document import DocumentHead
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES, Nonlinearity
from windowner.network.rows import RowGradient

Function = Callable[..., Any]


class Mistake(NamedTuple):
    """A mistake: a part of the network, and the wrong part that replaces it.

    Parameters
    ----------
    owner
        The module, class or dict that holds the part.
    name
        The part's name there.
    spoil
        Returns the wrong part, given the right one.
    sentences
        Whether the mistake is in the sentence-level loss. The others are in the word-level loss or before it.
    documents
        Whether the mistake is in the document head.
    characters
        Whether the mistake is in the character network.
    """

    owner: Any
    name: str
    spoil: Callable[[Any], Any]
    sentences: bool = False
    documents: bool = False
    characters: bool = False


@contextmanager
def planted(mistake: str) -> Iterator[None]:
    """Replace a part of the network by a wrong one while the body of a `with` statement runs, in this process alone.

    Parameters
    ----------
    mistake : str
        A key of `MISTAKES`.

    Raises
    ------
    ValueError
        If there is no such mistake.
    """
    if mistake not in MISTAKES:
        raise ValueError(f"no mistake {mistake!r}; the mistakes are {', '.join(MISTAKES)}")
    owner, name, spoil, *_ = MISTAKES[mistake]
    right = owner[name] if isinstance(owner, dict) else getattr(owner, name)
    _put(owner, name, spoil(right))
    try:
        yield
    finally:
        _put(owner, name, right)


def _put(owner: Any, name: str, part: Any) -> None:
    if isinstance(owner, dict):
        owner[name] = part
    else:
        setattr(owner, name, part)


# The rows of tables


def _repeats_once(right: Function) -> Function:
    """Return a function that keeps one gradient of a row that is looked up twice, as `dE[ids] = dX` does."""

    def gather_gradient(ids: Ids, dX: Array, *_: Any) -> RowGradient:
        rows, first = np.unique(ids, return_index=True)
        return RowGradient(rows, dX[first])

    return gather_gradient


def _untouched_row(right: Function) -> Function:
    """Return a function that adds a small gradient for the first row that the batch did not look up."""

    def gather_gradient(ids: Ids, dX: Array, *rest: Any) -> RowGradient:
        gradient = right(ids, dX, *rest)
        untouched = np.setdiff1d(np.arange(ids.max(initial=0)), ids)[:1]
        extra = np.full((len(untouched), dX.shape[1]), 1e-6, dtype=dX.dtype)
        return RowGradient(np.append(gradient.rows, untouched), np.concatenate([gradient.values, extra]))

    return gather_gradient


# The backward pass: `WindowNetwork.backward(batch, forward, dz2, l2, masks)`


def _without_l2(right: Function) -> Function:
    return lambda network, batch, forward, dz2, l2, *masks: right(network, batch, forward, dz2, 0.0, *masks)


def _without_masks(right: Function) -> Function:
    return lambda network, batch, forward, dz2, l2, *masks: right(network, batch, forward, dz2, l2)


def _l2_of_a_bias(right: Function) -> Function:
    def backward(network: WindowNetwork, batch: Batch, forward: Activations, dz2: Array, l2: float, *masks: Any) -> Any:
        gradients = right(network, batch, forward, dz2, l2, *masks)
        return {**gradients, "b1": gradients["b1"] + l2 * network.b1}

    return backward


def _in_block(block: str, change: Callable[[Array], Array]) -> Callable[[Function], Function]:
    """Return a function that spoils `backward` by changing the gradient of one parameter block."""

    def spoil(right: Function) -> Function:
        def backward(*arguments: Any) -> Any:
            gradients = right(*arguments)
            return {**gradients, block: change(gradients[block])}

        return backward

    return spoil


def _derivative(wrong: Callable[[Array, Array], Array]) -> Callable[[Nonlinearity], Nonlinearity]:
    """Return a function that replaces f'(z), which is computed from z and h = f(z)."""
    return lambda right: replace(right, derivative=wrong)


# The document head: `DocumentHead.backward(h, A, dz2, l2)`


def _in_mentions(change: Callable[[Mentions], Mentions]) -> Callable[[Function], Function]:
    """Return a function that spoils the backward pass of the document head by a wrong matrix A."""

    def spoil(right: Function) -> Function:
        return lambda head, h, A, *rest: right(head, h, change(A), *rest)

    return spoil


# The character network: `route_to_highest(windows, a, X, dX)`


def _every_highest_window(right: Function) -> Function:
    """Return a function that gives dX to every window that equals the maximum, so that repeated windows count twice."""

    def route_to_highest(windows: FormWindows, a: Array, X: Array, dX: Array) -> Array:
        da = np.empty_like(a)
        for some, forms in windows.places():
            place = windows.order[forms]
            da[some] = (dX * (X > 0))[place] * (a[some] == X[place])
        return da

    return route_to_highest


def _first_window(right: Function) -> Function:
    """Return a function that gives dX to the first window of each form, whichever is the maximum."""

    def route_to_highest(windows: FormWindows, a: Array, X: Array, dX: Array) -> Array:
        da = np.zeros_like(a)
        some, forms = next(windows.places())
        da[some] = (dX * (X > 0))[windows.order[forms]]
        return da

    return route_to_highest


# The losses


def _sum_for_mean(right: Function) -> Function:
    def cross_entropy(z: Array, *rest: Any) -> tuple[float, Array]:
        J, dz = right(z, *rest)
        return J, dz * len(z)

    return cross_entropy


def _in_chain(change: Callable[[Chain, int], Chain]) -> Callable[[Function], Function]:
    """Return a function that spoils the loss by changing the chain's gradient, given the number of windows N."""

    def spoil(right: Function) -> Function:
        def sentence_loss(z: Array, *rest: Any) -> tuple[float, Array, Chain]:
            J, dz, dchain = right(z, *rest)
            return J, dz, change(dchain, len(z))

        return sentence_loss

    return spoil


MISTAKES: dict[str, Mistake] = {
    "a repeated row counted once": Mistake(embedding, "gather_gradient", _repeats_once),
    "a gradient for an untouched row": Mistake(embedding, "gather_gradient", _untouched_row),
    "L2 left out": Mistake(WindowNetwork, "backward", _without_l2),
    "L2 of a bias, which has none": Mistake(WindowNetwork, "backward", _l2_of_a_bias),
    "dropout forgotten in the backward pass": Mistake(WindowNetwork, "backward", _without_masks),
    "dW of reversed positions": Mistake(WindowNetwork, "backward", _in_block("W", lambda dW: dW[:, ::-1])),
    "dW divided by the words per window": Mistake(
        WindowNetwork, "backward", _in_block("W", lambda dW: dW / dW.shape[1])
    ),
    "dU too large by 0.05 %": Mistake(WindowNetwork, "backward", _in_block("U", lambda dU: dU * 1.0005)),
    "tanh' forgotten": Mistake(NONLINEARITIES, "tanh", _derivative(lambda z, h: np.ones_like(h))),
    "tanh' as 1 - h": Mistake(NONLINEARITIES, "tanh", _derivative(lambda z, h: 1 - h)),
    "other mentions forgotten in the backward pass": Mistake(
        DocumentHead,
        "backward",
        _in_mentions(lambda A: replace(A, tokens=A.tokens[:0], groups=A.groups[:0])),
        documents=True,
    ),
    "sum of other mentions for their mean in A.T": Mistake(
        DocumentHead, "backward", _in_mentions(lambda A: replace(A, counts=np.full_like(A.counts, 2))), documents=True
    ),
    "n for n - 1 in A.T": Mistake(
        DocumentHead, "backward", _in_mentions(lambda A: replace(A, counts=A.counts + 1)), documents=True
    ),
    "every window that equals the maximum takes all": Mistake(
        characters, "route_to_highest", _every_highest_window, characters=True
    ),
    "the first window takes all": Mistake(characters, "route_to_highest", _first_window, characters=True),
    "sum for mean": Mistake(model, "cross_entropy", _sum_for_mean),
    "sum for mean in the chain": Mistake(
        model, "sentence_loss", _in_chain(lambda dchain, N: dchain.scaled(N)), sentences=True
    ),
    "transitions transposed": Mistake(
        model,
        "sentence_loss",
        _in_chain(lambda dchain, N: replace(dchain, transition=dchain.transition.T)),
        sentences=True,
    ),
}
"""The mistakes by name. Mistakes of tanh, L2 or dropout show only in a network that has tanh, L2 or dropout."""
