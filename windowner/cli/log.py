r"""What commands say on stderr while they work: lines for people, or with `--log json` one JSON object per line.

    {"time": "2026-01-31T12:00:00.123+00:00", "level": "info", "event": "epoch", "message": "...", "epoch": 1, ...}

`time` is in UTC. `level` is info, warning or error. `event` says what happened, and which further fields there are
(docs/log.md lists them). Everything on stderr goes through this module. Results go to stdout as ever.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import click

from windowner.cli.terminal import say

TEXT, JSON = "text", "json"
INFO, WARNING, ERROR = "info", "warning", "error"

_FORM: ContextVar[str] = ContextVar("form", default=TEXT)


def _choose(ctx: click.Context, option: click.Parameter, form: str) -> None:
    _FORM.set(form)


log_option = click.option(
    "--log",
    type=click.Choice([TEXT, JSON]),
    default=TEXT,
    is_eager=True,  # so that mistakes in other options are written in this form, too
    expose_value=False,
    callback=_choose,
    help="What stderr holds. text: lines and bars for people. json: a JSON object per line, without bars.",
)


@contextmanager
def as_text_again() -> Iterator[None]:
    """Forget what `--log` chose when the block ends, because one process may run several commands."""
    token = _FORM.set(TEXT)
    try:
        yield
    finally:
        _FORM.reset(token)


def is_json() -> bool:
    """Return whether `--log json` was given. Progress bars are then off."""
    return _FORM.get() == JSON


def tell(
    event: str, message: str, *, level: str = INFO, prefix: str = "", color: str | None = None, **fields: Any
) -> None:
    """Say what happened.

    Parameters
    ----------
    event
        Its name.
    message
        What people read. It may have several lines.
    level
        info, warning or error.
    prefix, color
        What stands before the message, and its colour, where people read it.
    fields
        What machines read beside the message.
    """
    if is_json():
        record(event, message, level=level, **fields)
        return
    for line in f"{prefix}{message}".split("\n"):
        say(line, fg=color, err=True)


def record(event: str, message: str = "", *, level: str = INFO, **fields: Any) -> None:
    """Write a line with `--log json`, and nothing otherwise, as where people see a bar."""
    if is_json():
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        values = {"time": time, "level": level, "event": event, "message": message, **fields}
        click.echo(json.dumps(_plain(values)), err=True)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: NaN and infinity are null, and paths are strings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
