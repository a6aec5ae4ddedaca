"""The table of the file formats. Readers, writers, commands and folders of files all take their formats from it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO

from windowner.formats import brackets, conllu, jsonl, label_studio, separated, spans, webanno
from windowner.formats.blocks import Block
from windowner.formats.columns import column_text, read_columns
from windowner.formats.distinct import Memory
from windowner.formats.head import Head
from windowner.formats.options import ReadOptions
from windowner.formats.parquet import read_parquet
from windowner.formats.record_blocks import read_record_blocks
from windowner.formats.row_blocks import read_row_blocks
from windowner.formats.spacy_docs import read_docbin
from windowner.formats.tokens import read_token_blocks, read_token_lines
from windowner.stores.address import Address, path_of
from windowner.text.document import Document
from windowner.text.sentence import Sentence

Reader = Callable[[BinaryIO, str, ReadOptions], Iterator[Sentence] | Iterator[Document]]
"""Takes the bytes of a file and its name for error messages. Parquet holds sentences or documents."""

BlockReader = Callable[[BinaryIO, str, ReadOptions, int, Memory | None], Iterator[Block] | Iterator[Block | Sentence]]
"""A `Reader` of sentences to be tagged, in blocks. It also takes the least number of bytes of a block, and a memory."""

DocumentReader = Callable[[BinaryIO, str, ReadOptions], Iterator[Document]]
"""A `Reader` of texts with spans."""

Writer = Callable[[Sentence, Sequence[str], Sequence[float] | None], str]
"""Takes a sentence, its new tags and their probabilities, or None; returns text."""

COMPRESSED = ".gz"
COLUMNS, CSV, JSON_LINES, SPANS, BRAT, PARQUET, SPACY = "columns", "csv", "jsonl", "spans", "brat", "parquet", "spacy"


@dataclass(frozen=True)
class Format:
    """A file format. It holds sentences (`read`, `write`) or documents (`read_documents`, `write_document`).

    Parameters
    ----------
    name
        Its name for users.
    suffixes
        How names of such files end, without `.gz`. The first one is given to files that are written.
    read
        Its reader of sentences; None if it holds documents.
    write
        Its writer of sentences; None if the format holds no tags, or documents.
    looks_like
        Whether a file that begins so is of this format; None if only its name or an option says so.
    read_documents
        Its reader of documents.
    write_document
        Its writer of documents.
    brackets
        What stands before, between and behind what is written.
    read_blocks
        Its reader of blocks, which hold what `read` reads of the sentences; None if there is none.
    blocks_become
        Names of the outputs that are written from blocks.
    has_tags
        Whether files of this format hold tags or spans.
    says_not_annotated
        Whether a file of this format can say that a token is not annotated.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader | None = None
    write: Writer | None = None
    looks_like: Callable[[Head], bool] | None = None
    read_documents: DocumentReader | None = None
    write_document: Callable[[Document], str] | None = None
    brackets: tuple[str, str, str] = field(default=("", "", ""))
    read_blocks: BlockReader | None = None
    blocks_become: tuple[str, ...] = (COLUMNS,)
    has_tags: bool = True
    says_not_annotated: bool = False

    @property
    def holds_documents(self) -> bool:
        """Whether files of this format hold texts with spans."""
        return self.read is None

    @property
    def can_write(self) -> bool:
        """Whether files of this format are written."""
        return bool(self.write or self.write_document or self.name in (BRAT, PARQUET, SPACY))


FORMATS = {
    format.name: format
    for format in (
        Format(
            COLUMNS,
            (".conll",),
            read_columns,
            column_text,
            read_blocks=read_row_blocks,
            blocks_become=(COLUMNS, JSON_LINES, SPANS),
            says_not_annotated=True,
        ),
        Format("tokens", (".txt",), read_token_lines, read_blocks=read_token_blocks, has_tags=False),
        Format(
            JSON_LINES,
            (".jsonl",),
            jsonl.read_json_lines,
            jsonl.json_line,
            jsonl.looks_like,
            read_blocks=read_record_blocks,
            blocks_become=(COLUMNS, JSON_LINES, SPANS),
            says_not_annotated=True,
        ),
        Format(
            SPANS,
            (),
            looks_like=spans.looks_like,
            read_documents=spans.read_spans,
            write_document=spans.document_line,
        ),
        Format(
            "label-studio",
            (),
            looks_like=label_studio.looks_like,
            read_documents=label_studio.read_label_studio,
            write_document=label_studio.task_text,
            brackets=("[\n", ",\n", "\n]\n"),
        ),
        Format("conllu", (conllu.SUFFIX,), conllu.read_conllu, conllu.conllu_text, conllu.looks_like),
        Format(
            CSV,
            (".csv",),
            separated.read_separated,
            separated.separated_text,
            separated.looks_like,
            says_not_annotated=True,
        ),
        Format("webanno", (), looks_like=webanno.looks_like, read_documents=webanno.read_webanno),
        Format("brackets", (), brackets.read_brackets, brackets.bracket_text, brackets.looks_like),
        Format(BRAT, ()),
        Format(PARQUET, (".parquet",), read_parquet, says_not_annotated=True),
        Format(SPACY, (".spacy",), read_documents=read_docbin, says_not_annotated=True),
    )
}
"""All formats by name."""

WRITERS = {name: format.write for name, format in FORMATS.items() if format.write is not None}
"""Writers of sentences by the name of their format."""

SUFFIXES = {suffix: name for name, format in FORMATS.items() for suffix in format.suffixes}
"""Names of formats by the suffixes of their files."""


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises
    ------
    ValueError
        If no format has the name.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}, expected one of {', '.join(FORMATS)}")
    return FORMATS[name]


def suffix_of(path: str | PurePath | Address) -> str:
    """Return the last suffix of a file's name, `.gz` aside: `.conll` for `a.b.conll.gz`."""
    named = path_of(path) if isinstance(path, str) else path
    return PurePath(named.name.removesuffix(COMPRESSED)).suffix
