"""From a trained network to one with more rows and more tags.

    rows of the old values      the old rows            in the place that the new layout gives them
    new words and values        a pretrained vector, or as before a first training
    W, b1, characters           as they are, with rows for new characters
    U, b2, chain, document      the entries of the old tags; those of a new tag are the mean of the old tags with its
                                prefix, so that a new type begins as an entity of any type

Old tags keep their order, and new ones follow. A word that training could move can still be moved. With fine-tuned
vectors, so can pretrained words of the new text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from windowner.arrays import Array, Indices
from windowner.config.config import Config
from windowner.inputs.alphabet import Alphabet
from windowner.inputs.features import Feature
from windowner.inputs.tables import FIRST
from windowner.network.characters import B_NAME, E_NAME, W_NAME
from windowner.network.document import BIAS, OTHERS, OWN
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
    new = lay_out_tables(config, training, others, sources, gazetteer)
    moved = old.words.values[: old.words.trainable - FIRST]
    layout = lay_out_tables(config, [*moved, *training], [*known_words(old), *others], sources, gazetteer)
    characters, alphabet = old.network.characters, new.alphabet
    if characters is not None and alphabet is not None:
        alphabet = Alphabet(_first(characters.alphabet.values, alphabet.values))
    features = [_with_old_values(old, *each) for each in new.features]
    return replace(layout, features=features, alphabet=alphabet)


def known_words(old: Model) -> Iterator[str]:
    """Yield the words of all tables of word vectors."""
    return chain.from_iterable(table.values for table in old.network.tables if table.feature is None)


def _first(known: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return distinct values, the known ones first."""
    return list(dict.fromkeys([*known, *others]))


def _with_old_values(
    old: Model, feature: Feature, values: Sequence[str], size: int
) -> tuple[Feature, Sequence[str], int]:
    """Return a feature's layout with the values of the old table first."""
    known = next(table.values for table in old.network.tables if table.feature == feature)
    return feature, _first(known, values), size


def more_types(old: Model, types: Iterable[str]) -> list[str]:
    """Return the types of a model, and the new ones behind them."""
    return _first(old.tags.types, types)


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
    new, known = network.parameters, old.network.parameters
    for table, before in zip(network.tables, old.network.tables, strict=True):
        _carry_rows(before.E, before.values, table.E, table.rows)
    if network.characters is not None and old.network.characters is not None:
        values, rows = old.network.characters.alphabet.values, network.characters.alphabet.rows
        _carry_rows(known[E_NAME], values, new[E_NAME], rows)
    for name in {"W", "b1", W_NAME, B_NAME} & set(new):
        new[name][...] = known[name]
    M = mixture(old.tags, tags)
    for name in {"U", "b2", OWN, OTHERS, BIAS, "start", "end"} & set(new):  # the last axis is that of the tags
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


def _carry_rows(known: Array, values: Iterable[str], E: Array, rows: Mapping[str, int]) -> None:
    """Write the rows of a table into one that has its values, and more.

    Parameters
    ----------
    known, values
        The old rows, and the values of rows 2, 3, ....
    E, rows
        The new rows, which are changed, and the row of each value.
    """
    places: Indices = np.array([*range(FIRST), *map(rows.__getitem__, values)])
    E[places] = known
