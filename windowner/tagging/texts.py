"""Raw text through a tagger: to tokens with tags, or to a JSON object per text with its spans."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

import msgspec

from windowner.formats.texts import TEXT, TEXT_READERS
from windowner.tagger.tagger import CHARACTERS, Tagger, chunks
from windowner.text.document import Document
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import TokenizedText, find_tokenizer

SPANS = "spans"
"""Name of the output that has one JSON object per text; and its key for the entities."""


def read_texts(tagger: Tagger, stream: BinaryIO, name: str, format: str, first_line: int) -> Iterator[Sentence]:
    """Read raw text as sentences to be tagged; a text without words is a sentence without tokens."""
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in TEXT_READERS[format](stream, name, first_line):
        extra = {key: value for key, value in document.extra.items() if key != SPANS} or None
        for tokens in tokenizer.split(document.text).sentences or [[]]:
            yield Sentence(tokens, None, document.line, [], extra=extra)


def tag_texts(
    tagger: Tagger, documents: Iterable[Document], min_probability: float | None
) -> Iterator[tuple[list[Document], int]]:
    """Yield raw texts with their entities, some at a time, with their number of tokens."""
    for chunk in chunks(documents, lambda document: len(document.text), CHARACTERS):
        found = tagger.find_spans([document.text for document in chunk], min_probability)
        pairs = zip(chunk, found.by_text, strict=True)
        yield [replace(document, spans=spans, sentences=None) for document, spans in pairs], found.tokens


def tag_sentences(
    tagger: Tagger, sentences: Iterable[Sentence], min_probability: float | None
) -> Iterator[tuple[list[Document], int]]:
    """Yield sentences as texts, in which spaces stand between the tokens, with their entities; see `tag_texts`."""
    for chunk in chunks(sentences, lambda sentence: len(sentence.tokens)):
        kept = [sentence for sentence in chunk if not sentence.is_mark]
        texts = [TokenizedText(" ".join(sentence.tokens), [sentence.tokens]) for sentence in kept]
        found = tagger.find_token_spans(texts, min_probability)
        triples = zip(texts, found.by_text, kept, strict=True)
        yield (
            [Document(text.text, spans, None, one.line, one.extra or {}) for text, spans, one in triples],
            found.tokens,
        )


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
