"""The options that say in which columns of a file token and tag stand."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def column_options(command: Command) -> Command:
    """Give a command the options `--token-column` and `--tag-column`."""
    tag = click.option("--tag-column", default=-1, help="Column of the tag; 0 is the first, -1 the last.")
    token = click.option("--token-column", default=0, help="Column of the token; 0 is the first, -1 the last.")
    return token(tag(command))


def check_columns(token_column: int, tag_column: int) -> None:
    """Refuse one column for both."""
    if token_column == tag_column:
        raise click.UsageError(f"--token-column and --tag-column are both {tag_column}, expected two columns")
