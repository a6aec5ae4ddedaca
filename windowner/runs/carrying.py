"""From a trained network to one with more rows and more tags.

    rows of the old values      the old rows            in the place that the new layout gives them
    new words and values        a pretrained vector, or as before a first training
    W, b1                       as they are
    U, b2, chain, document      the entries of the old tags; those of new tags are as before a first training

Old tags keep their order, and new ones follow. A word that training could move can still be moved. With fine-tuned
vectors, so can pretrained words of the new text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from windowner.arrays import Indices
from windowner.config.config import Config
from windowner.inputs.features import Feature
from windowner.inputs.tables import FIRST, Table
from windowner.network.model import WindowNetwork
from windowner.runs.tables import TableLayout, lay_out_tables
from windowner.tagger.model import Model
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


def carry_over(old: Model, network: WindowNetwork, names: Sequence[str]) -> None:
    """Write the parameters of a trained model into a network that has its values and tags, and more.

    Parameters
    ----------
    old
        The model.
    network
        The network, as before a first training. It is changed.
    names
        Its tags.
    """
    for table, before in zip(network.tables, old.network.tables, strict=True):
        carry_rows(before, table)
    for name in ("W", "b1"):
        network.parameters[name][...] = old.network.parameters[name]
    places = np.array([names.index(tag) for tag in old.tags.names])
    of_tags = set(network.parameters) - {table.parameter for table in network.tables} - {"W", "b1"}
    for name in of_tags:
        array, values = network.parameters[name], old.network.parameters[name]
        if name == "transition":
            array[np.ix_(places, places)] = values
        else:  # the last axis is that of the tags
            array[..., places] = values


def carry_rows(before: Table, table: Table) -> None:
    """Write the rows of a table into one that has its values, and more."""
    places: Indices = np.array([*range(FIRST), *map(table.rows.__getitem__, before.values)])
    table.E[places] = before.E
