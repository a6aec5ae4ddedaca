"""From documents with spans of characters to sentences with tags, and back.

Angela Merkel visited Paris -Nord .     tokens
[0, 13) PER           [22, 27) LOC      spans
B-PER  I-PER  O       B-LOC O     O     tags, IOB2
"""

from collections.abc import Iterable, Sequence

from windowner.text.alignment import Misaligned, aligned
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.document import Document, Offsets, Span
from windowner.text.schemes import NOT_ANNOTATED, join_tag
from windowner.text.sentence import WEIGHT, Sentence
from windowner.text.spans import encode_tags
from windowner.text.tokenizers import Tokenizer


def sentences_of(
    document: Document,
    tokenizer: Tokenizer,
    misaligned: Misaligned = "split",
    counts: AlignmentCounts | None = None,
    name: str = "",
) -> list[Sentence]:
    """Return the sentences of a document, with IOB2 tags if it has spans; see `aligned`."""
    document = aligned(document, tokenizer, misaligned, counts, name)
    sentences = document.sentences or []
    if document.spans is None:
        return [_sentence(document, offsets, None) for offsets in sentences]
    return _tagged(document, sentences, document.spans)


def document_of(sentences: Sequence[Sentence], line: int = 1, between: str = "\n") -> Document:
    """Return sentences as a document: tokens joined by spaces, sentences by one other character, and tags as spans.

    Tokens and sentences come back from it as they are, also tokens that hold a space. Spans are None if a sentence has
    no tags.
    """
    texts: list[str] = []
    places: list[Offsets] = []
    spans: list[Span] | None = []
    not_annotated: set[int] = set()
    start = 0
    for sentence in sentences:
        if not sentence.tokens:
            continue
        offsets = []
        for token in sentence.tokens:
            offsets.append((start, start + len(token)))
            start += len(token) + 1
        texts.append(" ".join(sentence.tokens))
        places.append(offsets)
        if sentence.tags is None or spans is None:
            spans = None
        else:
            spans += spans_of_tags(sentence.tags, offsets)
            not_annotated.update(
                first for (first, _), tag in zip(offsets, sentence.tags, strict=True) if tag == NOT_ANNOTATED
            )
    return Document(between.join(texts), spans, places, line, not_annotated=frozenset(not_annotated))


def spans_of_tags(tags: Sequence[str], offsets: Offsets) -> list[Span]:
    """Return the entities that the tags of a sentence, in any scheme, give, as spans of characters."""
    encoded = encode_tags([tags])
    found = encoded.spans()
    return [
        Span(offsets[first][0], offsets[last - 1][1], encoded.types[type_id])
        for first, last, type_id in zip(found.start.tolist(), found.end.tolist(), found.type_id.tolist(), strict=True)
    ]


def _sentence(document: Document, offsets: Offsets, tags: list[str] | None) -> Sentence:
    """Return a sentence of a document, which weighs in training what its document does."""
    weight = {WEIGHT: document.extra[WEIGHT]} if WEIGHT in document.extra else None
    return Sentence([document.text[start:end] for start, end in offsets], tags, document.line, [], None, weight)


def _tagged(document: Document, sentences: Iterable[Offsets], spans: list[Span]) -> list[Sentence]:
    tagged = []
    number, begun = 0, -1  # the span that may hold the token, and the span whose first token was met
    for offsets in sentences:
        tags = []
        for start, end in offsets:
            while number < len(spans) and spans[number].end <= start:
                number += 1
            if number < len(spans) and spans[number].start < end:
                tags.append(join_tag("I" if begun == number else "B", spans[number].label))
                begun = number
            else:
                tags.append(NOT_ANNOTATED if start in document.not_annotated else "O")
        tagged.append(_sentence(document, offsets, tags))
    return tagged
