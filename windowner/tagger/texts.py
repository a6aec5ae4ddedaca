"""From entities in tokens to entities in the characters of a text."""

from collections.abc import Iterable, Iterator
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np

from windowner.tagger.prediction import Prediction, RuleMark
from windowner.text.document import Span
from windowner.text.places import TokenPlaces


class TextSpans(NamedTuple):
    """The entities of each text, and the number of tokens of all texts."""

    by_text: list[list[Span]]
    tokens: int


def text_spans(
    predictions: Iterable[Prediction], places: TokenPlaces, texts: int, min_probability: float | None
) -> TextSpans:
    """Return the entities of texts by their characters.

    Parameters
    ----------
    predictions
        What was predicted for the texts' sentences, in order.
    places
        Places of the texts' tokens.
    texts
        Number of texts.
    min_probability
        Entities that are less probable are left out; None stands for the model's cutoffs.
    """
    kept = [np.empty((4, 0))]  # first token, last token, type and probability of each entity
    tokens = 0
    types: list[str] = []
    marks: list[RuleMark | None] = []
    for prediction in predictions:
        start, end, type_ids = prediction.spans
        entities = np.stack([tokens + start, tokens + end - 1, type_ids, prediction.span_probabilities])
        probable = prediction.is_probable(min_probability)
        kept.append(entities[:, probable])
        marks += compress(prediction.rule_marks, probable.tolist())
        tokens += len(prediction.tags)
        types = prediction.types
    first, last, type_ids, probabilities = np.concatenate(kept, axis=1)
    owners, starts, ends = places.of_spans(first.astype(np.intp), last.astype(np.intp))
    labels = [types[type_id] for type_id in type_ids.astype(np.intp).tolist()]
    spans = list(map(Span, starts.tolist(), ends.tolist(), labels, probabilities.tolist(), marks))
    edges = np.searchsorted(owners, np.arange(texts + 1)).tolist()
    return TextSpans([spans[start:end] for start, end in pairwise(edges)], tokens)


def checked_texts(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts; refuse what is none."""
    if isinstance(texts, str):
        raise ValueError("texts is a string, expected several strings, such as a list; or call tag_text")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text {number} is of the type {type(text).__name__}, expected a string")
        yield text
