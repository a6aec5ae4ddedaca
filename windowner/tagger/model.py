"""Model: all that training produces and a file holds, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from windowner.config.config import Config
from windowner.inputs.forms import FormEncoder
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.tables import Table
from windowner.network.chain.decoding import Decoder
from windowner.network.model import WindowNetwork
from windowner.tagger.rules.rules import Rules
from windowner.text.choosing import DEFAULT
from windowner.text.legal import legal_transitions
from windowner.text.spans import TagTable


@dataclass(frozen=True, eq=False)
class Model:
    """A network, and what it takes to tag with it.

    `dataclasses.replace(model, threshold=0.5)` returns a changed one. While a network is trained, its arrays change in
    place, and a model that holds it tags as the network is at the moment.

    Parameters
    ----------
    network
        The network, with its lookup tables.
    tags
        Names of its K tags.
    config
        What it was trained with.
    gazetteer
        Names whose matches are features, or None.
    temperature
        All scores are divided by it for probabilities (see `network.chain.temperature`).
    threshold
        Subtracted from O's score before decoding, in nats; positive means more entities.
    tokenizer
        Name of what finds the tokens of raw text.
    provenance
        What else its file says: data, vectors, versions, the epoch that was kept.
    cutoffs
        Least probability of the entities of a type; those below are left out. A type that is missing has none.
    rules
        Rules that stand beside the network, or None.
    """

    network: WindowNetwork
    tags: TagTable
    config: Config
    gazetteer: Gazetteer | None = None
    temperature: float = 1.0
    threshold: float = 0.0
    tokenizer: str = DEFAULT
    provenance: Mapping[str, Any] = field(default_factory=dict)
    cutoffs: Mapping[str, float] = field(default_factory=dict)
    rules: Rules | None = None

    @property
    def reads_documents(self) -> bool:
        """Whether the logits of a word depend on its other mentions in its document."""
        return self.network.document is not None

    @property
    def words(self) -> Table:
        """The first table of word vectors; its values are the words of the rows 2, 3, ..."""
        return next(table for table in self.network.tables if table.group == "words")

    @cached_property
    def encoder(self) -> FormEncoder:
        """What turns forms into table rows."""
        characters = self.network.characters
        alphabet = None if characters is None else characters.alphabet
        return FormEncoder(self.network.tables, self.gazetteer, alphabet)

    @cached_property
    def decoder(self) -> Decoder:
        """What turns logits into tags."""
        return Decoder(
            legality=legal_transitions(self.tags.names, self.config.data.scheme),
            chain=self.network.chain,
            posterior=self.config.model.decoding == "posterior",
            outside=self.tags.names.index("O"),
            threshold=self.threshold,
        )
