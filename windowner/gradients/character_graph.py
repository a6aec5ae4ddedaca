"""The character network as a graph of gates, form by form and window by window.

    x_w = [E_c[c_w] E_c[c_w+1] E_c[c_w+2]]     (1, 75)    the rows of a window's three characters, side by side
    a_w = x_w W_c + b_c                        (1, D_c)   with W_c as (75, D_c)
    X_c = max(max(max(0, a_1), a_2), ...)      (1, D_c)   over the windows of a form; 0 without windows

It uses no incidence matrix, no distinct characters and no order of windows. Each form has nodes of its own.
"""

import numpy as np

from windowner.arrays import Ids
from windowner.graph.nodes import Node, concatenate, source
from windowner.inputs.tables import PAD
from windowner.network.characters import B_NAME, E_NAME, W_NAME, WIDTH, CharacterNetwork, Convolved


def character_sources(network: CharacterNetwork) -> dict[str, Node]:
    """Return the sources of the parameters, by their names. W is (3*25, D_c) here."""
    W = network.W.transpose(1, 0, 2).reshape(-1, network.size)
    return {E_NAME: source(network.E, E_NAME), W_NAME: source(W, W_NAME), B_NAME: source(network.b, B_NAME)}


def character_graph(network: CharacterNetwork, parameters: dict[str, Node], spelled: Ids) -> Node:
    """Return X_c, (R, D_c), of forms, given the rows of their characters, (R, COLUMNS)."""
    nothing = source(np.zeros((1, network.size)), "no windows")
    X = concatenate(*(_form(parameters, characters[characters != PAD], nothing) for characters in spelled), axis=0)
    return X.named("X_c")


def lead_of_the_highest(forward: Convolved) -> float:
    """Return the smallest distance of a maximum X_c[r, f] from the next lower one of 0 and the form's other windows.

    Windows of the same characters are one window.
    """
    windows, a = forward.windows, forward.a
    form = np.concatenate([windows.order[forms] for _, forms in windows.places()] or [windows.order[:0]])
    distinct, first = np.unique(np.column_stack([form, windows.characters]), axis=0, return_index=True)
    leads = []
    for number in np.unique(form):
        values = a[first[distinct[:, 0] == number]]
        lower, highest = np.sort(np.concatenate([values, np.zeros((1, a.shape[1]))]), axis=0)[-2:]
        leads.append(float((highest - lower).min()))
    return min(leads, default=np.inf)


def _form(parameters: dict[str, Node], characters: Ids, nothing: Node) -> Node:
    """Return the row of X_c of a form, (1, D_c), given the rows of its characters."""
    E, W, b = (parameters[name] for name in (E_NAME, W_NAME, B_NAME))
    X = nothing
    for first in range(len(characters) - WIDTH + 1):
        rows = source(characters[first : first + WIDTH], "characters")
        X = X.max(E.gather(rows).reshape(shape=(1, -1)) @ W + b)
    return X
