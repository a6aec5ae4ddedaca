"""A sentence, and a corpus of sentences, as they were read from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from windowner.text.schemes import NOT_ANNOTATED, TYPELESS, Scheme, split_tag

WEIGHT = "weight"
"""Key of a record that says how much its sentence weighs in training."""

LONGEST_SENTENCE = 1 << 20
"""Tokens of a sentence, at most. In raw text, a sentence ends after this many. Files with longer ones are refused."""

DOCUMENT_STARTS = ("-DOCSTART-", "#begin document", "# begin document", "# newdoc")
"""How a row starts that opens a document."""


class Sentence(NamedTuple):
    """A sentence as its file holds it.

    A `-DOCSTART-` line is a sentence without tokens whose only row is that line. It separates documents, and can be
    written back. Comments and header rows are such sentences, too.

    Parameters
    ----------
    tokens
        The tokens.
    tags
        One tag per token, in the scheme of the file; None if tags were not read.
    line
        Number of the first token's line in the file, from 1.
    rows
        Lines of a column file without line ends, one per token unless `token_rows` says otherwise; [] for other
        formats.
    token_rows
        Place of each token's line in `rows`, where other lines stand among them; None otherwise.
    extra
        What else the record of the sentence holds, such as `id`. It is written back.
    probabilities
        Probability of each tag that a token may have, token by token; None if the tags are sure.
    unmarked
        Types that nobody looked for in the sentence. So its O means O, or one of them.
    """

    tokens: list[str]
    tags: list[str] | None
    line: int
    rows: list[str]
    token_rows: list[int] | None = None
    extra: Mapping[str, Any] | None = None
    probabilities: Sequence[Mapping[str, float]] | None = None
    unmarked: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """How much the sentence weighs in training: the key `weight` of its record, 1 by default."""
        return float((self.extra or {}).get(WEIGHT, 1.0))

    @property
    def is_mark(self) -> bool:
        """Whether this is rows without tokens: a document's start, comments, or a header."""
        return bool(self.rows) and not self.tokens

    @property
    def is_document_start(self) -> bool:
        """Whether this is a `-DOCSTART-` line, or comments of which one opens a document."""
        return self.is_mark and any(row.startswith(DOCUMENT_STARTS) for row in self.rows)

    def line_of(self, token: int) -> int:
        """Return the line of a token. Column files have one line per token, other formats one per sentence."""
        if self.token_rows is not None:
            return self.line + (self.token_rows[token] if token < len(self.token_rows) else len(self.rows))
        return self.line + token if self.rows else self.line


@dataclass(frozen=True)
class Corpus:
    """All sentences of a labelled file.

    Parameters
    ----------
    path
        Path of the file.
    sentences
        Sentences with at least one token. `-DOCSTART-` lines are left out.
    document_starts
        Indices of the first sentences of documents; [] if the file does not mark documents.
    scheme
        Scheme of the tags, detected from the whole file.
    ill_formed
        Number of tags that break the scheme's rules.
    ill_formed_examples
        Messages about the first few of them: file, line, tag, and how it is read.
    tokenizer
        Name of the tokenizer that found the tokens; "" if the file holds tokens.
    notes
        What else is worth saying about how the file was read.
    digest
        BLAKE2b digest of text that comes from memory; "" if a file holds it.
    """

    path: str
    sentences: list[Sentence]
    document_starts: list[int]
    scheme: Scheme
    ill_formed: int
    ill_formed_examples: list[str]
    tokenizer: str = ""
    notes: tuple[str, ...] = ()
    digest: str = ""

    @cached_property
    def tokens(self) -> list[list[str]]:
        """Tokens of each sentence."""
        return [sentence.tokens for sentence in self.sentences]

    @cached_property
    def tags(self) -> list[list[str]]:
        """Tags of each sentence, in the scheme of the file."""
        return [sentence.tags or [] for sentence in self.sentences]

    @cached_property
    def token_count(self) -> int:
        """Number of tokens."""
        return sum(map(len, self.tokens))

    @cached_property
    def not_annotated_count(self) -> int:
        """Number of tokens that are not annotated."""
        return sum(tags.count(NOT_ANNOTATED) for tags in self.tags)

    @cached_property
    def entity_types(self) -> list[str]:
        """Entity types that occur, sorted. Types that are only probable occur, too."""
        probable = (tags for each in self.sentences if each.probabilities for tags in each.probabilities)
        distinct = set().union(*self.tags, *probable) - TYPELESS
        return sorted({split_tag(tag)[1] for tag in distinct})
