"""Options that several commands share: each is declared here once, with its help text."""

from collections.abc import Callable, Mapping
from functools import wraps
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

import click

from windowner.cli.paths import LocalPath
from windowner.config.presets import PRESETS
from windowner.errors import ConfigError
from windowner.formats.recognition import AUTO
from windowner.formats.table import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])

PICTURES = (".svg", ".png")

INPUTS = [*FORMATS, "text", "document"]
"""Formats of text that is tagged."""


class FiniteRange(click.FloatRange):
    """A number in a range. NaN, which no comparison excludes, and infinity are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value}: expected a finite number", param, ctx)
        return number


set_option = click.option(
    "--set",
    "overrides",
    metavar="SECTION.KEY=VALUE",
    multiple=True,
    help="Override a key of the config, such as train.epochs=10. The option may be repeated.",
)

KEY_OPTIONS = {  # option: (key of the config, type, help text)
    "train": ("data.train", LocalPath(path_type=str), "File of labelled sentences to train on."),
    "dev": ("data.dev", LocalPath(path_type=str), "File of labelled sentences on which the best epoch is chosen."),
    "test": ("data.test", LocalPath(path_type=str), "File of labelled sentences that are scored once, after training."),
    "vectors": ("vectors.source", LocalPath(path_type=str), "Word vectors: glove-6b-50d, or a file."),
    "preset": ("preset", click.Choice(list(PRESETS)), "Values from which the other keys start."),
    "encoding": ("data.encoding", str, "Encoding of the files, such as cp1252."),
    "seed": ("train.seed", click.IntRange(min=0), "Seed of everything that is drawn."),
}

FOLD_HELPS = {
    "train": "File of labelled sentences, which are cut into folds.",
    "dev": "File of labelled sentences, which are cut into folds together with those of train.",
    "test": "File of labelled sentences, which this command does not read.",
}
"""Help texts of the files of a command that trains on folds."""

input_option = click.option(
    "--input",
    "input_format",
    type=click.Choice(INPUTS),
    help="Format of the input. columns: one token per line. tokens: one sentence per line, white space between tokens. "
    "jsonl: JSON Lines with tokens or a text. text: every line is a text. document: the file is one text.  "
    "[default: columns for .conll, else what the first lines say]",
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
    type=click.Choice([AUTO, *(format.name for format in FORMATS.values() if format.has_tags)]),
    default=AUTO,
    help="Format of the files. auto: what their content says.",
)

rules_option = click.option(
    "--rules",
    type=LocalPath(path_type=str),
    default="",
    show_default=False,
    help="File of rules that stand beside the model (docs/rules.md), in place of those that the model holds.",
)

encoding_option = click.option(
    "--encoding",
    default="",
    show_default=False,
    help="Encoding of the files, such as cp1252.  [default: UTF-8, or what a byte order mark says]",
)


def json_option(content: str) -> Callable[[Command], Command]:
    """Return the option `--json` of a command. `content` says what the file holds."""
    return click.option(
        "--json",
        "json_path",
        type=LocalPath(path_type=str),
        help=f"Also write {content} as JSON to this file. With - only JSON is written, to stdout.",
    )


def key_options(helps: Mapping[str, str] = MappingProxyType({})) -> Callable[[Command], Command]:
    """Give a command an option for each of `KEY_OPTIONS`; it gets those that are given as `keys`, by config key.

    Parameters
    ----------
    helps
        Help texts in place of those of `KEY_OPTIONS`, by option.
    """

    def with_options(command: Command) -> Command:
        @wraps(command)
        def with_keys(*args: Any, **given: Any) -> Any:
            options = {key: given.pop(name) for name, (key, _, _) in KEY_OPTIONS.items()}
            return command(*args, keys={key: value for key, value in options.items() if value is not None}, **given)

        wrapped: Any = with_keys
        for name, (key, kind, usual) in reversed(KEY_OPTIONS.items()):
            text = f"{helps.get(name, usual)} It replaces {key} of the config."
            wrapped = click.option(f"--{name}", type=kind, help=text)(wrapped)
        return cast(Command, wrapped)

    return with_options


def column_options(command: Command) -> Command:
    """Give a command the options `--token-column` and `--tag-column`."""
    return token_column_option(tag_column_option(command))


def check_columns(token_column: int, tag_column: int) -> None:
    """Refuse one column for both."""
    if token_column == tag_column:
        raise click.UsageError(f"--token-column and --tag-column are both {tag_column}, expected two columns")


def check_picture(path: Path, more: str = "") -> None:
    """Refuse the name of a picture that is neither SVG nor PNG. `more` names further endings of the command."""
    if path.suffix not in PICTURES:
        raise ConfigError(f"--out {path}: expected a name that ends in .svg{more} or .png")
