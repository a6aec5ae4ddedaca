"""The check of a network's gradients: by hand, by the graph and numeric, on a few real windows in float64.

    error       = |hand - numeric| / (|hand| + |numeric|)      over the checked entries of a block, see `graph.numeric`
    graph_error = |hand - graph| / (|hand| + |graph|)          over the whole block, Euclidean norms

If the true gradient is zero, as that of words that are not annotated, both are roundoff. Therefore the denominator of
graph_error is at least sqrt(entries) * ROUNDINGS * machine epsilon * L / GRAPH_TOLERANCE. An entry is a difference of
numbers up to about 1, such as probabilities. The graph computes the probabilities of a chain as exponentials of
differences of logarithms, and L is the size of the largest one. So their roundoff is L machine epsilons.

Entries of each block are drawn at random. Of a table, they lie in rows that the batch touched, and in two rows that it
did not touch. The gradients of touched rows are sums over repeats, and those of untouched rows must be 0. Frozen rows
have no gradient and are not checked.

A difference across a corner of the nonlinearity (0 for ReLU) is not a slope. The maximum over the windows of a form has
a corner where two different windows have the same value. Therefore several batches are drawn. The batch whose units are
farthest from a corner is checked. A step of 1e-5 moves none of them across a corner.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.config.config import Config
from windowner.gradients.objective import Objective, draw_objective
from windowner.graph.numeric import EPSILON, ROUNDINGS, TOLERANCE, BlockCheck, check_gradients, sample_entries
from windowner.network.characters import E_NAME
from windowner.runs.preparation import prepare
from windowner.training.observer import SILENT, Observer

CANDIDATES = 20
"""Batches that are drawn."""

GRAPH_TOLERANCE = 1e-12
"""The largest `graph_error` of a right gradient. Two exact derivations differ by roundoff alone."""


@dataclass(frozen=True)
class GradientCheck(BlockCheck):
    """The result of the check for one block.

    Attributes
    ----------
    graph : float
        The graph's gradient at the worst entry.
    graph_error : float
        The relative distance of the graph's gradient from the gradient by hand; see the module.
    """

    graph: float
    graph_error: float

    @property
    def passed(self) -> bool:
        """Whether both errors are within their tolerances. NaN is not."""
        return self.error <= TOLERANCE and self.graph_error <= GRAPH_TOLERANCE


def check_config(
    config: Config,
    sample: int = 200,
    observer: Observer = SILENT,
    tick: Callable[[], object] = lambda: None,
) -> list[GradientCheck]:
    """Check the gradient of every parameter block of a config's network.

    Parameters
    ----------
    config
        The config. Its data and vectors are read.
    sample
        Largest number of entries to check in each block. They are drawn with the config's seed.
    observer
        Takes messages about what was read.
    tick
        Called at every evaluation of the loss. There are two evaluations per entry.

    Raises
    ------
    ConfigError, DataError, VectorsError
        If a value of the config, or a file that it names, cannot be used.
    """
    prepared = prepare(config, observer)
    network = prepared.model.network.astype(np.float64)
    candidates = [draw_objective(network, prepared) for _ in range(CANDIDATES)]
    return check_objective(max(candidates, key=Objective.corner_distance), sample, prepared.rng, tick)


def check_objective(
    objective: Objective, sample: int, rng: np.random.Generator, tick: Callable[[], object] = lambda: None
) -> list[GradientCheck]:
    """Check the gradient of every parameter block of an objective; see `check_config` for the parameters."""
    network, by_hand, by_graph = objective.network, objective.by_hand(), objective.by_graph()

    def loss(_: dict[str, Array]) -> float:  # the parameters are the network's own arrays, which the check moves
        tick()
        return objective.value()

    F = objective.batch.F
    entries = {
        table.parameter: _row_entries(table.E, table.trainable, F[:, column], sample, rng)
        for column, table in enumerate(network.tables)
    }
    if network.characters is not None:
        E = network.characters.E
        entries[E_NAME] = _row_entries(E, len(E), F[:, len(network.tables) :], sample, rng)
    entries |= {
        name: sample_entries(block, sample, rng) for name, block in network.parameters.items() if name not in entries
    }
    checks = check_gradients(lambda _: (loss(_), by_hand), network.parameters, loss=loss, entries=entries)
    trainable = {block.name: block.trainable for block in network.blocks}
    rounding = ROUNDINGS * EPSILON * objective.largest_log()
    return [
        _with_graph(check, by_hand[check.name], by_graph[check.name], trainable[check.name], rounding)
        for check in checks
    ]


def _with_graph(
    check: BlockCheck, by_hand: Array, by_graph: Array, trainable: int | None, rounding: float
) -> GradientCheck:
    """Return a check with the graph's gradient. Of a table, the rows that training may move are compared.

    `rounding` is the roundoff of an entry.
    """
    hand, graph = by_hand[:trainable], by_graph[:trainable]
    floor = math.sqrt(hand.size) * rounding / GRAPH_TOLERANCE
    scale = max(float(np.linalg.norm(hand) + np.linalg.norm(graph)), floor)
    error = float(np.linalg.norm(hand - graph)) / scale if scale else 0.0
    return GradientCheck(
        **asdict(check), graph=float(by_graph[check.worst]) if check.checked else 0.0, graph_error=error
    )


def _row_entries(E: Array, trainable: int, ids: Ids, sample: int, rng: np.random.Generator) -> Indices:
    """Return flat indices of a table, drawn from the touched rows that may move and from two untouched rows."""
    touched = np.unique(ids)
    untouched = np.setdiff1d(np.arange(len(E)), touched)[:2]
    rows = np.concatenate([touched[touched < trainable], untouched])
    entries = (rows[:, None] * E.shape[1] + np.arange(E.shape[1])).reshape(-1)
    return entries if len(entries) <= sample else np.sort(rng.choice(entries, sample, replace=False))
