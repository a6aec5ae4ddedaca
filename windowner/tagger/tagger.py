"""Tagger: a model that tags, and remembers the forms that it has met."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from windowner.inputs.tables import FIRST
from windowner.stores.address import AnyPath
from windowner.tagger.caches import CACHE_MB
from windowner.tagger.chunks import CHARACTERS, chunks
from windowner.tagger.explaining import explain
from windowner.tagger.explanation import Explanation
from windowner.tagger.parts import read_model
from windowner.tagger.prediction import Entity
from windowner.tagger.predictor import Predictor
from windowner.tagger.rules.rules import Rules
from windowner.tagger.texts import TextSpans, checked_texts, text_spans
from windowner.text.document import Span
from windowner.text.places import TokenPlaces
from windowner.text.tokenizers import TokenizedText, find_tokenizer
from windowner.vectors.exchange import to_keyed_vectors

if TYPE_CHECKING:
    from windowner.vectors.exchange import KeyedVectors


class Tagger(Predictor):
    """Tags sentences with a model, and with rules beside it. One tagger may be used from many threads.

    Entities below the model's cutoffs are left out. Those of rules are not.

    Parameters
    ----------
    model
        The model. Its network must no longer be trained.
    cache_mb
        Memory for what is kept of the forms met so far, in megabytes. When it is full, all forms are forgotten.
    rules
        Rules that stand beside the model; by default, those of the model.
    """

    @classmethod
    def load(cls, path: str | AnyPath, cache_mb: float = CACHE_MB, rules: Rules | None = None) -> "Tagger":
        """Return the tagger of a model file, or of the run folder that holds one.

        Parameters
        ----------
        path
            The file or folder, or its address in a store, such as `s3://bucket/runs/wikigold`.
        cache_mb
            Memory for what is kept of the forms met so far, in megabytes.
        rules
            Rules that stand beside the model; by default, those of the model. `Rules.read` reads them from a file.

        Raises
        ------
        ModelError
            There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
        StoreError
            A store does not give it.
        """
        return cls(read_model(path), cache_mb, rules)

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

    def explain(
        self,
        sentence: Sequence[str],
        word: int,
        tag: str | None = None,
        against: str | None = None,
        context: Sequence[Sequence[str]] = (),
    ) -> Explanation:
        """Return why a word has one tag and not another one, as a sum of shares.

        The shares are those of the network alone. `Explanation.choice` says whether a rule or a cutoff decided.

        Parameters
        ----------
        sentence
            The tokens.
        word
            Number of the token, from 0.
        tag
            The tag that is explained; by default, the one that the tagger gives to the word before cutoffs. If the
            model does not know it, the one that the network alone gives. If that is `against`, the other tag with the
            best score.
        against
            The tag with which it is compared; by default, the other tag with the best score.
        context
            The other sentences of its document. They matter to a model that reads documents. Without them the sentence
            comes alone.

        Raises
        ------
        ValueError
            If there is no such token, or a tag is unknown, or both tags are the same.
        ModelError
            If the model has one tag alone.
        """
        return explain(self, sentence, word, tag, against, context)

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
        prediction, places = self.predict_texts(texts)
        return text_spans([prediction], places, len(texts), min_probability)

    def find_token_spans(self, texts: Sequence[TokenizedText], min_probability: float | None = None) -> TextSpans:
        """Return the entities of texts whose sentences and tokens are known; see `tag_texts`."""
        sentences = ((sentence, not number) for text in texts for number, sentence in enumerate(text.sentences))
        cut = self.cut(sentences, lambda pair: len(pair[0]), itemgetter(1))
        predictions = (self.predict([tokens for tokens, _ in chunk], documents) for chunk, documents in cut)
        return text_spans(predictions, TokenPlaces.of_tokens(texts), len(texts), min_probability)
