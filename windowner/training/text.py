"""The text that a network is trained on, and its batches in random order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Bools, Ids, Indices
from windowner.inputs.batches import Batch, make_batches
from windowner.inputs.encoding import EncodedText
from windowner.inputs.labels import EntityRatio
from windowner.training.dropout import drop_rare_words
from windowner.training.order import FRAGMENT, fragment_order


@dataclass(frozen=True)
class TrainingText:
    """The text that a network is trained on.

    Parameters
    ----------
    text
        The encoded sentences, with tags.
    F
        Table rows of all its forms, (forms, tables).
    rare
        Whether the word of each row is rare, for those rows of the first table of word vectors that the text can touch.
    unk_rate
        Probability that a rare word is read as UNK.
    word_columns
        Columns of F that belong to tables of word vectors.
    documents
        First sentence of each document, and the number of sentences at the end, for a network that reads documents.
        None for others.
    prior
        What is expected of the words that are not annotated. None if nothing is.
    sets
        The sets of tags that numbers below 0 stand for (`inputs.labels`). None if they stand for no annotation.
    """

    text: EncodedText
    F: Ids
    rare: Bools
    unk_rate: float
    word_columns: Sequence[int] = (0,)
    documents: Indices | None = None
    prior: EntityRatio | None = None
    sets: Bools | None = None

    def complete(self, batch: Batch) -> Batch:
        """Return a batch with what holds for all batches of the text: the prior, and the sets of tags."""
        if self.prior is None and self.sets is None:
            return batch
        return replace(batch, prior=self.prior, sets=self.sets)

    def shuffled(self, rng: np.random.Generator) -> tuple[EncodedText, Indices | None]:
        """Return the text in random order, and the sentences before which it may be cut; None for all sentences."""
        lengths = np.diff(self.text.offsets)
        if self.documents is None:
            return self.text.take(rng.permutation(len(lengths))), None
        order, edges = fragment_order(rng, lengths, self.documents, FRAGMENT)
        return self.text.take(order), edges


class Batches:
    """The batches of one epoch: pieces of the text in random order.

    Batches are made when the iteration reaches them.

    Parameters
    ----------
    training
        The training text.
    size
        Windows per batch, about.
    rng
        Draws the order and the rare words that are read as UNK.
    """

    def __init__(self, training: TrainingText, size: int, rng: np.random.Generator):
        self.training, self.rng = training, rng
        self.text, edges = training.shuffled(rng)
        self.cuts = self.text.cuts(size, edges)

    def __len__(self) -> int:
        return len(self.cuts)

    def __iter__(self) -> Iterator[Batch]:
        training = self.training
        for batch in make_batches(self.text, self.cuts, training.F):
            batch = drop_rare_words(self.rng, batch, training.rare, training.unk_rate, training.word_columns)
            yield training.complete(batch)
