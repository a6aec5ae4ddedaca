"""Answering: from requests to JSON, by a tagger. Requests of one kind are tagged together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import Any

import msgspec

from windowner.adapters.service.batching import AT_ONCE, Answer
from windowner.adapters.service.explaining import explained
from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import ExplainRequest, Request, TagRequest
from windowner.formats.record_writing import add_spans
from windowner.tagger.chunks import chunks
from windowner.tagger.tagger import Tagger
from windowner.tagging.texts import joined

Record = dict[str, Any]
Kind = tuple[bool, bool, float | None]
"""Whether a request has tokens, whether they are a document, and its least probability."""


class Answerer:
    """Answers requests with a tagger.

    Parameters
    ----------
    tagger
        The tagger.
    """

    def __init__(self, tagger: Tagger):
        self.tagger = tagger

    def __call__(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answer of each request: JSON, or the problem."""
        answers: dict[int, Answer] = {}
        kinds: dict[Kind, dict[int, TagRequest]] = {}
        for number, request in enumerate(requests):
            if isinstance(request, ExplainRequest):
                answers[number] = self._explain(request)
            else:
                kind = request.tokens is not None, request.document, request.min_probability
                kinds.setdefault(kind, {})[number] = request
        for kind, same in kinds.items():
            answers |= zip(same, self._tag(kind, list(same.values())), strict=True)
        return [answers[number] for number in range(len(requests))]

    def _tag(self, kind: Kind, requests: Sequence[TagRequest]) -> Iterator[bytes]:
        """Yield the answers of requests of one kind."""
        has_tokens, is_document, least = kind
        counts = [len(request.tokens or request.all_texts) for request in requests]
        if has_tokens:
            starts = list(accumulate(counts, initial=0)) if is_document else None
            sentences = chain.from_iterable(request.tokens or [] for request in requests)
            records = self._tag_tokens(list(sentences), starts, least)
        else:
            records = self._tag_texts(chain.from_iterable(request.all_texts for request in requests), least)
        for request, count in zip(requests, counts, strict=True):
            own = list(islice(records, count))
            yield msgspec.json.encode({"results": own} if request.text is None else own[0])

    def _tag_texts(self, texts: Iterable[str], least: float | None) -> Iterator[Record]:
        """Yield each text with its entities, as `windowner tag --output spans` writes them."""
        for chunk in chunks(texts, len, AT_ONCE):
            for text, spans in zip(chunk, self.tagger.find_spans(chunk, least).by_text, strict=True):
                yield add_spans({}, text, spans)

    def _tag_tokens(
        self, sentences: Sequence[Sequence[str]], starts: Sequence[int] | None, least: float | None
    ) -> Iterator[Record]:
        """Yield each sentence with its tags, and with its entities in the text that spaces make of it."""
        for chunk, prediction in self.tagger.predictions(sentences, starts):
            texts, found = joined(chunk, prediction, least)
            tags = prediction.without_improbable(least).tag_names("IOB2")
            for tokens, own_tags, text, spans in zip(chunk, tags, texts, found.by_text, strict=True):
                yield add_spans({"tokens": tokens, "tags": own_tags}, text, spans)

    def _explain(self, request: ExplainRequest) -> Answer:
        try:
            return msgspec.json.encode(explained(self.tagger, request))
        except Problem as problem:
            return problem
