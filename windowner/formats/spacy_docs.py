"""DocBin, the training files of spaCy (`.spacy`): documents with tokens, sentences and entities.

`spacy_written` writes such files. Both modules need the extra `spacy`. A DocBin is msgpack in zlib. Only its arrays and
strings are read. Its user data is never decoded, and nothing is unpickled, so that a file cannot run programs.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import numpy as np

from windowner.errors import DataError
from windowner.formats.limits import LARGEST_WHOLE, check_whole
from windowner.formats.lines import read_whole
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import checked_label
from windowner.text.document import Document, Offsets, Span

EMPTY = (None, b"", b"\x80", b"\x90")
"""User data and groups of spans of a document that has none, as msgpack."""

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_FIRST_KEY = re.compile(rb"[\x80-\x8f](?:\xa7version|\xa5attrs)")
_DEFAULTS = ReadOptions()


class _Packed(msgspec.Struct):
    """What a DocBin holds. Values of other types than these are refused."""

    attrs: list[int]
    tokens: bytes
    spaces: bytes
    lengths: bytes
    strings: list[str]
    flags: list[dict[str, bool]] = []
    cats: list[Any] = []
    span_groups: list[Any] = []
    user_data: list[Any] = []


def is_docbin(head: bytes) -> bool:
    """Return whether a file that begins so is a DocBin."""
    if not _ZLIB.match(head):
        return False
    try:
        return _FIRST_KEY.match(zlib.decompressobj().decompress(head, 16)) is not None
    except zlib.error:
        return False


def read_docbin(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Document]:
    """Read the documents of a DocBin. The number of a document stands for its line.

    Tokens of white space are left out. So are documents whose entities were never set, if tags are needed.

    Parameters
    ----------
    stream
        Bytes of the file, which is read whole.
    name
        Name of the file, for error messages.
    options
        Whether every document must have entities.

    Raises
    ------
    DataError
        If spaCy is not installed, the file is damaged, or no document has entities and tags are needed.
    """
    spacy = load_spacy(name)
    data = read_whole(stream, name)
    try:
        packed = msgspec.msgpack.decode(_unpacked(data, name), type=_Packed)
        docs = _docbin(spacy, packed).get_docs(spacy.vocab.Vocab())
        documents = [_document(doc, number, options) for number, doc in enumerate(docs, start=1)]
    except (zlib.error, msgspec.MsgspecError, ValueError, LookupError, RecursionError) as error:
        raise DataError(f"{name}: a DocBin of spaCy that cannot be read: {error}") from None
    unread = {"text categories": packed.cats, "groups of spans": packed.span_groups, "user data": packed.user_data}
    for what, values in unread.items():
        if any(value and value not in EMPTY for value in values):
            options.note(f"{what} of the DocBin are not read, only doc.ents")
    kept = [document for document in documents if document.spans is not None or not options.tagged]
    if documents and not kept:
        raise DataError(f"{name}: the entities of no document are set, expected doc.ents = [...] in every document")
    options.count("documents whose entities are not set are left out", len(documents) - len(kept))
    yield from kept


def _unpacked(data: bytes, name: str) -> bytes:
    """Return data without compression."""
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(data, LARGEST_WHOLE + 1)
    check_whole(len(unpacked), name)
    if not unpacker.eof:
        raise ValueError("incomplete or truncated data")
    return unpacked


def load_spacy(name: str) -> Any:
    """Return the library spaCy.

    Raises
    ------
    DataError
        If it is not installed. `name` is the file that needs it.
    """
    try:
        import spacy
        import spacy.tokens
        import spacy.vocab
    except ImportError:
        raise DataError(f'{name}: a DocBin needs the spacy extra: pip install "windowner[spacy]"') from None
    return spacy


def _docbin(spacy: Any, packed: _Packed) -> Any:
    """Return a DocBin of the columns that are read. Syntax and user data are left out."""
    lengths = np.frombuffer(packed.lengths, np.int32)
    spaces = np.frombuffer(packed.spaces, bool).reshape(-1, 1)
    rows = np.frombuffer(packed.tokens, np.uint64).reshape(len(spaces), len(packed.attrs))
    if (lengths < 0).any() or int(lengths.sum()) != len(rows):
        raise ValueError("the lengths of its documents do not add up to the number of its tokens")
    names = [name for name in ("ORTH", "ENT_IOB", "ENT_TYPE", "SENT_START") if spacy.attrs.IDS[name] in packed.attrs]
    docbin = spacy.tokens.DocBin(attrs=names)
    if docbin.attrs[0] not in packed.attrs:
        raise ValueError("it holds no words")
    ends = np.cumsum(lengths)[:-1]
    columns = [packed.attrs.index(attr) for attr in docbin.attrs]
    if len(lengths):
        docbin.tokens = np.split(np.ascontiguousarray(rows[:, columns]), ends)
        docbin.spaces = np.split(spaces, ends)
    docbin.strings = set(packed.strings)
    docbin.flags = packed.flags or [{}] * len(lengths)
    docbin.cats = [{}] * len(lengths)
    docbin.span_groups = [b""] * len(lengths)
    return docbin


def _document(doc: Any, number: int, options: ReadOptions) -> Document:
    """Return a Doc of spaCy as a document."""
    spans = None
    if doc.has_annotation("ENT_IOB"):
        spans = [_span(entity, number) for entity in doc.ents]
    cut = doc.has_annotation("SENT_START")
    sentences: list[Offsets] = [[]]
    white = 0
    for token in doc:
        if cut and token.is_sent_start and sentences[-1]:
            sentences.append([])
        if token.text.isspace():
            white += 1
        else:
            sentences[-1].append((token.idx, token.idx + len(token.text)))
    options.count("tokens of white space are left out", white)
    not_annotated = frozenset(
        token.idx for token in doc if not (spans is None or token.ent_iob or token.text.isspace())
    )
    return Document(doc.text, spans, [offsets for offsets in sentences if offsets], number, not_annotated=not_annotated)


def _span(entity: Any, number: int) -> Span:
    """Return a span of spaCy, which belongs to the document with this number."""
    try:
        return Span(entity.start_char, entity.end_char, checked_label(entity.label_))
    except ValueError as error:
        raise ValueError(f"document {number}: {error}") from None
