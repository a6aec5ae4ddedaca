"""JSON that a file holds: encoded, and decoded by a schema, which is a type that msgspec checks.

A schema stands beside what writes the file.

    metrics = decode_json(path.read_bytes(), Metrics, path, "train again")

    runs/wikigold/metrics.json: damaged: Expected `float`, got `str` - at `$.dev.overall.f1`; train again

Damage of any kind becomes one line: bytes that are no JSON or no UTF-8, a missing key, another type, a number that is
too large, values that are nested too deeply.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from windowner.errors import DataError, WindownerError

T = TypeVar("T")

DEEP = "nested too deeply"
DAMAGE = (msgspec.MsgspecError, UnicodeError, OverflowError, RecursionError)
"""What msgspec raises for values that do not fit a schema."""


def encode_json(values: Any) -> bytes:
    """Return values as the JSON of a file that people read, too: indented, with keys in the order of the values."""
    return msgspec.json.format(msgspec.json.encode(values), indent=2) + b"\n"


def decode_json(
    content: bytes | str, schema: type[T], place: str | Path, remedy: str, error: type[WindownerError] = DataError
) -> T:
    """Return the value that JSON stands for.

    Parameters
    ----------
    content
        The JSON.
    schema
        The type of the value.
    place
        The file, or file and line, for the error.
    remedy
        What the user can do about damage.
    error
        The class of the error.

    Raises
    ------
    WindownerError
        The content is no JSON, or does not fit the schema.
    """
    with damage_refused(place, remedy, error):
        return msgspec.json.decode(content, type=schema)


def fitted(value: Any, schema: type[T], place: str | Path, remedy: str, error: type[WindownerError] = DataError) -> T:
    """Return a plain value as its schema says; see `decode_json`."""
    with damage_refused(place, remedy, error):
        return msgspec.convert(value, schema)


@contextmanager
def damage_refused(place: str | Path, remedy: str, error: type[WindownerError] = DataError) -> Iterator[None]:
    """Turn what a block raises for damaged values into an error of one line; see `decode_json`."""
    try:
        yield
    except DAMAGE as damage:
        raise error(f"{place}: damaged: {described(damage)}; {remedy}") from None


def described(damage: Exception) -> str:
    """Return the words of one of `DAMAGE`."""
    return DEEP if isinstance(damage, RecursionError) else str(damage)
