"""Nearest neighbours by the cosine of the angle between vectors.

cos[w, v] = x_w . x_v / (|x_w| |x_v|)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Float32, Indices
from windowner.errors import VectorsError
from windowner.vectors.loading import Vectors

QUERIES = 256  # at a time, so that their cosines with all other words fit in memory


class Neighbour(NamedTuple):
    """A word, and the cosine between its vector and that of the word that was asked for."""

    word: str
    cosine: float


def nearest(queries: Array, table: Array, count: int) -> Indices:
    """Return the places of the `count` rows of a table with the largest cosine to each query, (queries, count)."""
    count = min(count, len(table))
    directions, places = _unit(table).T, np.empty((len(queries), count), dtype=np.intp)
    for first in range(0, len(queries), QUERIES):
        block = slice(first, first + QUERIES)
        cosines = _unit(queries[block]) @ directions
        near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(cosines, near, axis=1), axis=1, kind="stable")
        places[block] = np.take_along_axis(near, order, axis=1)
    return places


def find_neighbours(words: Sequence[str], array: Array, rows: Sequence[int], count: int) -> list[list[Neighbour]]:
    """Return the `count` nearest other words of each of some rows, the nearest first.

    Parameters
    ----------
    words
        V words.
    array
        Their vectors, (V, D).
    rows
        Rows of the words that are asked for.
    count
        Number of neighbours of each.
    """
    queries = array[rows]
    found = []
    for row, query, places in zip(rows, queries, nearest(queries, array, count + 1).tolist(), strict=True):
        others = [place for place in places if place != row][:count]
        cosines = _unit(array[others]) @ _unit(query[None])[0]
        found.append([Neighbour(words[place], cosine) for place, cosine in zip(others, cosines.tolist(), strict=True)])
    return found


def pretrained_part(words: Sequence[str], array: Float32, movable: int, vectors: Vectors) -> tuple[list[int], Float32]:
    """Return the rows whose words have a pretrained vector, and these vectors, (rows, D).

    Words that training could not move still have their pretrained vector. If one of them has another, `vectors` are not
    those that training started from.

    Parameters
    ----------
    words
        V words of a trained table.
    array
        Their vectors, (V, k D): those of the k networks of an ensemble, side by side.
    movable
        Number of the first words that training could move.
    vectors
        The vectors that training started from.

    Raises
    ------
    VectorsError
        `vectors` are others.
    """
    known = [row for row, word in enumerate(words) if word in vectors]
    before = vectors.rows([vectors.key_to_index[words[row]] for row in known])
    unmoved = np.array(known, dtype=np.intp) >= movable
    first_network = array[known, : vectors.vector_size]
    if array.shape[1] % vectors.vector_size or not np.array_equal(before[unmoved], first_network[unmoved]):
        raise VectorsError(f"{vectors.source}: other vectors than those that training started from")
    return known, before


def _unit(rows: Array) -> Array:
    unit: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit
