"""From entities in tokens to entities in the characters of a text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from windowner.tagger.prediction import Prediction
from windowner.text.document import Span
from windowner.text.tokenizers import TokenizedSentence


def character_spans(prediction: Prediction, sentences: Sequence[TokenizedSentence]) -> Iterator[tuple[int, Span]]:
    """Yield the entities of tokenized sentences: the number of the sentence, and the place in its text."""
    spans, types = prediction.spans, prediction.model.tags.types
    tokens = list(chain.from_iterable(sentence.tokens for sentence in sentences))
    starts = list(chain.from_iterable(sentence.starts for sentence in sentences))
    owners = np.searchsorted(prediction.offsets, spans.start, side="right") - 1
    columns = (array.tolist() for array in (owners, *spans, prediction.span_probabilities))
    for owner, first, behind, type_id, probability in zip(*columns, strict=True):
        last = behind - 1
        yield owner, Span(starts[first], starts[last] + len(tokens[last]), types[type_id], probability)


def checked_texts(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts; refuse what is none."""
    if isinstance(texts, str):
        raise ValueError("texts is a string, expected several strings, such as a list; or call tag_text")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text {number} is of the type {type(text).__name__}, expected a string")
        yield text


def count_tokens(sentences: Sequence[TokenizedSentence]) -> int:
    """Return the number of tokens of a text; at least 1, because a text without tokens takes memory too."""
    return sum(len(sentence.tokens) for sentence in sentences) or 1
