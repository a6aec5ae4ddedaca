"""Documents of spaCy: their sentences as a tagger reads them, and their entities.

spaCy's tokens of white space, such as a line end, belong to no sentence here, because no tagger was trained on them. An
entity may hold one between its words.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from spacy.tokens import Span

from windowner.tagger.prediction import Entity
from windowner.text.tokenizers import Tokenizer

PROBABILITY = "probability"
"""Name of the extension of spans: `span._.probability`. It is None for entities of other components."""


def read_sentences(doc: Any, tokenizer: Tokenizer) -> list[list[Any]]:
    """Return the tokens of each sentence.

    Sentences are those of the document. Where no component has set them, the tokenizer of the model finds where they
    begin.
    """
    if doc.has_annotation("SENT_START"):
        starts = [sentence.start_char for sentence in doc.sents]
    else:
        starts = [sentence[0][0] for sentence in tokenizer.tokenize(doc.text)]
    words = (token for token in doc if not token.is_space)
    return [list(sentence) for _, sentence in groupby(words, key=lambda token: bisect_right(starts, token.idx))]


def register_probability() -> None:
    """Make `span._.probability` known to spaCy, in this process."""
    if not Span.has_extension(PROBABILITY):
        Span.set_extension(PROBABILITY, getter=_probability)


def set_entities(doc: Any, found: Iterable[tuple[Sequence[Any], Sequence[Entity]]], *, overwrite: bool) -> None:
    """Set what was found as the entities of a document, beside those that it has.

    No entity is set on tokens that are blocked, and they stay blocked.

    Parameters
    ----------
    doc
        The document.
    found
        The tokens of each sentence, and the entities in it.
    overwrite
        Whether entities that were found replace those of the document that overlap them. Otherwise they are left out
        there.
    """
    blocked = [doc[token.i : token.i + 1] for token in doc if token.ent_iob_ == "B" and not token.ent_type]
    old = list(doc.ents)
    taken = _places(blocked if overwrite else [*blocked, *old])
    new = []
    for sentence, entities in found:
        for entity in entities:
            first, last = sentence[entity.start], sentence[entity.end - 1]
            name = entity.rule if isinstance(entity.rule, str) else ""
            span = Span(doc, first.i, last.i + 1, label=entity.type, span_id=name)
            if taken.isdisjoint(range(span.start, span.end)):
                doc.user_data[_key(span)] = [span.label_, entity.probability]
                new.append(span)
    replaced = _places(new)
    kept = [entity for entity in old if replaced.isdisjoint(range(entity.start, entity.end))]
    doc.set_ents([*kept, *new], blocked=blocked)


def _key(span: Any) -> tuple[str, str, int, int]:
    """Return a key of the kind under which spaCy keeps extensions of spans. It copies them together with the text."""
    return "._.", f"windowner_{PROBABILITY}", span.start_char, span.end_char


def _probability(span: Any) -> float | None:
    """Return the probability of an entity; None for a span of another type at the same place."""
    label, probability = span.doc.user_data.get(_key(span)) or (None, None)
    return probability if label == span.label_ else None


def _places(spans: Iterable[Any]) -> set[int]:
    """Return the numbers of all tokens of spans."""
    return {place for span in spans for place in range(span.start, span.end)}
