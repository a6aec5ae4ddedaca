"""A document: text with spans in characters, as annotation tools and users of raw text have it.

    text     Angela Merkel visited Paris.
    spans    [0, 13) PER                [22, 27) LOC        first character, character behind the last one, label

`text[span.start : span.end]` is the text of a span, always: offsets count characters of `text` as it was read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from windowner.markup.filling import for_notebook
from windowner.markup.marks import Mark, cut, hues


class Span(NamedTuple):
    """An entity of a document: characters `start` to `end` (exclusive), its label, and its probability if known.

    `rule` is the id of the rule that put the entity there, or True if the rule has none; None without a rule.
    """

    start: int
    end: int
    label: str
    probability: float | None = None
    rule: str | bool | None = None


Offsets = list[tuple[int, int]]
"""First character of each token of a sentence, and the character behind its last one."""


@dataclass(frozen=True)
class Document:
    """A text and its entities.

    Parameters
    ----------
    text
        The text.
    spans
        Its entities, in the order of the file, which may overlap; None if the text was not annotated.
    sentences
        Tokens of each sentence, where the file holds them; None where a tokenizer has to find them.
    line
        Number of the line where it begins in its file, from 1.
    extra
        What else its record holds, such as `id` and `meta`. It is written back.
    not_annotated
        First characters of tokens of `sentences` that are not annotated.
    """

    text: str
    spans: list[Span] | None = None
    sentences: list[Offsets] | None = None
    line: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)
    not_annotated: frozenset[int] = frozenset()

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        colors = hues(sorted({span.label for span in self.spans or []}))
        return for_notebook("texts.html", {"texts": [cut(self.text, span_marks(self.spans or [], colors))]})


def span_marks(spans: Iterable[Span], colors: Mapping[str, int]) -> list[Mark]:
    """Return entities as marks of their text, with the colours of their labels."""
    return [
        Mark(span.start, span.end, span.label, probability=span.probability, hue=colors[span.label]) for span in spans
    ]
