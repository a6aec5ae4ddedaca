"""Three gradients of a config's network, on a few real windows, in float64: by hand, by the graph, and numeric.

Everything that training does to a batch is done here too: words read as UNK, dropout, L2. Dropout masks are drawn once,
so that the function that is checked stays the same. Some entries of each block are drawn. Of a table these are rows
that the batch touched, whose gradients are sums over repeats, and two rows that it did not touch, whose gradient must
be 0. Rows that training may not move have no gradient and are not checked.

A difference across a corner of the nonlinearity (0, for ReLU) is not a slope. So several batches are drawn, and the one
whose hidden units stay farthest from any corner is checked; a step of 1e-5 moves none of them across.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.config.config import Config
from windowner.gradients.graph import graph_loss
from windowner.graph.numeric import TOLERANCE, BlockCheck, check_gradients
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.tables import Table
from windowner.network.activations import Masks
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import dense
from windowner.runs.preparation import Prepared, prepare
from windowner.training.dropout import draw_masks, drop_rare_words
from windowner.training.observer import SILENT, Observer

SENTENCES = 3  # a batch
CANDIDATES = 20
GRAPH_TOLERANCE = 1e-12  # two exact derivations differ by roundoff alone
L2 = 1e-3  # where a config has none: the term is checked all the same


@dataclass(frozen=True)
class GradientCheck(BlockCheck):
    """A block's check, with the graph's gradient at its worst entry, and the graph's distance from the one by hand.

    `graph_error` is |hand - graph| / (|hand| + |graph|), Euclidean, over the whole block.
    """

    graph: float
    graph_error: float

    @property
    def passed(self) -> bool:
        """Whether both errors are small; one that is not a number is not."""
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
        The config; its data and vectors are read.
    sample
        Entries to check in each block, drawn with the config's seed; all are checked where there are no more.
    observer
        Hears what was read.
    tick
        Called at every evaluation of the loss, two per entry.

    Raises
    ------
    ConfigError, DataError, VectorsError
        Something that the config says or names cannot be used.
    """
    prepared = prepare(config, observer)
    network = prepared.model.network.astype(np.float64)
    candidates = [draw_candidate(network, prepared) for _ in range(CANDIDATES)]
    batch, masks = max(candidates, key=lambda candidate: corner_distance(network, *candidate))
    return check_network(network, batch, masks, config.train.l2 or L2, sample, prepared.rng, tick)


def check_network(
    network: WindowNetwork,
    batch: Batch,
    masks: Masks,
    l2: float,
    sample: int,
    rng: np.random.Generator,
    tick: Callable[[], object] = lambda: None,
) -> list[GradientCheck]:
    """Check a float64 network's gradients on a batch."""
    parameters = network.parameters
    by_hand = {name: dense(g, parameters[name].shape) for name, g in network.loss(batch, l2, masks)[1].items()}
    _, by_graph = graph_loss(network, batch, l2, masks)

    def objective(_: dict[str, Array]) -> float:  # of the network's own arrays, which the check moves
        tick()
        return network.objective(batch, l2, masks)

    entries = {
        table.parameter: _table_entries(table, batch.F[:, column], sample, rng)
        for column, table in enumerate(network.tables)
    }
    checks = check_gradients(
        lambda _: (objective(_), by_hand), parameters, loss=objective, sample=sample, rng=rng, entries=entries
    )
    trainable = {block.name: block.trainable for block in network.blocks}
    return [_with_graph(check, by_hand[check.name], by_graph[check.name], trainable[check.name]) for check in checks]


def draw_candidate(network: WindowNetwork, prepared: Prepared) -> tuple[Batch, Masks]:
    """Draw a float64 batch of a few training sentences, with some rare words read as UNK, and its dropout masks."""
    training, rng = prepared.training, prepared.rng
    text = training.text.take(rng.permutation(len(training.text.offsets) - 1)[:SENTENCES])
    batch = make_batch(text, training.F, Distinct(len(training.F)))
    batch = drop_rare_words(rng, batch, training.rare, training.unk_rate, training.word_columns)
    return batch, draw_masks(rng, network, batch, prepared.model.config.train)


def corner_distance(network: WindowNetwork, batch: Batch, masks: Masks) -> float:
    """Return how close a hidden unit comes to a corner of the nonlinearity, in any window of a batch."""
    z1 = network.forward(batch, masks).z1
    return min((float(np.abs(z1 - z).min()) for z in NONLINEARITIES[network.nonlinearity].corners), default=np.inf)


def _with_graph(check: BlockCheck, by_hand: Array, by_graph: Array, trainable: int | None) -> GradientCheck:
    """Add the graph's gradient to a check; of a table, the rows that training may move are compared."""
    hand, graph = by_hand[:trainable], by_graph[:trainable]
    scale = float(np.linalg.norm(hand) + np.linalg.norm(graph))
    error = float(np.linalg.norm(hand - graph)) / scale if scale else 0.0
    return GradientCheck(
        **asdict(check), graph=float(by_graph[check.worst]) if check.checked else 0.0, graph_error=error
    )


def _table_entries(table: Table, ids: Ids, sample: int, rng: np.random.Generator) -> Indices:
    """Draw flat indices of a table: of touched rows that may move, and of two rows that were not touched."""
    touched = np.unique(ids)
    untouched = np.setdiff1d(np.arange(len(table.E)), touched)[:2]
    rows = np.concatenate([touched[touched < table.trainable], untouched])
    entries = (rows[:, None] * table.size + np.arange(table.size)).reshape(-1)
    return entries if len(entries) <= sample else np.sort(rng.choice(entries, sample, replace=False))
