"""The errors that a user can cause and mend, as a tree.

    WindownerError
      DataError      text that cannot be read: `file:line`, found, expected
        UnholdableError    text that a format cannot hold; who knows the name of its file adds it
      ConfigError    a config that cannot be used: file, key, value, expected
      VectorsError   word vectors that cannot be read: file, line, found, expected
      ModelError     a model file that is damaged, truncated, foreign or too new
      TrainingError  training that cannot continue: epoch, batch, learning rate
      EngineError    an engine that cannot work: what is missing
      StoreError     a store that cannot be read or written: address, what it answers

Every message says where the error is, what was found, what was expected, and the fix if it is known. The command line
prints the message as one line, with control characters escaped, and exits with status 1. A programmer's mistake is a
`ValueError` that names both shapes.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class WindownerError(Exception):
    """Base class of all errors that a user can cause and mend."""


class DataError(WindownerError):
    """Text that cannot be read."""


class UnholdableError(DataError):
    """Text that a format cannot hold. A writer knows the line where it was read, at most, and not the file.

    Parameters
    ----------
    message
        What was found, and what was expected.
    line
        The line where the text was read.
    """

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message if line is None else f"line {line}: {message}")
        self.message, self.line = message, line


@contextmanager
def read_from(name: str) -> Iterator[None]:
    """Give a text that cannot be held the name of the file that it was read from, while the block writes it."""
    try:
        yield
    except UnholdableError as error:
        where = name if error.line is None else f"{name}:{error.line}"
        raise DataError(f"{where}: {error.message}") from None


class ConfigError(WindownerError):
    """A config that cannot be used."""


class VectorsError(WindownerError):
    """Word vectors that cannot be read."""


class ModelError(WindownerError):
    """A model file that is damaged, truncated, foreign or from a newer format version."""


class TrainingError(WindownerError):
    """Training that cannot continue, for example because the loss is not a number."""


class EngineError(WindownerError):
    """An engine that cannot work: its library is not installed, or no cluster answers."""


class StoreError(WindownerError):
    """An object store that cannot be read or written: it is not there, or refuses, or its library is missing."""


class UncheckedWarning(UserWarning):
    """A file that cannot be checked for damage. The command line prints the message as one line on stderr."""
