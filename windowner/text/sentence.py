"""What reading produces: sentences, and a corpus of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from windowner.text.schemes import Scheme, split_tag


class Sentence(NamedTuple):
    """A sentence as its file has it.

    A `-DOCSTART-` line is a sentence without tokens whose one row is that line, so that documents can be told apart and
    the line can be written back.

    Parameters
    ----------
    tokens
        The words.
    tags
        One a token, in the file's own scheme; None if tags were not read.
    line
        Line of the first token in the file, from 1.
    rows
        Lines of a column file, one a token, without line ends; [] for other formats.
    """

    tokens: list[str]
    tags: list[str] | None
    line: int
    rows: list[str]

    @property
    def is_document_start(self) -> bool:
        """Whether this is a `-DOCSTART-` line, not a sentence."""
        return bool(self.rows) and not self.tokens

    def line_of(self, token: int) -> int:
        """Line of the file with this token: rows are consecutive lines, other formats have a line a sentence."""
        return self.line + token if self.rows else self.line


@dataclass(frozen=True)
class Corpus:
    """All sentences of a labelled file.

    Parameters
    ----------
    path
        Where it was read.
    sentences
        Sentences with at least one token; `-DOCSTART-` lines are left out.
    document_starts
        Indices of the sentences that open a document; [] if the file does not mark documents.
    scheme
        Scheme of the tags, detected from the whole file.
    ill_formed
        How many tags break the scheme's rules.
    ill_formed_examples
        The first few of them, as `file:line: tag, and how it is read`.
    """

    path: str
    sentences: list[Sentence]
    document_starts: list[int]
    scheme: Scheme
    ill_formed: int
    ill_formed_examples: list[str]

    @cached_property
    def tokens(self) -> list[list[str]]:
        """Tokens, sentence by sentence."""
        return [sentence.tokens for sentence in self.sentences]

    @cached_property
    def tags(self) -> list[list[str]]:
        """Tags as the file has them, sentence by sentence."""
        return [sentence.tags or [] for sentence in self.sentences]

    @cached_property
    def token_count(self) -> int:
        """Number of tokens."""
        return sum(map(len, self.tokens))

    @cached_property
    def entity_types(self) -> list[str]:
        """Entity types that occur, sorted."""
        distinct = set().union(*self.tags) - {"O"}
        return sorted({split_tag(tag)[1] for tag in distinct})
