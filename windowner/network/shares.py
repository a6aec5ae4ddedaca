"""Shares: the difference of two tags' logits as a sum over the words of a window and their features.

    d        = z2[k] - z2[m] = h . u + b2[k] - b2[m]         u = U[:, k] - U[:, m]                    (H,)
    z1       = b1 + sum of t over c and j                    t[c, j] = X_j[word at c] @ W_j[:, c]     (C, parts, H)
    h        = s * (z1 - b1) + r                             s, r: a line per hidden unit             (H,)

    d        = sum over c and j of t[c, j] . (s * u)         the share of part j of the word at position c
               + r . u + b2[k] - b2[m]                       the share of the biases

A part is a table, or the characters. Which line? It must go through h at z1.

    relu, leaky-relu, hard-tanh      s = f'(z1)                           the line on which the unit is: exact
    tanh, sigmoid, swish             s = (f(z1) - f(b1)) / (z1 - b1)      integrated gradients from a window of zeros

For relu and leaky-relu h = f'(z1) z1, so r = s b1, and the shares are gradient times input. A unit of hard-tanh beyond
a corner has s = 0: it is constant there. Integrated gradients are t . (int_0^1 f'(b1 + a (z1 - b1)) da * u). Each
hidden unit has an integral of its own. It is the slope above, so no sum over steps is needed, and nothing remains.

Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017.
"""

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES, Nonlinearity

SHORT = 1e-5
"""Where z1 is as near to b1, the slope is f' in their middle. The quotient would be a difference of equal numbers."""


def part_columns(network: WindowNetwork) -> list[slice]:
    """Return the columns of X of each part: of the tables, and then of the characters if they are read."""
    first, last = network.table_columns, len(network.W)
    return network.embedding.parts if first == last else [*network.embedding.parts, slice(first, last)]


def window_shares(network: WindowNetwork, X: Array, u: Array) -> tuple[Array, float]:
    """Return the shares of h . u of one window, (C, parts), and what the bias b1 adds.

    Parameters
    ----------
    network
        The network.
    X
        The rows of the window's words, (C, D).
    u
        The weight of each hidden unit, (H,).
    """
    terms = [np.einsum("cd,dch->ch", X[:, part], network.W[part]) for part in part_columns(network)]
    t = np.stack(terms, axis=1)
    z1 = network.b1 + t.sum(axis=(0, 1))
    s = slopes(NONLINEARITIES[network.nonlinearity], z1, network.b1)
    r = network.hidden(z1) - s * (z1 - network.b1)
    return t @ (s * u), float(r @ u)


def slopes(f: Nonlinearity, z1: Array, b1: Array) -> Array:
    """Return s, of the shape of z1, as the module describes it."""
    h = f.value(z1)
    if f.corners:  # piecewise linear
        return f.derivative(z1, h)
    way = z1 - b1
    is_short = np.abs(way) < SHORT
    middle = b1 + way / 2
    s: Array = np.where(is_short, f.derivative(middle, f.value(middle)), (h - f.value(b1)) / np.where(is_short, 1, way))
    return s


def position_shares(network: WindowNetwork, P: Array, z1: Array, u: Array) -> Array:
    """Return the share of the words at one position, as a sum over their parts, for many windows, (N,).

    Parameters
    ----------
    network
        The network.
    P
        What the word at the position adds to z1 in each window, (N, H).
    z1
        z1 of each window, (N, H).
    u
        The weight of each hidden unit in each window, (N, H).
    """
    s = slopes(NONLINEARITIES[network.nonlinearity], z1, network.b1)
    shares: Array = np.einsum("nh,nh,nh->n", P, s, u)
    return shares
