"""Predictor: a model that predicts the tags of sentences and of raw text, and remembers the forms that it has met."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from windowner.arrays import Array, Indices
from windowner.inputs.encoding import EncodedText, encode, encode_numbered, lay_out
from windowner.inputs.forms import Forms
from windowner.inputs.mentions import in_documents
from windowner.tagger.caches import CACHE_MB, Caches
from windowner.tagger.chunks import Item, chunks, most_tokens, sentence_length
from windowner.tagger.model import Model
from windowner.tagger.prediction import Prediction, decide
from windowner.tagger.rules.matcher import Matcher
from windowner.tagger.rules.matches import Matches
from windowner.tagger.rules.ruled import RuledModel
from windowner.tagger.rules.rules import Rules
from windowner.text.numbered import NumberedTokens
from windowner.text.places import TokenPlaces
from windowner.text.stretches import stretch_edges, stretches


class Predictor:
    """Predicts the tags of sentences with a model. One predictor may be used from many threads.

    Parameters
    ----------
    model
        The model. Its network must no longer be trained.
    cache_mb
        Memory for what is kept of the forms met so far, in megabytes. When it is full, all forms are forgotten.
    rules
        Rules that stand beside the model; by default, those of the model.
    """

    def __init__(self, model: Model, cache_mb: float = CACHE_MB, rules: Rules | None = None):
        self.model = model
        self._rules = rules = model.rules if rules is None else rules
        self._ruled = RuledModel(model, rules) if rules else None
        self._caches = Caches(model, cache_mb, Matcher.of(rules, model.tokenizer) if rules else None)

    @property
    def has_rules(self) -> bool:
        """Whether rules stand beside the model."""
        return self._ruled is not None

    @property
    def types(self) -> list[str]:
        """Names of the types of entities that are predicted: those of the model, and then those of its rules."""
        return self.model.tags.types if self._ruled is None else self._ruled.types

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the model. What is kept of the forms met so far is computed again."""
        return type(self), (self.model, self._caches.megabytes, self._rules)

    def predictions(
        self, sentences: Iterable[Sequence[str]], document_starts: Iterable[int] | None = None
    ) -> Iterator[tuple[Sequence[Sequence[str]], Prediction]]:
        """Yield sentences, as many as fit in memory at a time, with what `predict` returns for them.

        `Tagger.tag` describes the parameters.
        """
        most = most_tokens(len(self.model.tags.names))
        if document_starts is None or not self.model.reads_documents:
            yield from ((chunk, self.predict(chunk)) for chunk in chunks(sentences, sentence_length, most))
            return
        starts = set(document_starts)
        numbered = self.cut(enumerate(sentences), lambda pair: sentence_length(pair[1]), lambda pair: pair[0] in starts)
        for pairs, documents in numbered:
            chunk = [sentence for _, sentence in pairs]
            yield chunk, self.predict(chunk, documents)

    def cut(
        self,
        sentences: Iterable[Item],
        length: Callable[[Item], int],
        opens: Callable[[Item], bool],
        stretch: int = 0,
    ) -> Iterator[tuple[list[Item], Indices | None]]:
        """Cut sentences of documents into lists that fit in memory. Yield each with its documents; see `predict`.

        Parameters
        ----------
        sentences
            The sentences, in order.
        length
            Returns the number of a sentence's tokens.
        opens
            Returns whether a sentence opens a document. It is not called if the model reads no documents.
        stretch
            Tokens of a stretch before the first sentence that opens a document; 0 for what the model says.
        """
        most = most_tokens(len(self.model.tags.names))
        if not self.model.reads_documents:
            yield from ((chunk, None) for chunk in chunks(sentences, length, most))
            return
        cut = stretches(sentences, length, opens, stretch or self.model.config.model.stretch)
        for some in chunks(cut, lambda stretch: sum(map(length, stretch)), most):
            yield list(chain.from_iterable(some)), np.cumsum([0, *map(len, some)])

    def predict(self, sentences: Sequence[Sequence[str]], documents: Indices | None = None) -> Prediction:
        """Return tag numbers and logits of sentences that fit in memory together.

        The model's cutoffs are not applied: `without_improbable()` applies them.

        Parameters
        ----------
        sentences
            Sentences, each a sequence of tokens.
        documents
            First sentence of each document, and the number of sentences at the end. None if each sentence comes alone.
        """
        if any(issubclass(kind, str) for kind in set(map(type, sentences))):
            raise ValueError('a sentence is a string, expected a list of tokens, such as ["Paris", "is", "big"]')
        return self._predict(partial(encode, sentences), documents)

    def predict_numbered(self, tokens: NumberedTokens, documents: Indices | None = None) -> Prediction:
        """Return what `predict` returns for sentences whose distinct tokens are numbered."""
        return self._predict(partial(encode_numbered, tokens), documents)

    def predict_texts(self, texts: Sequence[str]) -> tuple[Prediction, TokenPlaces]:
        """Return what is predicted for texts that fit in memory together, and the places of their tokens.

        The model must have no gazetteer, because a gazetteer reads the tokens of a sentence.
        """
        with self._caches.lent() as caches:
            raw = caches.pieces.encode(texts)
            text = lay_out(raw.forms, raw.lengths, None, self.model.network.radius)
            if self.model.reads_documents:
                starts, stretch = raw.first_sentences.tolist(), self.model.config.model.stretch
                text = in_documents(text, caches.forms, stretch_edges(raw.lengths.tolist(), starts, stretch))
            logits = caches.projections.logits(text, caches.forms.F)
            matches = caches.matches(text)
        return self._decide(logits, text.offsets, matches), raw.places

    def _predict(
        self, encode_with: Callable[[Forms, int], EncodedText], documents: Indices | None = None
    ) -> Prediction:
        """Predict a text that is encoded with the forms met so far, and the radius."""
        with self._caches.lent() as caches:
            text = encode_with(caches.forms, self.model.network.radius)
            if documents is not None and self.model.reads_documents:
                text = in_documents(text, caches.forms, documents)
            logits = caches.projections.logits(text, caches.forms.F)
            matches = caches.matches(text)
        return self._decide(logits, text.offsets, matches)

    def _decide(self, logits: Array, offsets: Indices, matches: Matches | None) -> Prediction:
        """Choose the tags of sentences, given their logits and the matches of the rules, if there are any."""
        if self._ruled is None or matches is None:
            return decide(self.model, logits, offsets)
        return self._ruled.decide(logits, offsets, matches)
