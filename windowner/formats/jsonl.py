"""JSON Lines, or a JSON array: one sentence per record, as `{"tokens": [...], "tags": [...]}`.

`words` may stand for `tokens`. `ner_tags`, `labels` and `ner` may stand for `tags`, and numbers for their names. A tag
may be null: the token is not annotated. `tag_probabilities` and `weight` are read by `probabilities`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.json_records import read_records
from windowner.formats.limits import check_sentence
from windowner.formats.options import ReadOptions
from windowner.formats.probabilities import PROBABILITIES, check_weight, likeliest_tags, read_probabilities
from windowner.formats.tags import WHITE, TagReader
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

TOKEN_KEYS = ("tokens", "words")
TAG_KEYS = ("tags", "ner_tags", "labels", "ner", "label")
_FIELDS = (("tokens", TOKEN_KEYS), ("tags", TAG_KEYS))
SCORES = "scores"
SUFFIXES = (".jsonl", ".json", ".ndjson")
DOCUMENT_KEYS = ("document", "doc_id", "document_id", "doc")
"""Keys that say which document a record belongs to. A new value begins a document."""

DOCUMENT_ROW = "-DOCSTART- -X- O O"
EXPECTED = "expected an object with tokens and tags, lists of strings"
_DEFAULTS = ReadOptions()


class _Record(msgspec.Struct):
    """What a sentence needs."""

    tokens: list[str]
    tags: list[str | int | None] | None = None


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    if not head.keys:
        return head.suffix in SUFFIXES and not isinstance(head.record, list)
    tokens = next((head.record[key] for key in TOKEN_KEYS if key in head.keys), None)
    if isinstance(tokens, list) and tokens and not isinstance(tokens[0], str):
        return False
    return tokens is not None and ("text" not in head.keys or any(key in head.keys for key in TAG_KEYS))


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
    yield from sentences_of_records(read_records(stream, name, EXPECTED, options.first_line), name, options)


def sentences_of_records(records: Iterable[tuple[int, Any]], name: str, options: ReadOptions) -> Iterator[Sentence]:
    """Yield the sentences of records with their lines; see `RecordReader`."""
    return RecordReader(name, options).sentences(records)


class RecordReader:
    """Turns the records of one file into sentences, and remembers the tags that it has accepted.

    Parameters
    ----------
    name
        Name of the file, for error messages.
    options
        Whether every record must have tags, and whether the first one continues a document.
    """

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name, self.options = name, options
        self.tags = TagReader(name, options)
        self._document: Any = None
        self._continues = options.continues  # whether the next record may belong to a document that began before

    def sentences(self, records: Iterable[tuple[int, Any]]) -> Iterator[Sentence]:
        """Yield the sentences of records with their lines, and a mark where a record names another document.

        Raises
        ------
        DataError
            If a record is no object with tokens, or its tags do not fit its tokens.
        """
        tagged = self.options.tagged
        for line, record in records:
            where = f"{self.name}:{line}"
            tokens, tags, extra = _fields(record, where)
            probabilities = extra.pop(PROBABILITIES, None)  # of other tags than those that are written
            if tagged:
                _note_others(record, extra, self.options)
                check_weight(extra, where, self.options)
                probabilities = read_probabilities(probabilities, len(tokens), where, self.options)
                tags = likeliest_tags(probabilities) if tags is None and probabilities is not None else tags
            check_sentence(len(tokens), where)
            _check_lengths(tokens, tags, where, tagged)
            if self.opens(document_of_record(extra)):
                yield Sentence([], None, line, [DOCUMENT_ROW])
            sentence = self.tags.read(Sentence(tokens, tags, line, [], None, extra or None))
            if tagged and probabilities is not None:
                sentence = sentence._replace(probabilities=probabilities)
            yield _without_white_tokens(sentence, self.options) if tagged else sentence

    def opens(self, document: Any) -> bool:
        """Return whether the next record begins a document: it names another one than the record before it."""
        opens = document is not None and document != self._document and not self._continues
        self._document, self._continues = document, False
        return opens


def json_line(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Return a tagged sentence as one line, `{"tokens": [...], "tags": [...]}`; "" for a `-DOCSTART-` line.

    What else the sentence's record holds stands in front.

    Parameters
    ----------
    sentence
        The sentence as it was read.
    tags
        New tags, one per token.
    scores
        Probabilities of the tags, which become a list `scores`.
    """
    if sentence.is_mark:
        return ""
    record: dict[str, Any] = {**(sentence.extra or {}), "tokens": sentence.tokens, "tags": list(tags)}
    if sentence.probabilities is not None:
        record[PROBABILITIES] = sentence.probabilities
    if scores is not None:
        record[SCORES] = [round(float(score), 4) for score in scores]
    return msgspec.json.encode(record).decode() + "\n"


def document_of_record(extra: Mapping[str, Any]) -> Any:
    """Return the document that a record names; None if it names none."""
    for key in DOCUMENT_KEYS:
        if key in extra:
            return extra[key]
    return None


@lru_cache
def fields_of(keys: tuple[str, ...]) -> dict[str, str]:
    """Return which of a record's keys holds the `tokens`, and which one the `tags`, if any does.

    It is found once per list of keys.
    """
    found = {field: next((name for name in names if name in keys), None) for field, names in _FIELDS}
    return {field: key for field, key in found.items() if key is not None}


def _fields(record: Any, where: str) -> tuple[list[str], list[str] | None, dict[str, Any]]:
    """Return tokens, tags and the other keys of a record."""
    extra: dict[str, Any] = {}
    chosen: dict[str, Any] = record
    if isinstance(record, dict):
        extra = record.copy()
        chosen = {field: extra.pop(key) for field, key in fields_of(tuple(record)).items()}
        extra.pop(SCORES, None)
    try:
        fields = msgspec.convert(chosen, _Record)
    except msgspec.ValidationError as error:
        raise DataError(f"{where}: {error}; {EXPECTED}") from None
    tags = fields.tags
    return fields.tokens, None if tags is None else [NOT_ANNOTATED if tag is None else str(tag) for tag in tags], extra


def _note_others(record: dict[str, Any], extra: dict[str, Any], options: ReadOptions) -> None:
    """Note which other keys of a record hold a list under a name of tokens or of tags."""
    for field, names in _FIELDS:
        for other in names:
            if isinstance(extra.get(other), list):
                options.note(f"{field} are read from the key {fields_of(tuple(record))[field]}, not from {other}")


def _check_lengths(tokens: list[str], tags: list[str] | None, where: str, tagged: bool) -> None:
    if tagged and tags is None:
        raise DataError(f"{where}: no tags, expected one for each token")
    if tags is not None and len(tags) != len(tokens):
        raise DataError(f"{where}: {count_of(len(tags), 'tag')}, expected {len(tokens)}, one for each token")


def _without_white_tokens(sentence: Sentence, options: ReadOptions) -> Sentence:
    """Return a labelled sentence without the tokens that are line ends, tabs, or such white space."""
    if "".join(sentence.tokens).isprintable():  # the usual case: a space is the only white space that is printable
        return sentence
    white = [place for place, token in enumerate(sentence.tokens) if token.strip(" ") and not token.strip(WHITE)]
    if not white or sentence.tags is None:
        return sentence
    options.count("tokens of white space are left out", len(white))
    kept = [place for place in range(len(sentence.tokens)) if place not in white]
    tokens, tags = ([values[place] for place in kept] for values in (sentence.tokens, sentence.tags))
    probabilities = sentence.probabilities and [sentence.probabilities[place] for place in kept]
    return sentence._replace(tokens=tokens, tags=tags, probabilities=probabilities)
