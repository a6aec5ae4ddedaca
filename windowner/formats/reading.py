"""Labelled files: as a stream of sentences, or whole, as a corpus."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from windowner.errors import DataError
from windowner.formats.items import as_sentences, read_items
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO, is_brat
from windowner.formats.reports import describe_long_sentence, describe_no_tokens, report_ill_formed
from windowner.stores.address import AnyPath, name_of
from windowner.text.detection import detect, find_ill_formed
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import encode_tags

MAX_EXAMPLES = 5
"""This many ill-formed tags are reported one by one."""


def read_sentences(
    path: str | AnyPath,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    format: str = AUTO,
    encoding: str = "",
    tag_names: Sequence[str] = (),
    tokenizer: str = AUTO,
) -> Iterator[Sentence]:
    """Read the labelled sentences of a file, document marks included, in constant memory; see `read_corpus`.

    Raises
    ------
    DataError
        If the file cannot be opened or read.
    """
    options = ReadOptions(token_column, tag_column, tag_names=tuple(tag_names), tokenizer=tokenizer)
    return labelled_sentences(path, format, encoding, options)


def labelled_sentences(path: str | AnyPath, format: str, encoding: str, options: ReadOptions) -> Iterator[Sentence]:
    """Read the labelled sentences of a file with these options, to whose notes the reader adds."""
    return as_sentences(read_items(path, format, encoding, options), name_of(path), options, is_brat(path, format))


def read_corpus(
    path: str | AnyPath,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    format: str = AUTO,
    encoding: str = "",
    tag_names: Sequence[str] = (),
    tokenizer: str = AUTO,
) -> Corpus:
    """Read a labelled file whole, and detect its scheme.

    Parameters
    ----------
    path
        A file of any format, which may be compressed; the address of one; or a folder of brat files.
    token_column, tag_column
        For column files; 0 is the first column, -1 the last.
    format
        Name of the format, such as `columns`; `auto` if the content says it.
    encoding
        Encoding of the text; "" is UTF-8, or what the byte order mark says.
    tag_names
        Names of the tags that the file writes as numbers.
    tokenizer
        Name of what finds the tokens of text with spans; `auto` for what fits its letters.

    Raises
    ------
    DataError
        If the file cannot be read, is empty, or mixes schemes.
    """
    options = ReadOptions(token_column, tag_column, tag_names=tuple(tag_names), tokenizer=tokenizer)
    return corpus_of(name_of(path), labelled_sentences(path, format, encoding, options), options)


def corpus_of(path: str, stream: Iterable[Sentence], options: ReadOptions) -> Corpus:
    """Return labelled sentences as a corpus; `path` is what an error calls the place that they come from.

    Raises
    ------
    DataError
        If there is no token, or the tags mix schemes.
    """
    sentences, document_starts = _part_documents(stream)
    if not sentences:
        raise DataError(describe_no_tokens(path, options))
    encoded = encode_tags([sentence.tags or [] for sentence in sentences])
    try:
        scheme = detect(encoded)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    reports = report_ill_formed(path, sentences, encoded, scheme)
    if long := describe_long_sentence(sentences):
        options.note(long)
    return Corpus(
        path=path,
        sentences=sentences,
        document_starts=document_starts,
        scheme=scheme,
        ill_formed=find_ill_formed(encoded, scheme).total,
        ill_formed_examples=list(islice(reports, MAX_EXAMPLES)),
        tokenizer=options.found[0] if options.found else "",
        notes=options.all_notes(),
    )


def _part_documents(stream: Iterable[Sentence]) -> tuple[list[Sentence], list[int]]:
    """Return the sentences that have tokens, and the indices of those that open a document."""
    sentences: list[Sentence] = []
    document_starts: list[int] = []
    for sentence in stream:
        if sentence.tokens:
            sentences.append(sentence)
        elif sentence.is_document_start:
            document_starts.append(len(sentences))
    # Two marks in a row, or a mark at the end, make a document without sentences, which is left out.
    return sentences, [start for start in dict.fromkeys(document_starts) if start < len(sentences)]
