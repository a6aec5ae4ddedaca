"""Tagger: a model that tags, and remembers the forms that it has met."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from windowner.arrays import Indices
from windowner.inputs.encoding import EncodedText, encode, encode_numbered, lay_out
from windowner.inputs.forms import Forms
from windowner.inputs.mentions import in_documents
from windowner.inputs.raw_text import Pieces
from windowner.inputs.tables import FIRST
from windowner.network.projections import Projections
from windowner.tagger.model import Model
from windowner.tagger.parts import read_model
from windowner.tagger.prediction import Entity, Prediction, decide
from windowner.tagger.texts import TextSpans, checked_texts, text_spans
from windowner.text.document import Span
from windowner.text.numbered import NumberedTokens
from windowner.text.places import TokenPlaces
from windowner.text.stretches import stretch_edges, stretches
from windowner.text.tokenizers import TokenizedText, find_tokenizer
from windowner.vectors.exchange import to_keyed_vectors

if TYPE_CHECKING:
    from windowner.vectors.exchange import KeyedVectors

SENTENCES = 2048  # held in memory at a time when tagging,
TOKENS = 100_000  # or fewer sentences, with this many tokens,
CHARACTERS = 500_000  # or fewer texts, with this many characters
MOST_CHARACTERS = 10_000_000  # of all pieces that are remembered
CACHE_MB = 256

Item = TypeVar("Item")


class Tagger:
    """Tags sentences with a model. One tagger may be used from many threads.

    Entities below the model's cutoffs are left out.

    Parameters
    ----------
    model
        The model. Its network must no longer be trained.
    cache_mb
        Memory for what is kept of the forms met so far, in megabytes. When it is full, all forms are forgotten.
    """

    def __init__(self, model: Model, cache_mb: float = CACHE_MB):
        self.model = model
        self._capacity = max(1, int(cache_mb * 1e6 / model.network.W[0].nbytes))  # forms
        self._lock = Lock()  # around the caches, which grow together
        self._kept: _Caches | None = None

    @classmethod
    def load(cls, path: str | Path, cache_mb: float = CACHE_MB) -> "Tagger":
        """Return the tagger of a model file, or of the run folder that holds one.

        Parameters
        ----------
        path
            The file or folder.
        cache_mb
            Memory for what is kept of the forms met so far, in megabytes.

        Raises
        ------
        ModelError
            There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
        """
        return cls(read_model(path), cache_mb)

    @property
    def vectors(self) -> "KeyedVectors":
        """The word vectors as training left them, as a gensim `KeyedVectors` of its own memory.

        Those of an ensemble's networks stand side by side.

        Raises
        ------
        VectorsError
            gensim is not installed.
        """
        words = self.model.words
        return to_keyed_vectors(words.values, words.E[FIRST:])

    def tag(
        self,
        sentences: Iterable[Sequence[str]],
        scheme: str = "IOB2",
        document_starts: Iterable[int] | None = None,
    ) -> list[list[str]]:
        """Return the tags of sentences.

        Parameters
        ----------
        sentences
            Sentences, each a sequence of tokens.
        scheme
            Scheme of the tags: IOB1, IOB2, BIOES, BILOU or IO.
        document_starts
            Numbers of the sentences that open a document, as in `Corpus`. They matter to a model that reads documents
            (`model.document`). [] if the sentences follow one another in a text that marks no documents. None if each
            sentence comes alone.

        Raises
        ------
        ValueError
            If a sentence is a string, or a token is not one.
        """
        tagged: list[list[str]] = []
        for _, prediction in self.predictions(sentences, document_starts):
            tagged += prediction.without_improbable().tag_names(scheme)
        return tagged

    def entities(
        self, sentences: Iterable[Sequence[str]], document_starts: Iterable[int] | None = None
    ) -> list[list[Entity]]:
        """Return the entities of sentences, in the order in which they stand; see `tag`."""
        found: list[list[Entity]] = []
        for chunk, prediction in self.predictions(sentences, document_starts):
            found += prediction.without_improbable().entities(chunk)
        return found

    def predictions(
        self, sentences: Iterable[Sequence[str]], document_starts: Iterable[int] | None = None
    ) -> Iterator[tuple[Sequence[Sequence[str]], Prediction]]:
        """Yield sentences, as many as fit in memory at a time, with what `predict` returns for them; see `tag`."""
        if document_starts is None or not self.model.reads_documents:
            yield from ((chunk, self.predict(chunk)) for chunk in chunks(sentences, _length))
            return
        starts = set(document_starts)
        numbered = self.cut(enumerate(sentences), lambda pair: _length(pair[1]), lambda pair: pair[0] in starts)
        for pairs, documents in numbered:
            chunk = [sentence for _, sentence in pairs]
            yield chunk, self.predict(chunk, documents)

    def cut(
        self, sentences: Iterable[Item], length: Callable[[Item], int], opens: Callable[[Item], bool]
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
        """
        if not self.model.reads_documents:
            yield from ((chunk, None) for chunk in chunks(sentences, length))
            return
        cut = stretches(sentences, length, opens, self.model.config.model.stretch)
        for some in chunks(cut, lambda stretch: sum(map(length, stretch))):
            yield list(chain.from_iterable(some)), np.cumsum([0, *map(len, some)])

    def tag_text(self, text: str, min_probability: float | None = None) -> list[Span]:
        """Return the entities of a text, with the places of their characters; see `tag_texts`."""
        return next(self.tag_texts([text], min_probability))

    def tag_texts(self, texts: Iterable[str], min_probability: float | None = None) -> Iterator[list[Span]]:
        """Yield the entities of each text, in order; memory holds some texts at a time.

        `text[span.start:span.end]` is the text of an entity.

        Parameters
        ----------
        texts
            Texts of any length. The model's tokenizer finds their sentences and tokens.
        min_probability
            Entities that are less probable are left out; by default, those below the model's cutoff of their type.

        Raises
        ------
        ValueError
            If `texts` is a string, or a text is not one.
        """
        for chunk in chunks(checked_texts(texts), len, CHARACTERS):
            yield from self.find_spans(chunk, min_probability).by_text

    def find_spans(self, texts: Sequence[str], min_probability: float | None = None) -> TextSpans:
        """Return the entities of texts that fit in memory together; see `tag_texts`."""
        # A gazetteer reads the tokens of a sentence. A long text is cut into parts when its sentences are known.
        if self.model.gazetteer is not None or sum(map(len, texts)) > 2 * CHARACTERS:
            tokenizer = find_tokenizer(self.model.tokenizer)
            return self.find_token_spans(list(map(tokenizer.split, texts)), min_probability)
        with self._caches() as caches:
            raw = caches.pieces.encode(texts)
            text = lay_out(raw.forms, raw.lengths, None, self.model.network.radius)
            if self.model.reads_documents:
                starts, stretch = raw.first_sentences.tolist(), self.model.config.model.stretch
                text = in_documents(text, caches.forms, stretch_edges(raw.lengths.tolist(), starts, stretch))
            logits = caches.projections.logits(text, caches.forms.F)
        return text_spans([decide(self.model, logits, text.offsets)], raw.places, len(texts), min_probability)

    def find_token_spans(self, texts: Sequence[TokenizedText], min_probability: float | None = None) -> TextSpans:
        """Return the entities of texts whose sentences and tokens are known; see `tag_texts`."""
        sentences = ((sentence, not number) for text in texts for number, sentence in enumerate(text.sentences))
        cut = self.cut(sentences, lambda pair: len(pair[0]), itemgetter(1))
        predictions = (self.predict([tokens for tokens, _ in chunk], documents) for chunk, documents in cut)
        return text_spans(predictions, TokenPlaces.of_tokens(texts), len(texts), min_probability)

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

    def _predict(
        self, encode_with: Callable[[Forms, int], EncodedText], documents: Indices | None = None
    ) -> Prediction:
        """Predict a text that is encoded with the forms met so far, and the radius."""
        with self._caches() as caches:
            text = encode_with(caches.forms, self.model.network.radius)
            if documents is not None and self.model.reads_documents:
                text = in_documents(text, caches.forms, documents)
            logits = caches.projections.logits(text, caches.forms.F)
        return decide(self.model, logits, text.offsets)

    @contextmanager
    def _caches(self) -> Iterator["_Caches"]:
        """Lend the caches to one thread at a time. After an error or an interrupt, everything is forgotten."""
        with self._lock:
            # One chunk more than the capacity has room before everything is forgotten.
            caches = self._kept or self._empty_caches(Projections(self.model.network, self._capacity + TOKENS))
            self._kept = None
            yield caches
            full = len(caches.forms) >= self._capacity or caches.pieces.characters >= MOST_CHARACTERS
            self._kept = self._empty_caches(caches.projections.forget()) if full else caches

    def _empty_caches(self, projections: Projections) -> "_Caches":
        forms = Forms(self.model.encoder)
        return _Caches(forms, Pieces(find_tokenizer(self.model.tokenizer), forms), projections)


class _Caches(NamedTuple):
    """What is kept of the text met so far, which belongs together."""

    forms: Forms
    pieces: Pieces
    projections: Projections


def _length(sentence: Sequence[str]) -> int:
    """Return the number of a sentence's tokens; refuse what has none."""
    try:
        return len(sentence)
    except TypeError:
        kind = type(sentence).__name__
        raise ValueError(f"a sentence is of the type {kind}, expected a list of tokens") from None


def chunks(sentences: Iterable[Item], length: Callable[[Item], int], most: int | None = None) -> Iterator[list[Item]]:
    """Cut sentences into lists that fit in memory: of about `most` tokens, and of `SENTENCES` at most.

    `most` is `TOKENS` by default.
    """
    most = TOKENS if most is None else most
    chunk: list[Item] = []
    tokens = 0
    for sentence in sentences:
        chunk.append(sentence)
        tokens += length(sentence)
        if tokens >= most or len(chunk) == SENTENCES:
            yield chunk
            chunk, tokens = [], 0
    if chunk:
        yield chunk
