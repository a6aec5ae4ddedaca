"""Reading TOML: a file becomes plain values, and damage becomes one line."""

from pathlib import Path
from typing import Any

from windowner.errors import ConfigError
from windowner.files import read_file
from windowner.schemas import described

LARGEST_CONFIG = 1 << 24
"""Bytes of a file of TOML."""


def read_toml(path: Path, expected: str = "a config in TOML") -> dict[str, Any]:
    """Read a TOML file; `expected` is what the error asks for when there is none."""
    import tomllib  # where a model is loaded, no TOML is read

    try:
        content = read_file(path, LARGEST_CONFIG + 1)
        if len(content) > LARGEST_CONFIG:
            raise ConfigError(f"{path}: more than {LARGEST_CONFIG:,} bytes; expected {expected}")
        return tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; expected {expected}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise ConfigError(f"{path}: not valid TOML: {described(error)}") from None
