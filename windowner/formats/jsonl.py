"""JSON Lines: one sentence per line, as `{"tokens": [...], "tags": [...]}`."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.lines import is_blank, read_lines
from windowner.formats.options import ReadOptions
from windowner.formats.tags import check_tags
from windowner.text.sentence import Sentence

_DEFAULTS = ReadOptions()


class _Record(msgspec.Struct):
    """What a line must hold; other keys are kept for whoever writes it back."""

    tokens: list[str]
    tags: list[str] | None = None


def read_json_lines(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read sentences from JSON Lines; blank lines are skipped.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        Whether every line must have tags. Tags are read either way.

    Raises
    ------
    DataError
        If a line is not such an object, or its tags do not fit its tokens.
    """
    decoder = msgspec.json.Decoder(_Record)
    whole = msgspec.json.Decoder(dict[str, Any])
    known_tags: set[str] = set()
    for line, text in read_lines(stream, name, options.first_line):
        if is_blank(text):
            continue
        where = f"{name}:{line}"
        try:
            record = decoder.decode(text)
        except msgspec.DecodeError as error:
            raise DataError(f"{where}: {error}; expected an object with tokens and tags, lists of strings") from None
        _check_lengths(record, where, options.tagged)
        extra = None if options.tagged else _other_keys(whole.decode(text))
        sentence = Sentence(record.tokens, record.tags, line, [], extra=extra)
        check_tags(sentence, name, known_tags)
        yield sentence


def json_line(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Return a tagged sentence as one line, `{"tokens": [...], "tags": [...]}`; "" for a `-DOCSTART-` line.

    Other keys of the record that the sentence comes from are kept.

    Parameters
    ----------
    sentence
        The sentence as it was read.
    tags
        New tags, one per token.
    scores
        Probabilities of the tags, which become a list `scores`.
    """
    if sentence.is_document_start:
        return ""
    record: dict[str, Any] = {**(sentence.extra or {}), "tokens": sentence.tokens, "tags": list(tags)}
    if scores is not None:
        record["scores"] = [round(float(score), 4) for score in scores]
    return msgspec.json.encode(record).decode() + "\n"


def _other_keys(record: dict[str, Any]) -> dict[str, Any] | None:
    """Return what else a record holds, or None."""
    return {key: value for key, value in record.items() if key not in _Record.__struct_fields__} or None


def _check_lengths(record: _Record, where: str, tagged: bool) -> None:
    if tagged and record.tags is None:
        raise DataError(f"{where}: no tags, expected one for each token")
    if record.tags is not None and len(record.tags) != len(record.tokens):
        raise DataError(f"{where}: {len(record.tags)} tags, expected {len(record.tokens)}, one for each token")
