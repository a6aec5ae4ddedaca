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

from windowner.gradients.spoiling import (
    derivative,
    every_highest_window,
    first_window,
    in_block,
    in_chain,
    in_mentions,
    l2_of_a_bias,
    repeats_once,
    sum_for_mean,
    untouched_row,
    without_l2,
    without_masks,
)
from windowner.network import characters, embedding, model
from windowner.network.document import DocumentHead
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES


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


MISTAKES: dict[str, Mistake] = {
    "a repeated row counted once": Mistake(embedding, "gather_gradient", repeats_once),
    "a gradient for an untouched row": Mistake(embedding, "gather_gradient", untouched_row),
    "L2 left out": Mistake(WindowNetwork, "backward", without_l2),
    "L2 of a bias, which has none": Mistake(WindowNetwork, "backward", l2_of_a_bias),
    "dropout forgotten in the backward pass": Mistake(WindowNetwork, "backward", without_masks),
    "dW of reversed positions": Mistake(WindowNetwork, "backward", in_block("W", lambda dW: dW[:, ::-1])),
    "dW divided by the words per window": Mistake(
        WindowNetwork, "backward", in_block("W", lambda dW: dW / dW.shape[1])
    ),
    "dU too large by 0.05 %": Mistake(WindowNetwork, "backward", in_block("U", lambda dU: dU * 1.0005)),
    "tanh' forgotten": Mistake(NONLINEARITIES, "tanh", derivative(lambda z, h: np.ones_like(h))),
    "tanh' as 1 - h": Mistake(NONLINEARITIES, "tanh", derivative(lambda z, h: 1 - h)),
    "other mentions forgotten in the backward pass": Mistake(
        DocumentHead,
        "backward",
        in_mentions(lambda A: replace(A, tokens=A.tokens[:0], groups=A.groups[:0])),
        documents=True,
    ),
    "sum of other mentions for their mean in A.T": Mistake(
        DocumentHead, "backward", in_mentions(lambda A: replace(A, counts=np.full_like(A.counts, 2))), documents=True
    ),
    "n for n - 1 in A.T": Mistake(
        DocumentHead, "backward", in_mentions(lambda A: replace(A, counts=A.counts + 1)), documents=True
    ),
    "every window that equals the maximum takes all": Mistake(
        characters, "route_to_highest", every_highest_window, characters=True
    ),
    "the first window takes all": Mistake(characters, "route_to_highest", first_window, characters=True),
    "sum for mean": Mistake(model, "cross_entropy", sum_for_mean),
    "sum for mean in the chain": Mistake(
        model, "sentence_loss", in_chain(lambda dchain, N: dchain.scaled(N)), sentences=True
    ),
    "transitions transposed": Mistake(
        model,
        "sentence_loss",
        in_chain(lambda dchain, N: replace(dchain, transition=dchain.transition.T)),
        sentences=True,
    ),
}
"""The mistakes by name. Mistakes of tanh, L2 or dropout show only in a network that has tanh, L2 or dropout."""
