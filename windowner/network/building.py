"""A network before training: every table and weight drawn or copied, in a fixed order, from one generator."""

from collections.abc import Mapping

import numpy as np

from windowner.arrays import Float32
from windowner.network.chain.scores import Chain
from windowner.network.initializers import INITIALIZERS, uniform
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.settings import ModelSettings

NEW_ROW_DEVIATION = 0.1


def new_rows(rng: np.random.Generator, count: int, size: int) -> Float32:
    """Return table rows for what has no pretrained vector, (count, size)."""
    return uniform(rng, (count, size), NEW_ROW_DEVIATION)


def build_network(
    rng: np.random.Generator,
    words: Float32,
    trainable: int,
    features: Mapping[str, tuple[int, int]],
    tags: int,
    settings: ModelSettings,
    bags: Mapping[str, tuple[int, int, int]] | None = None,
    sets: Mapping[str, tuple[Float32, int]] | None = None,
) -> WindowNetwork:
    """Return a network before training.

    Parameters
    ----------
    rng
        Source of everything that is drawn.
    words
        Table of word vectors, (V, D_1); it is used as it is, not copied.
    trainable
        How many of its first rows training may move.
    features
        Shape (V_j, D_j) of each feature's table, by name.
    tags
        Number of tags K.
    settings
        The `[model]` section.
    bags
        Shape (V_j, D_j) of each table of bags, and its columns of F, by name. Their rows start at 0, so that what
        training never met adds nothing.
    sets
        Tables of further word vectors, used as they are, and how many of their first rows training may move, by name.
    """
    bags, sets = bags or {}, sets or {}
    tables = {"words": words, **{name: table for name, (table, _) in sets.items()}}
    tables |= {name: new_rows(rng, *shape) for name, shape in features.items()}
    tables |= {name: np.zeros(shape, dtype=np.float32) for name, (*shape, _) in bags.items()}
    D = sum(table.shape[1] for table in tables.values())
    C, H = 2 * settings.radius + 1, settings.hidden
    suited = NONLINEARITIES[settings.nonlinearity].initializer
    initializer = suited if settings.initializer == "auto" else settings.initializer
    return WindowNetwork(
        tables=tables,
        W=INITIALIZERS[initializer](rng, (D, C, H), C * D, H),
        b1=np.zeros(H, dtype=np.float32),
        U=INITIALIZERS["glorot-uniform"](rng, (H, tags), H, tags),
        b2=np.zeros(tags, dtype=np.float32),
        nonlinearity=settings.nonlinearity,
        trainable={
            **{name: len(table) for name, table in tables.items()},
            **{name: rows for name, (_, rows) in sets.items()},
            "words": trainable,
        },
        smoothing=settings.label_smoothing,
        chain=Chain.zeros(tags) if settings.loss == "sentence" else None,
        bags={name: columns for name, (_, _, columns) in bags.items()},
    )
