"""The graphs that several tests look at."""

import numpy as np
import pytest

from windowner.graph.engine import backward, forward
from windowner.graph.expressions import differentiate
from windowner.graph.nodes import source
from windowner.graph.show.view import view_graph


@pytest.fixture
def lecture_view():
    """The lecture's example, (x + y) max(y, z) at x = 1, y = 2, z = 0."""
    _, values, gradients = differentiate("(x + y) * max(y, z)", {"x": 1, "y": 2, "z": 0})
    return view_graph(values, gradients)


@pytest.fixture
def window_view():
    """The lecture's window network with a word that stands twice in its window."""
    rng = np.random.default_rng(2)
    E, ids = source(rng.normal(size=(9, 4)), "E"), source(np.array([3, 8, 3, 0, 1]), "ids")
    W, b1 = source(rng.normal(size=(20, 6)), "W"), source(np.zeros(6), "b1")
    U, b2 = source(rng.normal(size=(6, 3)), "U"), source(np.zeros(3), "b2")
    x = E.gather(ids).reshape(shape=(1, 20)).named("x")
    h = (x @ W + b1).tanh().named("h")
    J = (h @ U + b2).cross_entropy(source(np.array([2]), "y")).named("J")
    values = forward(J)
    return view_graph(values, backward(J, values))
