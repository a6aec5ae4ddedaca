"""Paths on the command line. Each parameter says by its type whether it may be the address of a file in a store.

LocalPath        a path of this machine
PathOrAddress    either one
"""

from pathlib import Path
from typing import Any

import click

from windowner.stores.address import Address, is_address, path_of


class LocalPath(click.Path):
    """A path of this machine, which click checks. An address is refused, except that of a file of this machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"path_type": Path, **options})

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not is_address(value):
            return super().convert(value, param, ctx)
        path = path_of(value)
        if isinstance(path, Address):
            self.fail(f"{path}: an address, expected a path of this machine; copy it here first", param, ctx)
        return super().convert(str(path), param, ctx)


class PathOrAddress(LocalPath):
    """A path of this machine, or the address of a file or folder in a store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path or the address."""
        path = path_of(value)
        return path if isinstance(path, Address) else super().convert(value, param, ctx)
