"""What a model predicts for sentences: tags with their probabilities, and entities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Bools, Ids, Indices
from windowner.inputs.encoding import EncodedText
from windowner.network.chain.marginals import log_marginals, span_probabilities
from windowner.network.chain.scores import Chain
from windowner.network.projections import Projections
from windowner.tagger.model import Model
from windowner.text.spans import EncodedTags, Spans, first_tokens
from windowner.text.tag_writing import number_tags, write_tags

RuleMark = str | bool
"""The id of a rule, or True for a rule without one."""


class Entity(NamedTuple):
    """A named entity: tokens `start` to `end` (exclusive), its type and text, and the network's probability.

    The probability is that of all the entity's tags together, among all legal tag sequences of the sentence. `rule` is
    the id of the rule that put the entity there, or True if the rule has none; None if the network found it.
    """

    start: int
    end: int
    type: str
    text: str
    probability: float
    rule: RuleMark | None = None


class Given(NamedTuple):
    """The entities that rules put into sentences. Their types may be unknown to the model.

    Parameters
    ----------
    start, end
        First token of each entity, and the token after its last one.
    marks
        What `Entity.rule` says of each entity.
    tokens, prefixes, type_ids
        The tokens of all entities, and their prefix codes and types.
    types
        Names of the types. Those of the model come first.
    """

    start: Indices
    end: Indices
    marks: Sequence[RuleMark]
    tokens: Indices
    prefixes: Indices
    type_ids: Indices
    types: list[str]


@dataclass(frozen=True)
class Prediction:
    """Tags of sentences laid end to end.

    Parameters
    ----------
    model
        The model that chose the tags.
    tags
        Tag number of each token, (T,). It is that of O where a rule puts a type that the model does not know.
    logits
        The network's scores, (T, K). They are -inf where rules do not allow a tag.
    offsets
        First token of each sentence, and T at the end.
    given
        The entities that rules put there. None if there are no rules.
    """

    model: Model
    tags: Indices
    logits: Array
    offsets: Indices
    given: Given | None = None

    @cached_property
    def log_marginals(self) -> Array:
        """Logarithm of each tag's probability among all legal sequences, (T, K), in float64."""
        return log_marginals(self._scores().astype(np.float64), self.offsets, self._chain())

    @property
    def probabilities(self) -> Array:
        """Probability of each token's tag, (T,)."""
        probabilities: Array = np.exp(self.log_marginals[np.arange(len(self.tags)), self.tags])
        return probabilities

    @cached_property
    def span_probabilities(self) -> Array:
        """Probability of each entity of `spans`: of all its tags together. It is 1 for one of a rule."""
        return span_probabilities(self._scores(), self.tags, self.spans[:2], self.offsets, self._chain())

    @property
    def rule_marks(self) -> list[RuleMark | None]:
        """What `Entity.rule` says of each entity of `spans`."""
        if self.given is None:
            return [None] * len(self.spans.start)
        mark_of = dict(zip(self.given.start.tolist(), self.given.marks, strict=True))
        return list(map(mark_of.get, self.spans.start.tolist()))

    def _scores(self) -> Array:
        """Return the logits with threshold and temperature, (T, K)."""
        scores: Array = self.model.decoder.subtract_threshold(self.logits) / np.float32(self.model.temperature)
        return scores

    def _chain(self) -> Chain:
        return self.model.decoder.legal_chain(self.model.temperature)

    @cached_property
    def encoded_tags(self) -> EncodedTags:
        """The tags as prefixes and types."""
        tags = self.model.tags
        prefixes, type_ids = tags.prefixes[self.tags], tags.type_ids[self.tags]
        if self.given is not None:
            prefixes[self.given.tokens], type_ids[self.given.tokens] = self.given.prefixes, self.given.type_ids
        return EncodedTags(prefixes, type_ids, first_tokens(np.diff(self.offsets)), self.types)

    @property
    def types(self) -> list[str]:
        """Names of the entity types: those of the model, and then those of the rules."""
        return self.model.tags.types if self.given is None else self.given.types

    @cached_property
    def spans(self) -> Spans:
        """The entities; token numbers count from the first token of the first sentence."""
        return self.encoded_tags.spans()

    def is_probable(self, minimum: float | None = None) -> Bools:
        """Return whether each entity of `spans` is as probable as `minimum`, or as the cutoff of its type.

        Raises
        ------
        ValueError
            If `minimum` is no probability.
        """
        if minimum is not None and not (isinstance(minimum, float | int | np.number) and 0 <= minimum <= 1):
            raise ValueError(f"the least probability is {minimum!r}, expected a number from 0 to 1")
        least = self._cutoffs if minimum is None else np.full(len(self.types), minimum)
        if not least.any():  # no probability is needed
            return np.ones(len(self.spans.start), dtype=np.bool_)
        probable: Bools = self.span_probabilities >= least[self.spans.type_id]
        return probable

    @property
    def _cutoffs(self) -> Array:
        """The model's cutoff of each type, (types,)."""
        return np.array([self.model.cutoffs.get(name, 0.0) for name in self.types])

    def without_improbable(self, minimum: float | None = None) -> "Prediction":
        """Return the prediction without entities that are less probable; their tokens are outside of entities.

        Parameters
        ----------
        minimum
            The least probability of all entities; by default, the model's cutoff of each type.
        """
        dropped = ~self.is_probable(minimum)
        if not dropped.any():
            return self
        spans = self.spans
        edges = np.zeros(len(self.tags) + 1, dtype=np.intp)
        edges[spans.start[dropped]] += 1  # entities do not overlap, so no place is repeated in either line
        edges[spans.end[dropped]] -= 1
        outside = self.model.tags.names.index("O")
        return replace(self, tags=np.where(np.cumsum(edges[:-1]) > 0, outside, self.tags))

    def tag_names(self, scheme: str) -> list[list[str]]:
        """Return the tags as strings of a scheme, sentence by sentence."""
        names = write_tags(self.encoded_tags, scheme)
        return [names[start:end] for start, end in pairwise(self.offsets.tolist())]

    def number_tags(self, scheme: str) -> tuple[Indices, list[str]]:
        """Return the tags in a scheme as places in a list of strings, (T,), and that list."""
        return number_tags(self.encoded_tags, scheme)

    def entities(self, sentences: Sequence[Sequence[str]]) -> list[list[Entity]]:
        """Return the entities of each sentence, given the tokens that were tagged."""
        found: list[list[Entity]] = [[] for _ in sentences]
        owners = np.searchsorted(self.offsets, self.spans.start, side="right") - 1
        columns = (array.tolist() for array in (owners, self.offsets[owners], *self.spans, self.span_probabilities))
        for owner, offset, first, last, type_id, probability, mark in zip(*columns, self.rule_marks, strict=True):
            start, end = first - offset, last - offset
            text = " ".join(sentences[owner][start:end])
            found[owner].append(Entity(start, end, self.types[type_id], text, probability, mark))
        return found


def decide(model: Model, logits: Array, offsets: Indices) -> Prediction:
    """Choose the tags of sentences that start at `offsets`, given their logits, (T, K)."""
    return Prediction(model, model.decoder(logits, offsets), logits, offsets)


def predict_encoded(model: Model, text: EncodedText, F: Ids) -> Prediction:
    """Tag text whose forms have the table rows F, by the model's network as it is now."""
    return decide(model, Projections(model.network, len(F)).logits(text, F), text.offsets)
