"""The tokens of files, for what needs no tags."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from windowner.formats.opening import open_input
from windowner.formats.recognition import recognise_stream
from windowner.formats.streaming import stream_sentences
from windowner.formats.texts import TEXT_READERS
from windowner.text.choosing import tokenizer_for_text
from windowner.text.tokenizers import Tokenizer, find_tokenizer


class TokenizedFiles:
    """Sentences of files, as lists of tokens, read again for each pass so that memory holds one sentence at a time.

    Raw text is tokenized by what fits the letters of its first text. Tokens that hold white space are left out, because
    word2vec's formats cannot hold them.

    Parameters
    ----------
    paths
        The files.
    format
        Name of their format; "" for what each file's content says.
    token_column
        For column files: 0 is the first column, -1 the last.
    encoding
        Encoding of the text; "" is UTF-8, or what a byte order mark says.
    lower
        Whether all tokens are read in lower case.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        format: str = "",
        token_column: int = 0,
        encoding: str = "",
        *,
        lower: bool = False,
    ):
        self.paths, self.format, self.token_column, self.encoding = paths, format, token_column, encoding
        self.lower = lower

    def __str__(self) -> str:
        """Return the paths."""
        return ", ".join(map(str, self.paths))

    def __iter__(self) -> Iterator[list[str]]:
        for path in self.paths:
            with open_input(path, self.encoding, keep_line_ends=self.format == "document") as stream:
                for given in self._read(stream, str(path)):
                    tokens = [token for token in given if len(token.split()) == 1]
                    yield [token.lower() for token in tokens] if self.lower else tokens

    def _read(self, stream: BinaryIO, name: str) -> Iterator[list[str]]:
        """Yield the tokens of each sentence of a file."""
        format, stream = recognise_stream(stream, name, self.format, has_columns=bool(self.token_column))
        if format not in TEXT_READERS:
            for sentence in stream_sentences(stream, name, format, token_column=self.token_column):
                yield sentence.tokens
            return
        tokenizer: Tokenizer | None = None
        for document in TEXT_READERS[format](stream, name, 1):
            tokenizer = tokenizer or find_tokenizer(tokenizer_for_text(document.text))
            yield from tokenizer.split(document.text).sentences
