"""Samples as scikit-learn hands them over: sentences with tags, or texts with spans.

X    [["Paris", "is", "big"], ...]        or    ["Paris is big.", ...]
y    [["B-LOC", "O", "O"], ...]           or    [[(0, 5, "LOC")], ...]
"""

from collections.abc import Mapping
from operator import index
from typing import Any

from windowner.runs.memory import LabelledText
from windowner.scoring.entities import score
from windowner.scoring.exact_spans import score_spans
from windowner.text.document import Document, Span


def are_texts(samples: list[Any]) -> bool:
    """Return whether samples that `read_samples` returned are texts."""
    return bool(samples) and isinstance(samples[0], str)


def read_samples(X: Any) -> list[Any]:
    """Return samples as strings, or as lists of strings.

    Raises
    ------
    ValueError
        If they are neither.
    """
    if isinstance(X, str | Mapping) or hasattr(X, "columns"):
        kind = type(X).__name__
        raise ValueError(f"X is of the type {kind}, expected a list of sentences (lists of tokens), or a list of texts")
    samples = list(X)
    if samples and all(isinstance(sample, str) for sample in samples):
        return samples
    return [_read_strings(sample, f"X[{number}]", "token") for number, sample in enumerate(samples)]


def read_labelled(X: Any, y: Any) -> LabelledText:
    """Return samples with their labels, as a training takes them.

    Raises
    ------
    ValueError
        If X or y is something else, or their lengths differ.
    """
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None: expected the tags or spans of each sample")
    samples, labels = read_samples(X), list(y)
    if not samples:
        raise ValueError("X has no samples, expected at least one")
    if len(samples) != len(labels):
        raise ValueError(f"X has {len(samples)} samples and y has {len(labels)}, expected as many labels as samples")
    if are_texts(samples):
        spans = [_read_spans(each, f"y[{number}]") for number, each in enumerate(labels)]
        return list(map(Document, samples, spans))
    tags = [_read_strings(each, f"y[{number}]", "tag") for number, each in enumerate(labels)]
    return list(zip(samples, tags, strict=True))


def entity_f1(labelled: LabelledText, predicted: list[Any]) -> float:
    """Return the F1 of predicted tags or spans, in the form of y, over all entities together."""
    items = list(labelled)
    documents = [item for item in items if isinstance(item, Document)]
    if documents:
        return score_spans(documents, [[Span(*span) for span in spans] for spans in predicted]).overall.f1
    return score([list(item[1]) for item in items if not isinstance(item, Document)], predicted).overall.f1


def _read_strings(values: Any, where: str, what: str) -> list[str]:
    """Return a sample's tokens or tags."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ValueError(f"{where} is of the type {type(values).__name__}, expected a list of {what}s")
    strings = list(values)
    for number, value in enumerate(strings):
        if not isinstance(value, str):
            raise ValueError(f"{where}[{number}] is of the type {type(value).__name__}, expected a {what}: a string")
    return list(map(str, strings))


def _read_spans(values: Any, where: str) -> list[Span]:
    """Return a text's spans: first character, the character behind the last one, type."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ValueError(f"{where} is of the type {type(values).__name__}, expected a list of spans")
    spans = []
    for number, value in enumerate(values):
        try:
            start, end, label, *_ = value
            if not isinstance(label, str):
                raise TypeError
            spans.append(Span(index(start), index(end), str(label)))
        except (TypeError, ValueError):
            raise ValueError(f"{where}[{number}] is {value!r}, expected a span such as (0, 5, 'LOC')") from None
    return spans
