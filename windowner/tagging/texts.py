"""Raw text through a tagger: to tokens with tags, or to a JSON object per text with its spans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from windowner.formats.texts import TEXT, TEXT_READERS
from windowner.tagger.tagger import Tagger, chunks
from windowner.tagger.texts import count_tokens
from windowner.text.document import Document, Span
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import TokenizedSentence, find_tokenizer

SPANS = "spans"
"""Name of the output that has one JSON object per text; and its key for the entities."""


@dataclass(frozen=True)
class TokenizedText:
    """A text with its sentences, and the record that it comes from."""

    text: str
    sentences: list[TokenizedSentence]
    extra: dict[str, Any]


def read_texts(tagger: Tagger, stream: BinaryIO, name: str, format: str, first_line: int) -> Iterator[Sentence]:
    """Read raw text as sentences to be tagged; a text without words is a sentence without tokens."""
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in TEXT_READERS[format](stream, name, first_line):
        extra = {key: value for key, value in document.extra.items() if key != SPANS} or None
        sentences = tokenizer.sentences(document.text) or [TokenizedSentence([], [])]
        for sentence in sentences:
            yield Sentence(sentence.tokens, None, document.line, [], extra=extra)


def tokenize_documents(tagger: Tagger, documents: Iterable[Document]) -> Iterator[TokenizedText]:
    """Yield documents with the sentences that the model's tokenizer finds."""
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in documents:
        yield TokenizedText(document.text, tokenizer.sentences(document.text), dict(document.extra))


def join_tokens(sentences: Iterable[Sentence]) -> Iterator[TokenizedText]:
    """Yield each sentence of tokens as a text, in which spaces stand between the tokens."""
    for sentence in sentences:
        if sentence.is_document_start:
            continue
        starts, place = [], 0
        for token in sentence.tokens:
            starts.append(place)
            place += len(token) + 1
        tokenized = TokenizedSentence(sentence.tokens, starts)
        yield TokenizedText(" ".join(sentence.tokens), [tokenized], dict(sentence.extra or {}))


def write_spans(tagger: Tagger, texts: Iterable[TokenizedText], min_probability: float) -> Iterator[tuple[str, int]]:
    """Yield texts with their entities as JSON Lines, piece by piece, each with its number of tokens."""
    for chunk in chunks(texts, lambda text: count_tokens(text.sentences)):
        found = tagger.find_spans([text.sentences for text in chunk], min_probability)
        lines = map(_span_line, chunk, found)
        tokens = sum(len(sentence.tokens) for text in chunk for sentence in text.sentences)
        yield "".join(lines), tokens


def _span_line(text: TokenizedText, spans: list[Span]) -> str:
    """Return `{"text": ..., "spans": [...]}` with the other keys of the text's record, as one line."""
    described = [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "text": text.text[span.start : span.end],
            "probability": None if span.probability is None else round(span.probability, 4),
        }
        for span in spans
    ]
    return msgspec.json.encode({**text.extra, TEXT: text.text, SPANS: described}).decode() + "\n"
