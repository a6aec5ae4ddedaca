"""Blocks that take a step together end where each would end alone, bit for bit."""

import numpy as np
import pytest

from windowner.network.blocks import Block
from windowner.network.rows import RowGradient
from windowner.training import together
from windowner.training.optimizers import RULES, Optimizer
from windowner.training.together import step_together

SHAPES = {"E.a": (7, 3), "E.b": (5, 3), "E.c": (6, 2), "W": (40, 5), "b1": (5,), "U": (5, 4), "b2": (4,)}


def blocks_of(parameters):
    """Tables whose last row is frozen, in the groups words and features, and blocks without rows."""
    groups = {"E.a": "words", "E.b": "features", "E.c": "features"}
    return [
        Block(name, groups.get(name, name), p, len(p) - 1 if name in groups else None) for name, p in parameters.items()
    ]


def draw_gradients(rng, names):
    """Gradients of some blocks. Those of tables have some of the trainable rows, in any order, or none."""
    gradients = {}
    for name in names:
        shape = SHAPES[name]
        if name.startswith("E."):
            rows = rng.permutation(shape[0] - 1)[: rng.integers(0, shape[0])].astype(np.int32)
            gradients[name] = RowGradient(rows, rng.normal(size=(len(rows), shape[1])).astype(np.float32))
        else:
            gradients[name] = rng.normal(size=shape).astype(np.float32)
    return gradients


@pytest.mark.parametrize("shares", [{}, {"features": 0.3}, {"words": 0.3, "features": 0.3}])
@pytest.mark.parametrize("name", RULES)
def test_together_is_alone(name, shares, monkeypatch):
    """Over several steps, of which some lack blocks. Each of the other optimizers has a single block."""
    monkeypatch.setattr(together, "SMALL", 50)  # W is large
    rng = np.random.default_rng(1)
    start = {each: rng.normal(size=shape).astype(np.float32) for each, shape in SHAPES.items()}
    joint, single = ({each: p.copy() for each, p in start.items()} for _ in range(2))
    optimizer = Optimizer(name, blocks_of(joint), shares=shares, weight_decay=0.1)
    alone = {block.name: Optimizer(name, [block], shares=shares, weight_decay=0.1) for block in blocks_of(single)}
    for names in (SHAPES, SHAPES, ["E.b", "W", "U"], ["E.a"], SHAPES):
        gradients = draw_gradients(rng, names)
        optimizer.step(gradients, 0.1)
        for each, other in alone.items():
            other.step({each: gradients[each]} if each in gradients else {}, 0.1)
    for each in SHAPES:
        assert joint[each].tobytes() == single[each].tobytes(), each
        assert (joint[each] != start[each]).any(), each
        for state, expected in zip(optimizer.state(each), alone[each].state(each), strict=True):
            np.testing.assert_array_equal(state, expected, err_msg=each)


def names_together(shares, states, **changes):
    parameters = {name: np.ones(shape, changes.get(name, np.float32)) for name, shape in SHAPES.items()}
    found = step_together(blocks_of(parameters), shares, states)
    return {share: [" ".join(block.name for block in some.blocks) for some in group] for share, group in found}


def test_tables_of_one_width_and_rate_step_together_and_so_do_small_blocks(monkeypatch):
    monkeypatch.setattr(together, "SMALL", 50)
    assert names_together({}, 2) == {1.0: ["E.a E.b", "E.c", "W", "b1 U b2"]}
    assert names_together({"words": 0.5}, 2) == {0.5: ["E.a"], 1.0: ["E.b", "E.c", "W", "b1 U b2"]}


def test_without_state_small_blocks_step_alone():
    assert names_together({}, 0) == {1.0: ["E.a E.b", "E.c", "W", "b1", "U", "b2"]}


def test_another_precision_is_another_group():
    """Else float64 numbers would be rounded, or float32 ones would become float64."""
    found = names_together({}, 1, **{"E.b": np.float64, "b1": np.float64})
    assert found == {1.0: ["E.a", "E.b", "E.c", "W U b2", "b1"]}
