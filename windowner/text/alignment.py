"""Spans of characters and tokens are made to fit each other.

    Angela Merkel visited Paris-Nord.       spans  [0, 13) PER   [22, 27) LOC, which cuts the token Paris-Nord
    Angela Merkel visited Paris -Nord .     tokens

A span that cuts a token splits it, so that no entity is lost. Of spans that overlap, the longest is kept, and of
equally long ones the first. A sentence end inside of a span is none.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter
from typing import Literal

from windowner.errors import DataError
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.document import Document, Offsets, Span
from windowner.text.tokenizers import Tokenizer

Misaligned = Literal["split", "expand", "drop", "error"]
"""What is done with a span that cuts a token: the token is split, the span grows to whole tokens, the span is dropped,
or it is an error."""


SHOWN = 60
"""This many characters of a span are shown in a message."""

_INNER = re.compile(r"[^\s\u200b\ufeff](?:.*[^\s\u200b\ufeff])?", re.DOTALL)
"""What is in a span besides separators around it."""


def aligned(
    document: Document,
    tokenizer: Tokenizer,
    misaligned: Misaligned = "split",
    counts: AlignmentCounts | None = None,
    name: str = "",
) -> Document:
    """Return a document with tokens, and with spans that hold whole tokens and do not overlap.

    Parameters
    ----------
    document
        Text and spans. Where it has sentences of its own, its text is not tokenized.
    tokenizer
        Finds sentences and tokens.
    misaligned
        What is done with a span that cuts a token: split, expand, drop or error.
    counts
        Is added to.
    name
        Name of the document's file, for error messages.

    Raises
    ------
    DataError
        If a span ends before it begins or beyond the text, or cuts a token with `misaligned="error"`.
    """
    counts = AlignmentCounts() if counts is None else counts
    where = f"{name}:{document.line}" if name else f"line {document.line}"
    sentences = tokenizer.tokenize(document.text) if document.sentences is None else document.sentences
    if document.spans is None:
        return replace(document, sentences=[offsets for offsets in sentences if offsets])
    spans = _with_tokens(sentences, _placed_spans(document, where, counts), counts)
    if misaligned == "split":
        spans = _without_overlaps(document, spans, where, counts)
        sentences = _split_tokens(sentences, spans, counts)
    else:
        spans = _whole_tokens(document, sentences, spans, misaligned, where, counts)
        spans = _without_overlaps(document, spans, where, counts)
    sentences = _join_sentences([offsets for offsets in sentences if offsets], spans, counts)
    return replace(document, sentences=sentences, spans=spans)


def _placed_spans(document: Document, where: str, counts: AlignmentCounts) -> list[Span]:
    """Return the spans without white space around them; refuse those that are outside of the text.

    A span from the start of one of the file's own tokens to the end of one stays as it is.
    """
    placed = []
    text = document.text
    tokens = [token for offsets in document.sentences or () for token in offsets]
    starts, ends = {start for start, _ in tokens}, {end for _, end in tokens}
    for span in document.spans or []:
        if not 0 <= span.start < span.end <= len(text):
            raise DataError(
                f"{where}: span {span.start} to {span.end} {span.label}, expected 0 <= start < end <= {len(text)}, "
                "the length of the text in characters"
            )
        inner = _INNER.search(text, span.start, span.end)
        if span.start in starts and span.end in ends:
            placed.append(span)
        elif inner is None:
            counts.blank += 1
        else:
            placed.append(span._replace(start=inner.start(), end=inner.end()))
    return placed


def _with_tokens(sentences: Iterable[Offsets], spans: list[Span], counts: AlignmentCounts) -> list[Span]:
    """Return the spans that hold a token or a part of one. A file's own tokens may have gaps between them."""
    tokens = [token for offsets in sentences for token in offsets]
    starts = [start for start, _ in tokens]
    kept = []
    for span in spans:
        before = bisect_left(starts, span.end) - 1  # the last token that begins before the span ends
        if before >= 0 and tokens[before][1] > span.start:
            kept.append(span)
        else:
            counts.blank += 1
    return kept


def _without_overlaps(document: Document, spans: list[Span], where: str, counts: AlignmentCounts) -> list[Span]:
    """Return the spans in the order of the text; of those that overlap, the longest."""
    kept: list[Span] = []  # in the order of the text
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        place = bisect_left(kept, span.end, key=itemgetter(0))  # behind the last one that begins before the span ends
        if place and kept[place - 1].end > span.start:
            counts.overlapping += 1
            text = document.text[span.start : min(span.end, span.start + SHOWN)]
            counts.overlaps.append(f"{where}: {span.label} {text!r} ({span.start} to {span.end}) overlaps a longer one")
        else:
            kept.insert(place, span)
    return kept


def _split_tokens(sentences: list[Offsets], spans: list[Span], counts: AlignmentCounts) -> list[Offsets]:
    """Return the sentences with every token split where a span starts or ends inside of it."""
    edges = sorted({edge for span in spans for edge in span[:2]})
    split: list[Offsets] = []
    number = 0
    for offsets in sentences:
        parts: Offsets = []
        for start, end in offsets:
            first = start
            while number < len(edges) and edges[number] < end:
                if edges[number] > first:
                    parts.append((first, edges[number]))
                    first = edges[number]
                number += 1
            counts.split += first > start
            parts.append((first, end))
        split.append(parts)
    return split


def _whole_tokens(
    document: Document,
    sentences: list[Offsets],
    spans: list[Span],
    misaligned: Misaligned,
    where: str,
    counts: AlignmentCounts,
) -> list[Span]:
    """Return the spans that hold whole tokens; others grow, are dropped, or are an error."""
    tokens = [token for offsets in sentences for token in offsets]
    starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
    whole = []
    for span in spans:
        first, last = bisect_right(ends, span.start), bisect_left(starts, span.end) - 1
        grown = span._replace(start=starts[first], end=ends[last])
        if grown == span:
            whole.append(span)
        elif misaligned == "expand":
            counts.expanded += 1
            whole.append(grown)
        elif misaligned == "drop":
            counts.misaligned += 1
        else:
            cut = document.text[grown.start : grown.end]
            raise DataError(
                f"{where}: span {span.start} to {span.end} {span.label} cuts the tokens {cut!r}; "
                "expected whole tokens, or --misaligned split, expand or drop"
            )
    return whole


def _join_sentences(sentences: list[Offsets], spans: list[Span], counts: AlignmentCounts) -> list[Offsets]:
    """Return the sentences, with those joined that a span has in common."""
    joined: list[Offsets] = []
    number = 0
    for offsets in sentences:
        start = offsets[0][0]
        while number < len(spans) and spans[number].end <= start:
            number += 1
        if joined and number < len(spans) and spans[number].start < start:
            joined[-1] = joined[-1] + offsets
            counts.joined += 1
        else:
            joined.append(offsets)
    return joined
