"""The labelled text that is checked: its splits, with their words, entities and lines."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from windowner.arrays import Indices
from windowner.checks.findings import Place
from windowner.text.choosing import AUTO, compare_tokenizers
from windowner.text.sentence import Corpus
from windowner.text.spans import EncodedTags, encode_tags
from windowner.text.tokenizers import Tokenizer, find_tokenizer

TRAIN = "train"
SPLITS = (TRAIN, "dev", "test")
WHITE_SPACE = "white-space"


class Entity(NamedTuple):
    """An entity: its words, its type, the number of its sentence, and its first token there."""

    words: tuple[str, ...]
    type: str
    sentence: int
    start: int


@dataclass(frozen=True)
class Split:
    """A split of the data: train, dev or test.

    Parameters
    ----------
    name
        Its name.
    corpus
        Its sentences.
    """

    name: str
    corpus: Corpus

    @cached_property
    def forms(self) -> Counter[str]:
        """Number of tokens of each distinct form."""
        return Counter(chain.from_iterable(self.corpus.tokens))

    @cached_property
    def encoded(self) -> EncodedTags:
        """The tags as arrays."""
        return encode_tags(self.corpus.tags)

    @cached_property
    def sentence_starts(self) -> Indices:
        """First token of each sentence, as a position in the corpus."""
        return np.flatnonzero(self.encoded.first)

    @cached_property
    def entities(self) -> list[Entity]:
        """All entities, in order."""
        spans = self.encoded.spans()
        numbers = np.searchsorted(self.sentence_starts, spans.start, side="right") - 1
        starts = spans.start - self.sentence_starts[numbers]
        ends = spans.end - self.sentence_starts[numbers]
        rows = zip(numbers.tolist(), starts.tolist(), ends.tolist(), spans.type_id.tolist(), strict=True)
        tokens, types = self.corpus.tokens, self.encoded.types
        return [
            Entity(tuple(tokens[number][start:end]), types[type_id], number, start)
            for number, start, end, type_id in rows
        ]

    def place(self, sentence: int, token: int = 0) -> Place:
        """Return the line of a token of a sentence."""
        return Place(self.corpus.path, self.corpus.sentences[sentence].line_of(token))

    def place_of(self, entity: Entity) -> Place:
        """Return the line where an entity starts."""
        return self.place(entity.sentence, entity.start)

    def find_forms(self, forms: Collection[str]) -> Iterator[tuple[str, Place]]:
        """Yield the tokens that have one of these forms, with their places."""
        if self.forms.keys().isdisjoint(forms):
            return
        for number, tokens in enumerate(self.corpus.tokens):
            for start, token in enumerate(tokens):
                if token in forms:
                    yield token, self.place(number, start)


@dataclass(frozen=True)
class Labelled:
    """All that is checked.

    Parameters
    ----------
    splits
        The splits, train first.
    key_to_index
        The row of each word that has a pretrained vector; None if no vectors are checked.
    tokenizer_name
        The tokenizer that splits raw text; by default the one that fits the first split best.
    """

    splits: Sequence[Split]
    key_to_index: Mapping[str, int] | None = None
    tokenizer_name: str = AUTO

    @classmethod
    def of(cls, corpora: Mapping[str, Corpus], **options: Any) -> "Labelled":
        """Take corpora by the names of their splits."""
        return cls([Split(name, corpus) for name, corpus in corpora.items()], **options)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer that splits raw text.

        One that splits at white space alone is not chosen by itself: it would fit a file whose punctuation is glued to
        its words, which is a defect.
        """
        if self.tokenizer_name != AUTO:
            return find_tokenizer(self.tokenizer_name)
        names = (found.tokenizer for found in compare_tokenizers(self.splits[0].corpus.tokens))
        return find_tokenizer(next(name for name in names if name != WHITE_SPACE))

    @cached_property
    def forms(self) -> Counter[str]:
        """Number of tokens of each distinct form, over all splits."""
        return sum((split.forms for split in self.splits), Counter())

    def places_of(self, forms: Collection[str]) -> dict[str, list[Place]]:
        """Return the places of all tokens with one of these forms, by form."""
        places: dict[str, list[Place]] = defaultdict(list)
        for split in self.splits:
            for form, place in split.find_forms(forms):
                places[form].append(place)
        return places
