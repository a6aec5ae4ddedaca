"""Corrected JSON Lines: the lines of the sentences that change are written anew, and every other byte stays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from windowner.errors import DataError
from windowner.formats.json_records import decode
from windowner.formats.jsonl import TAG_KEYS
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import END_KEYS, LABEL_KEYS, START_KEYS, read_span
from windowner.formats.spans import SPAN_KEYS, TEXT_KEYS
from windowner.labels.corrected_rows import changed_tags, written_tag
from windowner.text.alignment import aligned
from windowner.text.document import Document, Span
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, sentence_spans
from windowner.text.tokenizers import find_tokenizer

Changes = Mapping[int, Sequence[TokenSpan]]
"""New entities of sentences, by number."""

EXPECTED = "expected a JSON object on this line"


class SpanChange(msgspec.Struct):
    """Spans of a document that are taken out, and those that are put in."""

    removed: list[Span] = []
    added: list[Span] = []

    def applied(self, spans: Sequence[Span], where: str) -> list[Span]:
        """Return the spans of a document with the change.

        Raises
        ------
        DataError
            A span to take out is not there, or one to put in overlaps a longer one and would not be read.
        """
        kept = list(spans)
        for span in self.removed:
            same = [each for each in kept if each.label == span.label and each.start < span.end > span.start]
            same = [each for each in same if span.start < each.end]
            if not same:
                raise DataError(
                    f"{where}: no span {span.label} at {span.start} to {span.end}, expected the one reviewed"
                )
            # A span with white space at an edge, or inside of a token, is not quite that of the tokens.
            closest = min(same, key=lambda each: abs(each.start - span.start) + abs(each.end - span.end))
            kept = [each for each in kept if each[:3] != closest[:3]]  # it may be listed twice
        for added in self.added:
            _refuse_hidden(added, kept, where)
        return sorted([*kept, *self.added])


def corrected_token_records(text: str, corpus: Corpus, changes: Changes, options: ReadOptions) -> str:
    """Return JSON Lines of tokens and tags with other tags; see `corrected_rows`."""
    lines = text.split("\n")
    for number, entities in changes.items():
        sentence = corpus.sentences[number]
        where = f"{corpus.path}:{sentence.line}"
        record = _record(lines[sentence.line - 1], where)
        key = next((key for key in TAG_KEYS if key in record), "tags")
        tags = record.get(key)
        if not isinstance(tags, list) or len(tags) != len(sentence.tokens):
            raise DataError(
                f"{where}: tokens of white space were left out, so its tags cannot be written back; convert"
            )
        for token, new in changed_tags(corpus, number, entities).items():
            written = written_tag(str(tags[token]), (sentence.tags or [])[token], new, options, where)
            tags[token] = int(written) if isinstance(tags[token], int) else written
        lines[sentence.line - 1] = _written(record, lines[sentence.line - 1])
    return "\n".join(lines)


def corrected_span_records(text: str, spans: Mapping[int, SpanChange], path: str) -> str:
    """Return JSON Lines of texts with spans with other spans, which are given by the line of their document."""
    lines = text.split("\n")
    for line, change in spans.items():
        where = f"{path}:{line}"
        record = _record(lines[line - 1], where)
        key = next((key for key in SPAN_KEYS if isinstance(record.get(key), list)), None)
        body = next((record[key] for key in TEXT_KEYS if isinstance(record.get(key), str)), None)
        if key is None or body is None:
            raise DataError(f"{where}: no text with spans, {EXPECTED}")
        entries = [(entry, read_span(entry, body, where)) for entry in record[key]]
        after = change.applied([span for _, found in entries for span in found], where)
        kept = [entry for entry, found in entries if all(span in after for span in found)]
        pattern = record[key][0] if record[key] else ([] if key in ("label", "labels") else {})
        old = {span for _, found in entries for span in found}
        record[key] = [*kept, *(_entry(span, pattern) for span in after if span not in old)]
        lines[line - 1] = _written(record, lines[line - 1])
    return "\n".join(lines)


def span_changes(documents: Sequence[Document], corpus: Corpus, changes: Changes) -> dict[int, SpanChange]:
    """Return what changes in documents, by the number of the document.

    Sentences of documents are counted as the corpus counts them: those that have tokens.
    """
    found: dict[int, SpanChange] = {}
    for number, (document, offsets) in enumerate(_sentences(documents, corpus)):
        if number not in changes:
            continue
        (gold,) = sentence_spans([corpus.tags[number]])
        change = found.setdefault(document, SpanChange([], []))
        for side, entities in (
            (change.removed, set(gold) - set(changes[number])),
            (change.added, set(changes[number]) - set(gold)),
        ):
            side += [Span(offsets[each.start][0], offsets[each.end - 1][1], each.type) for each in sorted(entities)]
    return found


def _refuse_hidden(added: Span, kept: Sequence[Span], where: str) -> None:
    """Refuse a span that would not be read, because a kept one that overlaps it is as long."""
    for span in kept:
        overlaps = added.start < span.end and span.start < added.end
        if overlaps and span.end - span.start >= added.end - added.start:
            raise DataError(
                f"{where}: {added.label} at {added.start} to {added.end} overlaps {span.label} at {span.start} to "
                f"{span.end}, which was left out on reading, expected a longer span; change this text by hand"
            )


def _sentences(documents: Sequence[Document], corpus: Corpus) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield the sentences of documents, cut as on reading: number of the document, and the places of the tokens."""
    tokenizer = find_tokenizer(corpus.tokenizer or "white-space")
    for number, document in enumerate(documents):
        for offsets in aligned(document, tokenizer, name=corpus.path).sentences or []:
            if offsets:
                yield number, offsets


def _record(line: str, where: str) -> dict[str, Any]:
    record = decode(line, where, EXPECTED)
    if not isinstance(record, dict):
        raise DataError(f"{where}: {type(record).__name__}, {EXPECTED}")
    return record


def _written(record: dict[str, Any], line: str) -> str:
    """Return a record as a line, with white space where the line had some."""
    text = msgspec.json.encode(record).decode()
    if '": ' in line:
        text = msgspec.json.format(text, indent=0)
    return text + ("\r" if line.endswith("\r") else "")


def _entry(span: Span, pattern: Any) -> Any:
    """Return a span as an entry of a list whose other entries are like the pattern."""
    if isinstance(pattern, list):
        return [span.start, span.end, span.label]
    names = [next((key for key in keys if key in pattern), keys[0]) for keys in (START_KEYS, END_KEYS, LABEL_KEYS)]
    return dict(zip(names, (span.start, span.end, span.label), strict=True))
