"""Options that several commands share: each is declared here once, with its help text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from windowner.errors import ConfigError
from windowner.formats.sniffing import AUTO
from windowner.formats.table import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])

PICTURES = (".svg", ".png")

set_option = click.option(
    "--set",
    "overrides",
    metavar="SECTION.KEY=VALUE",
    multiple=True,
    help="Override a key of the config, such as train.epochs=10. The option may be repeated.",
)

input_option = click.option(
    "--input",
    "input_format",
    type=click.Choice(list(FORMATS)),
    help="Format of the input. columns: one token per line. tokens: one sentence per line, white space between tokens. "
    "jsonl: JSON Lines.  [default: jsonl if the file's name ends in .jsonl or .jsonl.gz, else columns]",
)

token_column_option = click.option(
    "--token-column", default=0, help="Column of the token, for column files: 0 is the first, -1 the last."
)

run_token_column_option = click.option(
    "--token-column",
    type=int,
    help="Column of the token, for column files: 0 is the first, -1 the last.  [default: as the run was trained]",
)

run_tag_column_option = click.option(
    "--tag-column",
    type=int,
    help="Column of the tag, for column files: 0 is the first, -1 the last.  [default: as the run was trained]",
)

tag_column_option = click.option(
    "--tag-column", default=-1, help="Column of the tag, for column files: 0 is the first, -1 the last."
)

format_option = click.option(
    "--from",
    "source_format",
    type=click.Choice([AUTO, *FORMATS]),
    default=AUTO,
    help="Format of the files. auto: what their content says.",
)

json_option = click.option(
    "--json",
    "json_path",
    type=click.Path(),
    help="Also write the scores as JSON to this file. With - only JSON is written, to stdout.",
)


def column_options(command: Command) -> Command:
    """Give a command the options `--token-column` and `--tag-column`."""
    return token_column_option(tag_column_option(command))


def check_columns(token_column: int, tag_column: int) -> None:
    """Refuse one column for both."""
    if token_column == tag_column:
        raise click.UsageError(f"--token-column and --tag-column are both {tag_column}, expected two columns")


def check_picture(path: Path) -> None:
    """Refuse the name of a picture that is neither SVG nor PNG."""
    if path.suffix not in PICTURES:
        raise ConfigError(f"--out {path}: expected a name that ends in .svg or .png")
