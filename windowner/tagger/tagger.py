"""Tagger: a model that tags, and remembers the forms that it has met."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from windowner.inputs.encoding import EncodedText, encode, encode_numbered
from windowner.inputs.forms import Forms
from windowner.inputs.tables import FIRST
from windowner.network.projections import Projections
from windowner.tagger.model import Model
from windowner.tagger.parts import read_model
from windowner.tagger.prediction import Entity, Prediction, TokenSpan, decide
from windowner.tagger.texts import character_spans, checked_texts, count_tokens
from windowner.text.document import Span
from windowner.text.numbered import NumberedTokens
from windowner.text.tokenizers import TokenizedText, find_tokenizer
from windowner.vectors.exchange import to_keyed_vectors

if TYPE_CHECKING:
    from windowner.vectors.exchange import KeyedVectors

SENTENCES = 2048  # held in memory at a time when tagging,
TOKENS = 100_000  # or fewer sentences, with this many tokens
CACHE_MB = 256

Item = TypeVar("Item")


class Tagger:
    """Tags sentences with a model. One tagger may be used from many threads.

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
        self._lock = Lock()  # around the two caches, which grow together
        self._kept: tuple[Forms, Projections] | None = None

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

    def tag(self, sentences: Iterable[Sequence[str]], scheme: str = "IOB2") -> list[list[str]]:
        """Return the tags of sentences.

        Parameters
        ----------
        sentences
            Sentences, each a sequence of tokens.
        scheme
            Scheme of the tags: IOB1, IOB2, BIOES, BILOU or IO.

        Raises
        ------
        ValueError
            If a sentence is a string, or a token is not one.
        """
        tagged: list[list[str]] = []
        for chunk in chunks(sentences, _length):
            tagged += self.predict(chunk).tag_names(scheme)
        return tagged

    def entities(self, sentences: Iterable[Sequence[str]]) -> list[list[Entity]]:
        """Return the entities of sentences, in the order in which they stand; see `tag`."""
        found: list[list[Entity]] = []
        for chunk in chunks(sentences, _length):
            found += self.predict(chunk).entities(chunk)
        return found

    def tag_text(self, text: str, min_probability: float = 0.0) -> list[Span]:
        """Return the entities of a text, with the places of their characters; see `tag_texts`."""
        (spans,) = self.tag_texts([text], min_probability)
        return spans

    def tag_texts(self, texts: Iterable[str], min_probability: float = 0.0) -> Iterator[list[Span]]:
        """Yield the entities of each text, in order; memory holds some texts at a time.

        `text[span.start:span.end]` is the text of an entity.

        Parameters
        ----------
        texts
            Texts of any length. The model's tokenizer finds their sentences and tokens.
        min_probability
            Entities that are less probable are left out.

        Raises
        ------
        ValueError
            If `texts` is a string, or a text is not one.
        """
        tokenizer = find_tokenizer(self.model.tokenizer)
        for chunk in chunks(map(tokenizer.split, checked_texts(texts)), count_tokens):
            yield from self.find_spans(chunk, min_probability)

    def find_spans(self, texts: Sequence[TokenizedText], min_probability: float = 0.0) -> list[list[Span]]:
        """Return the entities of texts whose sentences and tokens are known; see `tag_texts`."""
        found: list[TokenSpan] = []
        first = 0
        for sentences in chunks((sentence for text in texts for sentence in text.sentences), len):
            prediction = self.predict(sentences)
            found += prediction.token_spans(first, min_probability)
            first += len(prediction.tags)
        return character_spans(texts, found)

    def predict(self, sentences: Sequence[Sequence[str]]) -> Prediction:
        """Return tag numbers and logits of sentences that fit in memory together; see `tag`."""
        if any(issubclass(kind, str) for kind in set(map(type, sentences))):
            raise ValueError('a sentence is a string, expected a list of tokens, such as ["Paris", "is", "big"]')
        return self._predict(partial(encode, sentences))

    def predict_numbered(self, tokens: NumberedTokens) -> Prediction:
        """Return what `predict` returns for sentences whose distinct tokens are numbered."""
        return self._predict(partial(encode_numbered, tokens))

    def _predict(self, encode_with: Callable[[Forms, int], EncodedText]) -> Prediction:
        """Predict a text that is encoded with the forms met so far, and the radius."""
        with self._lock:
            forms, projections = self._kept or self._empty_caches()
            self._kept = None  # where an error or an interrupt comes now, all forms are forgotten
            text = encode_with(forms, self.model.network.radius)
            logits = projections.logits(text, forms.F)
            if len(forms) < self._capacity:
                self._kept = forms, projections
        return decide(self.model, logits, text.offsets)

    def _empty_caches(self) -> tuple[Forms, Projections]:
        return Forms(self.model.encoder), Projections(self.model.network, self._capacity)


def _length(sentence: Sequence[str]) -> int:
    """Return the number of a sentence's tokens; refuse what has none."""
    try:
        return len(sentence)
    except TypeError:
        kind = type(sentence).__name__
        raise ValueError(f"a sentence is of the type {kind}, expected a list of tokens") from None


def chunks(sentences: Iterable[Item], length: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Cut sentences into lists that fit in memory: of about `TOKENS` tokens, and of `SENTENCES` at most."""
    chunk: list[Item] = []
    tokens = 0
    for sentence in sentences:
        chunk.append(sentence)
        tokens += length(sentence)
        if tokens >= TOKENS or len(chunk) == SENTENCES:
            yield chunk
            chunk, tokens = [], 0
    if chunk:
        yield chunk
