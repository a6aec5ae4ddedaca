"""Raw text through a tagger: to tokens with tags, or to a JSON object per text with its spans."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import BinaryIO

import msgspec

from windowner.arrays import Indices
from windowner.formats.texts import TEXT, TEXT_READERS
from windowner.tagger.chunks import CHARACTERS, chunks
from windowner.tagger.prediction import Prediction
from windowner.tagger.tagger import Tagger
from windowner.tagger.texts import text_spans
from windowner.text.document import Document
from windowner.text.places import TokenPlaces
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import TokenizedText, find_tokenizer

SPANS = "spans"
"""Name of the output that has one JSON object per text; and its key for the entities."""

HTML = "html"
"""Name of the output that is a page of all texts."""


ReadSentence = tuple[Sentence, bool]
"""A sentence, and whether it opens a document."""


def read_texts(tagger: Tagger, stream: BinaryIO, name: str, format: str, first_line: int) -> Iterator[ReadSentence]:
    """Read raw text as sentences to be tagged. Each text is a document. Without words it is a sentence without tokens.

    Yield each sentence, and whether it is the first one of its text.
    """
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in TEXT_READERS[format](stream, name, first_line):
        extra = {key: value for key, value in document.extra.items() if key != SPANS} or None
        for number, tokens in enumerate(tokenizer.split(document.text).sentences or [[]]):
            yield Sentence(tokens, None, document.line, [], extra=extra), number == 0


def tags_and_scores(prediction: Prediction, scheme: str) -> tuple[list[list[str]], list[list[float]]]:
    """Return the tags of each sentence in a scheme, and their probabilities."""
    p = prediction.probabilities.tolist()
    scores = [p[start:end] for start, end in pairwise(prediction.offsets.tolist())]
    return prediction.tag_names(scheme), scores


def cut_sentences(tagger: Tagger, sentences: Iterable[ReadSentence]) -> Iterator[tuple[list[Sentence], Indices | None]]:
    """Cut sentences into lists that fit in memory. Yield each with its documents, as `Tagger.predict` takes them."""
    for chunk, documents in tagger.cut(sentences, lambda pair: len(pair[0].tokens), itemgetter(1)):
        yield [sentence for sentence, _ in chunk], documents


def tag_texts(
    tagger: Tagger, documents: Iterable[Document], min_probability: float | None
) -> Iterator[tuple[list[Document], int]]:
    """Yield raw texts with their entities, some at a time, with their number of tokens."""
    for chunk in chunks(documents, lambda document: len(document.text), CHARACTERS):
        found = tagger.find_spans([document.text for document in chunk], min_probability)
        pairs = zip(chunk, found.by_text, strict=True)
        yield [replace(document, spans=spans, sentences=None) for document, spans in pairs], found.tokens


def tag_sentences(
    tagger: Tagger, sentences: Sequence[Sentence], documents: Indices | None, min_probability: float | None
) -> tuple[list[Document], int]:
    """Return sentences as texts, in which spaces stand between the tokens, with their entities.

    Parameters
    ----------
    tagger
        The tagger.
    sentences, documents
        Sentences and their documents, from `cut_sentences`.
    min_probability
        Entities that are less probable are left out.

    Returns
    -------
    tuple
        A document per sentence, without marks, and the number of tokens.
    """
    prediction = tagger.predict([sentence.tokens for sentence in sentences], documents)
    texts = [TokenizedText(" ".join(sentence.tokens), [sentence.tokens]) for sentence in sentences]
    found = text_spans([prediction], TokenPlaces.of_tokens(texts), len(texts), min_probability)
    triples = zip(texts, found.by_text, sentences, strict=True)
    kept = (triple for triple in triples if not triple[2].is_mark)
    return [Document(text.text, spans, None, one.line, one.extra or {}) for text, spans, one in kept], found.tokens


def span_line(document: Document) -> str:
    """Return `{"text": ..., "spans": [...]}` with the other keys of the text's record, as one line."""
    text = document.text
    described = [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "text": text[span.start : span.end],
            "probability": None if span.probability is None else round(span.probability, 4),
        }
        for span in document.spans or []
    ]
    return msgspec.json.encode({**document.extra, TEXT: text, SPANS: described}).decode() + "\n"
