"""Explaining: which word a request means, and why the tagger gives its tag to it."""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np

from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import ExplainRequest
from windowner.errors import ModelError
from windowner.tagger.explanation import Explanation
from windowner.tagger.tagger import Tagger
from windowner.text.document import Offsets
from windowner.text.stretches import LONGEST, stretch_edges
from windowner.text.tokenizers import find_tokenizer

FEATURES = 30
"""Single features in an answer, the largest shares first."""


def explained(tagger: Tagger, request: ExplainRequest) -> dict[str, Any]:
    """Return why the word of a request has its tag.

    Raises
    ------
    Problem
        There is no such word, or a tag is unknown.
    """
    _check_tags(tagger.model.tags.names, request)
    offsets = None if request.text is None else find_tokenizer(tagger.model.tokenizer).tokenize(request.text)
    sentences = request.tokens or [[(request.text or "")[s:e] for s, e in sentence] for sentence in offsets or []]
    number, word = _find(sentences, offsets, request)
    context = _context(tagger, sentences, number) if offsets is not None or request.document else []
    try:
        found = tagger.explain(sentences[number], word, request.tag, request.against, context)
    except ModelError as error:
        raise Problem(422, "model", str(error), "a model of two tags") from None
    places = {} if offsets is None else {"offsets": offsets[number]}
    return found.as_dict() | places | readable(found)


def readable(found: Explanation) -> dict[str, Any]:
    """Return the shares as `windowner explain` prints them: those of words, and the largest ones of features."""
    features, _ = found.feature_rows(FEATURES)
    return {"words": [row._asdict() for row in found.word_rows], "features": [row._asdict() for row in features]}


def _check_tags(names: Sequence[str], request: ExplainRequest) -> None:
    for where, tag in (("tag", request.tag), ("against", request.against)):
        if tag is not None and tag not in names:
            raise Problem(422, where, f"the unknown tag {tag}", f"one of {', '.join(names)}")
    if request.tag is not None and request.tag == request.against:
        raise Problem(422, "against", f"{request.tag}, which is also the tag", "another tag")


def _find(
    sentences: Sequence[Sequence[str]], offsets: Sequence[Offsets] | None, request: ExplainRequest
) -> tuple[int, int]:
    """Return the sentence that is meant, and the word in it."""
    edges = list(accumulate(map(len, sentences), initial=0))
    if not edges[-1]:
        raise Problem(422, "tokens" if offsets is None else "text", "no token", "one token at least")
    word = request.word
    if request.character is not None:
        places = list(chain.from_iterable(offsets or []))
        word = next((n for n, (start, end) in enumerate(places) if start <= request.character < end), None)
        if word is None:
            raise Problem(422, "character", f"no token at character {request.character:,}", "a character of a token")
    if word is None or word >= edges[-1]:
        raise Problem(422, "word", f"{word}", f"a number from 0 below {edges[-1]:,}, the number of tokens")
    number = int(np.searchsorted(edges, word, side="right")) - 1
    return number, word - edges[number]


def _context(tagger: Tagger, sentences: Sequence[Sequence[str]], number: int) -> list[Sequence[str]]:
    """Return the other sentences of the stretch that is tagged together with a sentence of a document."""
    if not tagger.model.reads_documents:
        return []
    edges = stretch_edges(list(map(len, sentences)), [0], LONGEST)
    place = int(np.searchsorted(edges, number, side="right"))
    return [sentences[other] for other in range(edges[place - 1], edges[place]) if other != number]
