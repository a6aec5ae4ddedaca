"""Outputs that have texts with their entities: a JSON object per text, or a page of all texts."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from windowner.formats.record_writing import SPANS
from windowner.markup.marks import hues
from windowner.markup.tagged_page import page_frame, texts_html
from windowner.tagger.tagger import Tagger
from windowner.tagging.task import TagTask
from windowner.tagging.texts import HTML, lines_of_documents
from windowner.text.document import Document, span_marks


def document_writer(output_format: str, tagger: Tagger) -> Callable[[Sequence[Document]], bytes] | None:
    """Return what writes texts with their entities. None for an output that has tokens with their tags."""
    if output_format == SPANS:
        return lines_of_documents
    if output_format == HTML:
        colors = hues(tagger.types)
        return lambda documents: _utf8(
            texts_html((each.text, span_marks(each.spans or [], colors)) for each in documents)
        )
    return None


def framed(pieces: Iterator[tuple[bytes, int]], tagger: Tagger, task: TagTask) -> Iterator[tuple[bytes, int]]:
    """Yield the pieces of a tagged text, each with its number of tokens; those of a page between its head and foot.

    Raises
    ------
    ConfigError
        The output is a page, and the report extra is not installed.
    """
    if task.output_format != HTML:
        yield from pieces
        return
    head, foot = page_frame(PurePath(task.name).name, tagger.types)
    yield _utf8(head), 0
    yield from pieces
    yield _utf8(foot), 0


def _utf8(text: str) -> bytes:
    """Encode a part of a page. A character that UTF-8 cannot encode becomes a question mark."""
    return text.encode("utf-8", errors="replace")
