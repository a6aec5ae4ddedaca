"""A network before training. Its weights are drawn in a fixed order from one generator."""

from collections.abc import Sequence

import numpy as np

from windowner.arrays import Float32
from windowner.inputs.alphabet import Alphabet
from windowner.inputs.tables import Table
from windowner.network.chain.scores import Chain
from windowner.network.characters import WIDTH, CharacterNetwork
from windowner.network.document import DocumentHead
from windowner.network.initializers import INITIALIZERS, uniform
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.settings import ModelSettings

NEW_ROW_DEVIATION = 0.1
"""Standard deviation of table rows without a pretrained vector."""


CHARACTER_SIZE = 25
"""Dimensions of a character."""


def new_rows(rng: np.random.Generator, count: int, size: int) -> Float32:
    """Return table rows for values without a pretrained vector, (count, size)."""
    return uniform(rng, (count, size), NEW_ROW_DEVIATION)


def build_network(
    rng: np.random.Generator,
    tables: Sequence[Table],
    tags: int,
    settings: ModelSettings,
    characters: CharacterNetwork | None = None,
) -> WindowNetwork:
    """Return a network before training.

    Parameters
    ----------
    rng
        Draws W, then U, then the document head.
    tables
        The lookup tables with their first values. The network uses these tables without copying them.
    tags
        Number of tags K.
    settings
        The `[model]` section.
    characters
        The network of a form's characters with its first values. None if no characters are read.
    """
    D = sum(table.size for table in tables) + (0 if characters is None else characters.size)
    C, H = 2 * settings.radius + 1, settings.hidden
    if H == "auto":
        raise ValueError('model.hidden is "auto", expected a number (`runs.network_size`)')
    automatic = NONLINEARITIES[settings.nonlinearity].initializer
    initializer = automatic if settings.initializer == "auto" else settings.initializer
    return WindowNetwork(
        tables=tables,
        W=INITIALIZERS[initializer](rng, (D, C, H), C * D, H),
        b1=np.zeros(H, dtype=np.float32),
        U=_output_layer(rng, H, tags),
        b2=np.zeros(tags, dtype=np.float32),
        nonlinearity=settings.nonlinearity,
        chain=Chain.zeros(tags) if settings.loss == "sentence" else None,
        document=_document_head(rng, H, tags) if settings.document == "on" else None,
        characters=characters,
    )


def draw_characters(rng: np.random.Generator, alphabet: Alphabet, filters: int) -> CharacterNetwork:
    """Return a character network before training, with this many filters."""
    E = new_rows(rng, len(alphabet), CHARACTER_SIZE)
    W = INITIALIZERS["he"](rng, (CHARACTER_SIZE, WIDTH, filters), WIDTH * CHARACTER_SIZE, filters)
    return CharacterNetwork(alphabet, E, W, np.zeros(filters, dtype=np.float32))


def _output_layer(rng: np.random.Generator, H: int, K: int) -> Float32:
    return INITIALIZERS["glorot-uniform"](rng, (H, K), H, K)


def _document_head(rng: np.random.Generator, H: int, K: int) -> DocumentHead:
    """Return a head whose two matrices are drawn as U is."""
    own, others = (_output_layer(rng, H, K) for _ in range(2))
    return DocumentHead(own, others, np.zeros(K, dtype=np.float32))
