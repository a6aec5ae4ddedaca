"""brat standoff: `a.txt` is a text, and `a.ann` beside it holds its entities, one per line.

    T1    PER 0 13    Angela Merkel       id, tab, label, first character, character behind the last one, tab, text

Each pair of files is a document. Relations, events, attributes and notes are left out, and counted.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from windowner.errors import DataError
from windowner.files import write_whole
from windowner.formats.lines import decode, read_blocks, read_whole
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import label_of, read_span
from windowner.stores.paths import files_below, is_file, is_folder
from windowner.text.document import Document, Span

TEXT, MARKS = ".txt", ".ann"
_NUMBER = re.compile(r"[0-9]{1,18}")
_DEFAULTS = ReadOptions()


def holds_brat(path: Path) -> bool:
    """Return whether a path is a folder of such files, or one file of a pair.

    Raises
    ------
    DataError
        If a folder cannot be read, or holds too much else.
    """
    if is_folder(path):
        return any(file.name.endswith(MARKS) for file in files_below(path, _is_of_brat))
    other = {TEXT: MARKS, MARKS: TEXT}.get(path.suffix)
    return other is not None and is_file(path) and is_file(path.with_suffix(other))


def _is_of_brat(name: str) -> bool:
    return name.endswith((TEXT, MARKS))


def read_brat(path: Path, encoding: str = "", options: ReadOptions = _DEFAULTS) -> Iterator[Document]:
    """Read all documents below a folder, or one pair of files, in the order of their names.

    Parameters
    ----------
    path
        The folder, or a file of the pair.
    encoding
        Encoding of the texts; "" is UTF-8.
    options
        Whether every text must have a file of entities.

    Raises
    ------
    DataError
        If a file cannot be read, or an entity does not fit its text.
    """
    files = sorted(files_below(path, _is_of_brat)) if path.is_dir() else [path.with_suffix(TEXT)]
    for text_path in files:
        if not text_path.name.endswith(TEXT):
            continue
        marks = text_path.with_suffix(MARKS)
        if options.tagged and not marks.is_file():
            options.count(f"texts without {MARKS} are left out")
            continue
        text = _read(text_path, encoding)
        spans = _spans(marks, text, encoding, options) if marks.is_file() else None
        extra = {"id": text_path.relative_to(path).with_suffix("").as_posix() if path.is_dir() else text_path.stem}
        yield Document(text, spans, None, 1, extra)


def write_brat(folder: Path, documents: Iterable[Document], shown: str = "") -> int:
    """Write each document as two files of a folder; return how many were written.

    The files of a document have its `id` as their name, or else its number.

    Parameters
    ----------
    folder
        The folder, which is made if it is missing.
    documents
        The documents.
    shown
        Name of the folder in error messages; "" for its own.

    Raises
    ------
    DataError
        If two documents have one name.
    """
    names: set[str] = set()
    for number, document in enumerate(documents, start=1):
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in str(document.extra.get("id", f"{number:05}")))
        name = name or f"{number:05}"
        if name in names:
            raise DataError(
                f"{shown or folder}: the text of line {document.line} is the second one with the name {name}; "
                "expected different ids"
            )
        names.add(name)
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}{TEXT}", document.text.encode())
        write_whole(folder / f"{name}{MARKS}", mark_lines(document).encode())
    return len(names)


def mark_lines(document: Document) -> str:
    """Return the entities of a document as lines of standoff."""
    lines = []
    for number, span in enumerate(document.spans or [], start=1):
        quote = document.text[span.start : span.end].replace("\n", " ").replace("\r", " ")
        lines.append(f"T{number}\t{label_of(span)} {span.start} {span.end}\t{quote}\n")
    return "".join(lines)


def _read(path: Path, encoding: str) -> str:
    """Return a text as it is: its line ends count as characters."""
    with open_input(path, encoding) as stream:
        return decode(read_whole(stream, str(path)), str(path), 1)


def _spans(path: Path, text: str, encoding: str, options: ReadOptions) -> list[Span]:
    spans: list[Span] = []
    with open_input(path, encoding) as stream:
        lines = "".join(read_blocks(stream, str(path))).split("\n")
    for line, row in enumerate(lines, start=1):
        if not row.strip():
            continue
        cells = row.split("\t", 2)
        if not row.startswith("T"):
            options.count("relations, events, attributes and notes are left out")
            continue
        label, _, places = cells[1].partition(" ") if len(cells) > 1 else ("", "", "")
        if ";" in places:
            options.count("entities of several pieces are left out")
            continue
        numbers = places.split()
        if len(numbers) != 2 or not all(map(_NUMBER.fullmatch, numbers)):
            raise DataError(f"{path}:{line}: {row[:60]!r}, expected T1, a tab, label, start and end, a tab, text")
        value = [int(numbers[0]), int(numbers[1]), label]
        quote = cells[2] if len(cells) > 2 else ""
        entry = {"start": value[0], "end": value[1], "label": label, "text": quote}
        spans += read_span(entry, text, f"{path}:{line}")
    return spans
