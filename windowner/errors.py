"""What a user can cause, as a tree.

    WindownerError
      DataError      text that cannot be read: `file:line`, found, expected
      ConfigError    a config that cannot be used: file, key, value, expected
      VectorsError   word vectors that cannot be read: file, line, found, expected
      ModelError     a model file that is damaged, truncated, foreign or too new
      TrainingError  training that cannot go on: epoch, batch, learning rate
      EngineError    an engine that cannot work: what is missing

Every message says where, what was found, what was expected, and the fix when it is known. The command line turns
these into one line and exit status 1; a programmer's mistake stays a `ValueError` with both shapes.
"""


class WindownerError(Exception):
    """Base of everything that a user can cause and a user can mend."""


class DataError(WindownerError):
    """Text that cannot be read."""


class ConfigError(WindownerError):
    """A config that cannot be used."""


class VectorsError(WindownerError):
    """Word vectors that cannot be read."""


class ModelError(WindownerError):
    """A model file that is damaged, truncated, foreign or from a newer format version."""


class TrainingError(WindownerError):
    """Training that cannot go on, such as a loss that is no longer a number."""


class EngineError(WindownerError):
    """An engine that cannot work: its library is not installed, or no cluster answers."""
