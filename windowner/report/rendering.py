"""`windowner.render`: texts with their entities as HTML."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from windowner.markup.filling import Html, fill
from windowner.markup.marks import Mark, Piece, cut, hues, token_marks
from windowner.tagger.prediction import Entity
from windowner.text.document import Document, Span, span_marks
from windowner.text.token_spans import sentence_spans


def render(texts: Any, found: Iterable[Any] | None = None, types: Sequence[str] = ()) -> Html:
    """Return a text, or several texts, as HTML with the entities marked. A notebook shows it as marked text.

        windowner.render(text, tagger.tag_text(text))
        windowner.render(texts, tagger.tag_texts(texts))
        windowner.render(tokens, ["B-LOC", "O", "O"])
        windowner.render(sentences, tagger.tag(sentences))
        windowner.render(sentences, tagger.entities(sentences))

    Parameters
    ----------
    texts
        A text, a list of tokens, or a list of texts or of lists of tokens. Or a `Document`, which holds its entities.
    found
        What was found in it: a list of `Span`, of tags, or of `Entity`. For several texts, such a list for each.
    types
        Entity types in the order of their colours. Other types follow. Without it, types are sorted by name.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    ValueError
        What was found does not fit the text.
    """
    pairs = list(_pairs(texts, found))
    marked = [(text, _mark_entities(text, each)) for text, each in pairs]
    colors = hues([*types, *sorted({mark.type for _, marks in marked for mark in marks})])
    return fill("texts.html", {"texts": [_pieces(text, marks, colors) for text, marks in marked]})


def _pairs(texts: Any, found: Iterable[Any] | None) -> Iterable[tuple[Any, Sequence[Any]]]:
    """Return each text with what was found in it."""
    if isinstance(texts, Document):
        return [(texts.text, texts.spans or [])]
    if found is None:
        raise ValueError("nothing found was given, expected a list of Span, of tags or of Entity beside the text")
    results, several = list(found), list(texts)
    of_one = all(isinstance(each, str) for each in several) and not any(isinstance(each, list) for each in results)
    if isinstance(texts, str) or of_one:  # a list of strings is a list of tokens if there is one list of results
        return [(texts if isinstance(texts, str) else several, results)]
    if len(several) != len(results):
        raise ValueError(f"entities of {len(results)} texts, expected those of {len(several)}")
    return zip(several, results, strict=True)


def _mark_entities(text: str | Sequence[str], found: Sequence[Any]) -> list[Mark]:
    """Return what was found in a text as marks: of its characters, or of its tokens."""
    if isinstance(text, str):
        if not all(isinstance(each, Span) for each in found):
            raise ValueError("entities of a text, expected a list of Span, such as tagger.tag_text returns")
        return span_marks(found, dict.fromkeys((span.label for span in found), 0))
    if all(isinstance(each, Entity) for each in found):
        return [Mark(each.start, each.end, each.type, probability=each.probability) for each in found]
    if not all(isinstance(each, str) for each in found):
        raise ValueError("entities of tokens, expected a list of tags or of Entity")
    if len(found) != len(text):
        raise ValueError(f"{len(found)} tags, expected {len(text)}, the number of tokens")
    return [Mark(*span) for span in sentence_spans([found])[0]]


def _pieces(text: str | Sequence[str], marks: Iterable[Mark], colors: Mapping[str, int]) -> list[Piece]:
    """Return the pieces of a text, its marks in the colours of their types."""
    colored = [mark._replace(hue=colors[mark.type]) for mark in marks]
    return cut(text, colored) if isinstance(text, str) else cut(*token_marks(text, colored))
