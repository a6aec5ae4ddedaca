"""Tagger: what training produces and users keep."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from windowner.arrays import Array
from windowner.config.loading import Config
from windowner.errors import ConfigError, DataError, ModelError
from windowner.inputs.context import Context
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.features import value_rows
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.ngrams import form_ngrams
from windowner.inputs.vector_sets import ladder_rows
from windowner.inputs.words import word_rows
from windowner.network.chain.decoding import Decoder
from windowner.network.model import WindowNetwork
from windowner.network.projections import Projections
from windowner.tagger.model_file import pack_strings, read_model_file, write_model_file
from windowner.tagger.parts import read_parts, single_features
from windowner.tagger.prediction import Entity, Prediction
from windowner.text.schemes import legal_transitions
from windowner.text.spans import EncodedTags, Spans, TagTable, first_tokens, write_tags

MODEL_NAME = "model.safetensors"
SENTENCES = 2048  # sentences that are held in memory at a time when tagging,
TOKENS = 100_000  # or fewer, of so many tokens
CACHE_MB = 256  # memory for what is kept of forms that were met before

T = TypeVar("T")


class Tagger:
    """Tags sentences with a trained window network.

    Parameters
    ----------
    network
        The network.
    tags
        Names of its K tags.
    words
        Words of the rows 2, 3, ... of its table of word vectors.
    values
        For each further set of word vectors, and then for each feature, the values of the rows 2, 3, ... of its table.
    config
        What it was trained with.
    description
        What else its file says: data, vectors, training.
    cache_mb
        Memory for the projections of forms that are kept between calls, in megabytes; when it is full, all are
        forgotten. The network must not change once the tagger has tagged.
    temperature
        What all scores are divided by for probabilities; see `network.temperature`.
    gazetteer
        Names whose matches are features, the last ones.
    threshold
        By how much O has to be more probable than it takes, in nats; see `threshold`.
    """

    def __init__(
        self,
        network: WindowNetwork,
        tags: Sequence[str],
        words: Sequence[str],
        values: Sequence[Sequence[str]],
        config: Config,
        description: dict[str, Any] | None = None,
        cache_mb: float = CACHE_MB,
        temperature: float = 1.0,
        gazetteer: Gazetteer | None = None,
        threshold: float = 0.0,
    ):
        self.network = network
        self.tags = TagTable.of(tags)
        self.words = words
        self.values = values
        self.config = config
        self.description = description or {}
        self.temperature = temperature
        self.threshold = threshold
        self.legality = legal_transitions(tags, config.data.scheme)
        self._outside = list(tags).index("O")
        sets = len(config.vectors.more)
        rows = [ladder_rows(v) if j < sets else value_rows(v) for j, v in enumerate(values)]
        features = single_features(config, gazetteer)
        casing = config.features.sentence_casing > 0
        context = Context(gazetteer, casing) if gazetteer is not None or casing else None
        self.gazetteer = gazetteer
        self.encoder = FormEncoder(word_rows(words), features, rows, form_ngrams(config.features), context)
        self.forms = Forms(self.encoder)
        self._projections: Projections | None = None
        self._cache_mb = cache_mb

    # Tagging

    def tag(self, sentences: Iterable[Sequence[str]], scheme: str = "IOB2") -> list[list[str]]:
        """Return the tags of sentences.

        Parameters
        ----------
        sentences
            Sentences, each a sequence of tokens.
        scheme
            Scheme of the tags: IOB1, IOB2, BIOES, BILOU or IO.
        """
        tagged: list[list[str]] = []
        for chunk in chunks(sentences, len):
            tagged += self.tag_names(self.predict(chunk), scheme)
        return tagged

    def entities(self, sentences: Iterable[Sequence[str]]) -> list[list[Entity]]:
        """Return the entities of sentences, in the order in which they stand."""
        found: list[list[Entity]] = []
        for chunk in chunks(sentences, len):
            found += self._entities(chunk, self.predict(chunk))
        return found

    def predict(self, sentences: Sequence[Sequence[str]]) -> Prediction:
        """Return tag numbers and logits of sentences that fit in memory together."""
        if any(issubclass(kind, str) for kind in set(map(type, sentences))):
            raise ValueError('a sentence is a string, expected a list of tokens, such as ["Paris", "is", "big"]')
        capacity = max(1, int(self._cache_mb * 1e6 / self.network.W[0].nbytes))
        if self._projections is None or len(self.forms) >= capacity:
            self.forms = Forms(self.encoder)
            self._projections = Projections(self.network, capacity)
        text = encode(sentences, self.forms, self.network.radius)
        return self._decode(text, self._projections.logits(text, self.forms.table))

    def predict_text(self, text: EncodedText, forms: Forms) -> Prediction:
        """Return tag numbers and logits of text that was encoded with `forms`, by the network as it is now."""
        return self._decode(text, Projections(self.network, len(forms.table)).logits(text, forms.table))

    @property
    def decoder(self) -> Decoder:
        """What chooses tags, with the network's scores of neighbouring tags as they are now."""
        posterior = self.config.model.decoding == "posterior"
        return Decoder(self.legality, self.network.chain, posterior, self._outside, self.threshold)

    def _decode(self, text: EncodedText, logits: Array) -> Prediction:
        decoder = self.decoder
        return Prediction(decoder(logits, text.offsets), logits, text.offsets, decoder, self.temperature)

    def encoded_tags(self, prediction: Prediction) -> EncodedTags:
        """Return predicted tags as prefixes and types."""
        first = first_tokens(np.diff(prediction.offsets))
        tags = self.tags
        return EncodedTags(tags.prefixes[prediction.tags], tags.type_ids[prediction.tags], first, tags.types)

    def spans(self, prediction: Prediction) -> Spans:
        """Return predicted entities; token numbers count from the first token of the first sentence."""
        encoded = self.encoded_tags(prediction)
        return encoded.spans()

    def tag_names(self, prediction: Prediction, scheme: str) -> list[list[str]]:
        """Return predicted tags as strings of a scheme, sentence by sentence."""
        names = write_tags(self.encoded_tags(prediction), scheme)
        return [names[start:end] for start, end in pairwise(prediction.offsets.tolist())]

    def _entities(self, sentences: Sequence[Sequence[str]], prediction: Prediction) -> list[list[Entity]]:
        found: list[list[Entity]] = [[] for _ in sentences]
        spans = self.spans(prediction)
        owners = np.searchsorted(prediction.offsets, spans.start, side="right") - 1
        p = prediction.marginals.of_runs(spans.start, spans.end)
        columns = (array.tolist() for array in (owners, *spans, p))
        for owner, start, end, type_id, probability in zip(*columns, strict=True):
            offset = int(prediction.offsets[owner])
            tokens = sentences[owner][start - offset : end - offset]
            entity = Entity(start - offset, end - offset, self.tags.types[type_id], " ".join(tokens), probability)
            found[owner].append(entity)
        return found

    # Files

    @classmethod
    def load(cls, path: str | Path, cache_mb: float = CACHE_MB) -> "Tagger":
        """Return the tagger of a model file, or of the run folder that holds one.

        Parameters
        ----------
        path
            The file or folder.
        cache_mb
            Memory for what is kept of forms that were met before, in megabytes.

        Raises
        ------
        ModelError
            There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
        """
        path = Path(path)
        path = path / MODEL_NAME if path.is_dir() else path
        description, arrays = read_model_file(path)
        try:
            parts = read_parts(description, arrays)
            network, tags, words, values = parts.network, parts.tags, parts.words, parts.values
            told = parts.temperature, parts.gazetteer, parts.threshold
            return cls(network, tags, words, values, parts.config, description, cache_mb, *told)
        except (ValueError, ConfigError, DataError) as error:
            raise ModelError(f"{path}: the parts of the model do not fit together: {error}") from None

    def save(self, path: str | Path) -> None:
        """Write the model file; see `model_file` for its format."""
        names = [name for name in self.network.tables if name not in self.network.bags]
        values = dict(zip(names, (self.words, *self.values), strict=True))
        packed = {f"values.{name}": pack_strings(strings) for name, strings in values.items()}
        if self.gazetteer is not None:
            packed["gazetteer"] = pack_strings(self.gazetteer.lines())
        description = {
            **self.description,
            "config": self.config.as_dict(),
            "tags": self.tags.names,
            "trainable": dict(self.network.trainable),
            "temperature": self.temperature,
            "threshold": self.threshold,
        }
        write_model_file(Path(path), description, {**self.network.parameters, **packed})


def chunks(sentences: Iterable[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    """Cut sentences into lists that fit in memory: of `TOKENS` tokens and a sentence, and of `SENTENCES` at most."""
    chunk: list[T] = []
    tokens = 0
    for sentence in sentences:
        chunk.append(sentence)
        tokens += length(sentence)
        if tokens >= TOKENS or len(chunk) == SENTENCES:
            yield chunk
            chunk, tokens = [], 0
    if chunk:
        yield chunk
