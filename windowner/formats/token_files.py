"""The tokens of files, for what needs no tags."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from windowner.formats.opening import open_input
from windowner.formats.reading import stream_sentences
from windowner.formats.table import format_of


class TokenizedFiles:
    """Sentences of files, as lists of tokens, read again for each pass so that memory holds one sentence at a time.

    Tokens that hold white space are left out, because word2vec's formats cannot hold them.

    Parameters
    ----------
    paths
        The files.
    format
        Name of their format; None for what each file's suffix says.
    token_column
        For column files: 0 is the first column, -1 the last.
    lower
        Whether all tokens are read in lower case.
    """

    def __init__(self, paths: Sequence[str | Path], format: str | None, token_column: int = 0, lower: bool = False):
        self.paths, self.format, self.token_column, self.lower = paths, format, token_column, lower

    def __str__(self) -> str:
        """Return the paths."""
        return ", ".join(map(str, self.paths))

    def __iter__(self) -> Iterator[list[str]]:
        for path in self.paths:
            format = self.format or format_of(path)
            with open_input(path) as stream:
                for sentence in stream_sentences(stream, str(path), format, token_column=self.token_column):
                    tokens = [token for token in sentence.tokens if len(token.split()) == 1]
                    yield [token.lower() for token in tokens] if self.lower else tokens
