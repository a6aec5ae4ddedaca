"""The parameters of a window network: lookup tables, layers and chain, their blocks and their shapes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.inputs.tables import Table
from windowner.network.blocks import Block
from windowner.network.chain.scores import Chain
from windowner.network.characters import CharacterNetwork
from windowner.network.document import BIAS, OTHERS, OWN, DocumentHead
from windowner.network.embedding import Embedding


@dataclass(frozen=True)
class NetworkParameters:
    """The parameters of a window network, without its mathematics.

    Parameters
    ----------
    tables
        Lookup tables, in the order of F's columns. Gradients are computed for their trainable rows alone.
    W, b1, U, b2
        The hidden layer, (D, C, H) and (H,), and the output layer, (H, K) and (K,).
    nonlinearity
        Name of f, a key of `NONLINEARITIES`.
    chain
        Scores of neighbouring tags for the sentence-level loss. None for the word-level loss.
    document
        The output layer of words in documents. None if the network reads no documents.
    characters
        The network of a form's characters. None if no characters are read.
    """

    tables: Sequence[Table]
    W: Array
    b1: Array
    U: Array
    b2: Array
    nonlinearity: str
    chain: Chain | None = None
    document: DocumentHead | None = None
    characters: CharacterNetwork | None = None

    @property
    def blocks(self) -> list[Block]:
        """The blocks of parameters that training may change."""
        tables = [Block(table.parameter, table.group, table.E, table.trainable) for table in self.tables]
        layers = {"W": self.W, "b1": self.b1, "U": self.U, "b2": self.b2}
        head = {} if self.document is None else self.document.parameters
        scores = {} if self.chain is None else self.chain.parameters
        return [
            *tables,
            *([] if self.characters is None else self.characters.blocks),
            *(Block(name, name, array) for name, array in layers.items()),
            *(Block(name, name.partition(".")[0], array) for name, array in head.items()),  # of the groups U and b2
            *(Block(name, "chain", array) for name, array in scores.items()),
        ]

    @property
    def parameters(self) -> dict[str, Array]:
        """The array of each block, by the block's name."""
        return {block.name: block.array for block in self.blocks}

    @property
    def radius(self) -> int:
        """Words on each side of the center word."""
        return (int(self.W.shape[1]) - 1) // 2

    @property
    def table_columns(self) -> int:
        """The number of columns of X that the tables fill. Those of the characters follow."""
        return sum(table.size for table in self.tables)

    @cached_property
    def embedding(self) -> Embedding:
        """The embedding of the tables."""
        return Embedding(self.tables)

    def check_shapes(self, tags: int) -> None:
        """Raise a `ValueError` if the shapes of the parameters do not fit each other or this number of tags."""
        D, H = self.table_columns, len(self.b1)
        shapes = {}
        if self.characters is not None:
            shapes = self.characters.expected_shapes()
            D += self.characters.size
        shapes |= {"W": (D, 2 * self.radius + 1, H), "b1": (H,), "U": (H, tags), "b2": (tags,)}
        if self.document is not None:
            shapes |= {OWN: (H, tags), OTHERS: (H, tags), BIAS: (tags,)}
        if self.chain is not None:
            shapes |= {"transition": (tags, tags), "start": (tags,), "end": (tags,)}
        for name, shape in shapes.items():
            if self.parameters[name].shape != shape:
                raise ValueError(f"{name} has the shape {self.parameters[name].shape}, expected {shape}")

    def astype(self, dtype: DTypeLike) -> Self:
        """Return a copy in another precision."""
        tables = [table.with_rows(table.E.astype(dtype)) for table in self.tables]
        return replace(
            self,
            tables=tables,
            W=self.W.astype(dtype),
            b1=self.b1.astype(dtype),
            U=self.U.astype(dtype),
            b2=self.b2.astype(dtype),
            chain=None if self.chain is None else self.chain.astype(dtype),
            document=None if self.document is None else self.document.astype(dtype),
            characters=None if self.characters is None else self.characters.astype(dtype),
        )
