"""Text without labels, as sentences to be tagged: raw text, or tokens, in any format that `windowner tag` reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.opening import open_input
from windowner.formats.recognition import recognise_stream
from windowner.formats.streaming import stream_sentences
from windowner.formats.texts import TEXT_READERS
from windowner.tagger.tagger import Tagger
from windowner.tagging.texts import ReadSentence, read_texts
from windowner.text.sentence import Sentence


def read_unlabelled(
    tagger: Tagger, path: Path, format: str = "", encoding: str = ""
) -> tuple[list[Sentence], list[int]]:
    """Return the sentences of a file that have tokens, without tags, and the numbers of those that open a document.

    Parameters
    ----------
    tagger
        Its tokenizer splits raw text, and its run says which column holds the token.
    path
        The file.
    format
        Name of the format; "" for what the content says.
    encoding
        Encoding of the text; "" means UTF-8, or what its byte order mark says.

    Raises
    ------
    DataError
        The file cannot be read, or holds no token.
    """
    sentences: list[Sentence] = []
    starts: list[int] = []
    opens = False
    with open_input(path, encoding) as opened:
        format, stream = recognise_stream(opened, str(path), format)
        for sentence, is_first in _sentences(tagger, stream, str(path), format):
            opens = opens or is_first or sentence.is_document_start
            if sentence.tokens:
                starts += [len(sentences)] if opens else []
                sentences.append(sentence)
                opens = False
    if not sentences:
        raise DataError(f"{path}:1: no tokens, expected unlabelled sentences")
    return sentences, starts


def _sentences(tagger: Tagger, stream: BinaryIO, name: str, format: str) -> Iterator[ReadSentence]:
    if format in TEXT_READERS:
        return read_texts(tagger, stream, name, format, 1)
    column = tagger.model.config.data.token_column
    return ((sentence, False) for sentence in stream_sentences(stream, name, format, token_column=column))
