"""JSON Lines, and arrays of JSON objects, as records with their lines."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.changed import head_of
from windowner.formats.limits import MOST_RECORDS, check_count
from windowner.formats.lines import decode as decode_text
from windowner.formats.lines import is_blank, read_lines, read_whole

OWN = frozenset(("text", "tokens", "words"))
"""Keys of an object that is a record itself."""

LISTS = ("data", "examples", "annotations", "documents", "sentences", "paragraphs", "rasa_nlu_data", "common_examples")
"""Keys of an object that holds all records as a list."""


def read_records(stream: BinaryIO, name: str, expected: str, first_line: int = 1) -> Iterator[tuple[int, Any]]:
    """Yield the records of a stream, each with its line.

    JSON Lines are read in constant memory. An array, or an object that holds the records as a list, is read whole.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    expected
        What an error says was expected.
    first_line
        Number of the stream's first line.

    Raises
    ------
    DataError
        If the text is not JSON.
    """
    if first_line == 1 and is_array(head_of(stream, name)):  # a later shard of a stream is never one
        yield from _read_array(decode_text(read_whole(stream, name), name, first_line), name, expected)
        return
    yield from records_of_lines(read_lines(stream, name, first_line), name, expected)


def records_of_lines(lines: Iterable[tuple[int, str]], name: str, expected: str) -> Iterator[tuple[int, Any]]:
    """Yield the records of numbered lines, each with the number of its line; see `read_records`."""
    for line, text in lines:
        if is_blank(text):
            continue
        record = decode(text, f"{name}:{line}", expected)
        for each in list_in(record) or [record]:
            yield line, each


def decode(text: str | msgspec.Raw, where: str, expected: str, kind: Any = Any) -> Any:
    """Decode a JSON value.

    Raises
    ------
    DataError
        If the text is not JSON.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise DataError(f"{where}: {error}; {expected}") from None
    except RecursionError:
        raise DataError(f"{where}: nested too deeply; {expected}") from None


def list_in(value: Any) -> list[Any] | None:
    """Return the list of records that an object holds; None if the object is a record itself."""
    keys = _keys_to_list(value)
    for key in keys or ():
        value = value[key]
    return None if keys is None else value


def _keys_to_list(value: Any) -> list[str] | None:
    """Return the keys that lead from an object to the list of records in it; None if the object is a record itself."""
    if not isinstance(value, dict) or not OWN.isdisjoint(value):
        return None
    for key in LISTS:
        held = value.get(key)
        if isinstance(held, list) and held and not isinstance(value.get("data"), dict):
            return [key] if isinstance(held[0], dict | list) else None
        if key.startswith("rasa") and isinstance(held, dict):
            below = _keys_to_list(held)
            return None if below is None else [key, *below]
    return None


def is_array(head: bytes) -> bool:
    """Return whether all records stand in one value over several lines, or in an array."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        first = text[1:].lstrip()
        return first.startswith((b"{", b"[")) or not first
    line, line_end, _ = text.partition(b"\n")
    return bool(line_end) and line.strip() == b"{"  # an object over several lines


def _read_array(text: str, name: str, expected: str) -> Iterator[tuple[int, Any]]:
    """Yield the elements of an array, or of the list that an object holds."""
    data = text.removeprefix("\ufeff").encode()
    check_count(data.count(b"}") + data.count(b"]"), MOST_RECORDS, "objects and lists of JSON", name)
    value: Any = msgspec.Raw(data)
    line = 1
    if data.lstrip().startswith(b"{"):
        line, value = _only_list(data, name, expected)
    start = 0
    whole = bytes(value)
    for raw in decode(value, name, expected, list[msgspec.Raw]):
        element = bytes(raw)
        place = whole.index(element, start)
        line += whole.count(b"\n", start, place)
        yield line, decode(raw, f"{name}:{line}", expected)
        line += element.count(b"\n")
        start = place + len(element)


def _only_list(data: bytes, name: str, expected: str) -> tuple[int, msgspec.Raw]:
    """Return the list of records that an object over several lines holds, with its line; else a list of the object."""
    keys = _keys_to_list(decode(msgspec.Raw(data), name, expected))
    if keys is None:
        return 1, msgspec.Raw(b"[" + data + b"]")
    line = 1
    for key in keys:
        held = bytes(decode(msgspec.Raw(data), name, expected, dict[str, msgspec.Raw])[key])
        line += data.count(b"\n", 0, data.index(held))
        data = held
    return line, msgspec.Raw(data)
