"""From a trained network to one with more rows and more tags.

    rows of the old values      the old rows            in the place that the new layout gives them
    new words and values        a pretrained vector, or as before a first training
    W, b1                       as they are
    U, b2, chain, document      the entries of the old tags; those of a new tag are the mean of the old tags with its
                                prefix, so that a new type begins as an entity of any type

Old tags keep their order, and new ones follow. A word that training could move can still be moved. With fine-tuned
vectors, so can pretrained words of the new text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from windowner.arrays import Array, Indices
from windowner.config.config import Config
from windowner.inputs.features import Feature
from windowner.inputs.tables import FIRST, Table
from windowner.network.model import WindowNetwork
from windowner.runs.tables import TableLayout, lay_out_tables
from windowner.tagger.model import Model
from windowner.text.spans import TagTable
from windowner.vectors.loading import Vectors


def lay_out_more(
    old: Model,
    config: Config,
    training: Iterable[str],
    others: Iterable[str],
    sources: Sequence[Vectors],
) -> TableLayout:
    """Return the layout of the tables with the old values and those of new text; see `lay_out_tables`."""
    gazetteer = old.gazetteer
    training, others = list(training), list(others)
    features = lay_out_tables(config, training, others, sources, gazetteer).features
    known = chain.from_iterable(table.values for table in old.network.tables if table.feature is None)
    moved = old.words.values[: old.words.trainable - FIRST]
    layout = lay_out_tables(config, [*moved, *training], [*known, *others], sources, gazetteer)
    return replace(layout, features=[_with_old_values(old, *each) for each in features])


def _with_old_values(
    old: Model, feature: Feature, values: Sequence[str], size: int
) -> tuple[Feature, Sequence[str], int]:
    """Return a feature's layout with the values of the old table first."""
    known = next(table.values for table in old.network.tables if table.feature == feature)
    return feature, list(dict.fromkeys([*known, *values])), size


def more_types(old: Model, types: Iterable[str]) -> list[str]:
    """Return the types of a model, and the new ones behind them."""
    return list(dict.fromkeys([*old.tags.types, *types]))


def carry_over(old: Model, network: WindowNetwork, tags: TagTable) -> None:
    """Write the parameters of a trained model into a network that has its values and tags, and more.

    Parameters
    ----------
    old
        The model.
    network
        The network, as before a first training. It is changed.
    tags
        Its tags.
    """
    for table, before in zip(network.tables, old.network.tables, strict=True):
        carry_rows(before, table)
    new, known = network.parameters, old.network.parameters
    for name in ("W", "b1"):
        new[name][...] = known[name]
    M = mixture(old.tags, tags)
    of_tags = set(new) - {table.parameter for table in network.tables} - {"W", "b1", "transition"}
    for name in of_tags:  # the last axis is that of the tags
        new[name][...] = known[name] @ M.T
    if network.chain is not None:
        network.chain.transition[...] = mixed_transitions(known["transition"], old.tags, tags)


def mixture(old: TagTable, tags: TagTable) -> Array:
    """Return M, (new K, K): an old tag is itself, and a new one is the mean of the old tags with its prefix."""
    same_prefix = tags.prefixes[:, None] == old.prefixes
    same = same_prefix & (tags.type_ids[:, None] == old.type_ids)
    chosen = np.where(same.any(axis=1, keepdims=True), same, same_prefix).astype(np.float32)
    M: Array = chosen / chosen.sum(axis=1, keepdims=True)
    return M


def mixed_transitions(transition: Array, old: TagTable, tags: TagTable) -> Array:
    """Return the scores of neighbouring tags, (new K, new K). Those within a new type are the mean of those within one.

    Parameters
    ----------
    transition
        The old scores, (K, K).
    old, tags
        The old tags, and all tags. Old types have the same ids in both.
    """
    M = mixture(old, tags)
    mixed: Array = M @ transition @ M.T
    within = (old.type_ids[:, None] == old.type_ids) & (old.type_ids >= 0)
    for i, j in np.argwhere((tags.type_ids[:, None] == tags.type_ids) & (tags.type_ids >= len(old.types))[:, None]):
        pairs = within & (old.prefixes == tags.prefixes[i])[:, None] & (old.prefixes == tags.prefixes[j])
        mixed[i, j] = transition[pairs].mean()
    return mixed


def carry_rows(before: Table, table: Table) -> None:
    """Write the rows of a table into one that has its values, and more."""
    places: Indices = np.array([*range(FIRST), *map(table.rows.__getitem__, before.values)])
    table.E[places] = before.E
