"""Texts through a tagger: raw texts, in blocks or as documents, and sentences with a space between two tokens."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import BinaryIO

import numpy as np

from windowner.arrays import Indices, distinct
from windowner.formats.record_writing import SPANS, span_lines
from windowner.formats.text_blocks import TEXT_BLOCKS, TextBlock, read_text_blocks
from windowner.formats.texts import TEXT_READERS
from windowner.tagger.chunks import CHARACTERS, chunks
from windowner.tagger.prediction import Prediction
from windowner.tagger.tagger import Tagger
from windowner.tagger.texts import TextSpans, text_spans
from windowner.text.document import Document
from windowner.text.places import TokenPlaces
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import find_tokenizer

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


def cut_sentences(
    tagger: Tagger, sentences: Iterable[ReadSentence], stretch: int = 0
) -> Iterator[tuple[list[Sentence], Indices | None]]:
    """Cut sentences into lists that fit in memory. Yield each with its documents, as `Tagger.predict` takes them.

    `stretch` is described by `Tagger.cut`.
    """
    for chunk, documents in tagger.cut(sentences, lambda pair: len(pair[0].tokens), itemgetter(1), stretch):
        yield [sentence for sentence, _ in chunk], documents


def tag_texts(
    tagger: Tagger, documents: Iterable[Document], min_probability: float | None
) -> Iterator[tuple[list[Document], int]]:
    """Yield raw texts with their entities, some at a time, with their number of tokens."""
    for chunk in chunks(documents, _length, CHARACTERS):
        found = tagger.find_spans([document.text for document in chunk], min_probability)
        pairs = zip(chunk, found.by_text, strict=True)
        yield [replace(document, spans=spans, sentences=None) for document, spans in pairs], found.tokens


def tag_text_blocks(
    tagger: Tagger, blocks: Iterable[TextBlock], min_probability: float | None
) -> Iterator[tuple[bytes, int]]:
    """Yield a line for each raw text of some blocks, with its entities, and the number of tokens of the texts."""
    for texts, records in blocks:
        for start, end in _cuts(list(map(len, texts))):
            found = tagger.find_spans(texts[start:end], min_probability)
            yield span_lines(records[start:end], texts[start:end], found.by_text), found.tokens


def read_blocks_of_texts(stream: BinaryIO, name: str, format: str, first_line: int) -> Iterator[TextBlock]:
    """Read raw text in blocks, from a format of many texts at once, or document by document."""
    if format in TEXT_BLOCKS:
        return read_text_blocks(stream, name, format, first_line)
    return map(TextBlock.of, chunks(TEXT_READERS[format](stream, name, first_line), _length, CHARACTERS))


def tag_sentences(
    tagger: Tagger, sentences: Sequence[Sentence], documents: Indices | None, min_probability: float | None
) -> tuple[list[Document], int]:
    """Return sentences as texts with their entities.

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
    tokens = [sentence.tokens for sentence in sentences]
    texts, found = joined(tokens, tagger.predict(tokens, documents), min_probability)
    triples = zip(texts, found.by_text, sentences, strict=True)
    kept = (triple for triple in triples if not triple[2].is_mark)
    return [Document(text, spans, None, one.line, one.extra or {}) for text, spans, one in kept], found.tokens


def joined(
    sentences: Sequence[Sequence[str]], prediction: Prediction, min_probability: float | None
) -> tuple[list[str], TextSpans]:
    """Return sentences as texts, in which spaces stand between the tokens, and what is predicted for them as spans."""
    texts = list(map(" ".join, sentences))
    places = TokenPlaces.of_token_lists(texts, sentences)
    return texts, text_spans([prediction], places, len(texts), min_probability)


def lines_of_documents(documents: Sequence[Document]) -> bytes:
    """Return a line for each text, with its entities."""
    texts, records = TextBlock.of(documents)
    return span_lines(records, texts, [document.spans or [] for document in documents])


def _length(document: Document) -> int:
    return len(document.text)


def _cuts(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where texts of these lengths are cut, so that about `CHARACTERS` are between two cuts, or one text."""
    ends = np.cumsum(lengths)
    cuts = np.searchsorted(ends, np.arange(CHARACTERS, sum(lengths), CHARACTERS)) + 1
    return pairwise(distinct(np.array([0, *cuts, len(lengths)])).tolist())
