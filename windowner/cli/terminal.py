"""Text that a terminal can take: on one line, without control characters, in any encoding.

Commands print by `say`, `say_lines` and `tables.TextTable` alone, which escape. Tagged text, JSON and configs on stdout
are data.
"""

import io
import os
import sys
from typing import Any

import click

from windowner.markup.lines import one_line

AROUND = 1000
"""Characters on each side of the one that an encoding cannot hold, which an error shows at most."""


def say(text: str = "", *, err: bool = False, **style: Any) -> None:
    """Print a text as one line on stdout, or on stderr. `style` as for `click.style`."""
    click.secho(one_line(text), err=err, **style)


def say_lines(text: str, *, err: bool = False, **style: Any) -> None:
    r"""Print a text of several lines. Only `\n` ends a line."""
    for line in text.split("\n"):
        say(line, err=err, **style)


def replace_closed_streams() -> None:
    """Occupy the numbers of standard streams that are closed, so that no file gets them, and throw away messages.

    A command that needs standard input or output says so.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # until the process ends


def drop_held_output() -> None:
    """Throw away what stdout holds and cannot write. Otherwise Python tries again at the end, and fails with 120."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def accept_every_character() -> None:
    r"""Let stdout and stderr show a character that their encoding lacks as an escape, such as `\u4eba`.

    Without this, a narrow encoding such as cp1252 ends the command with a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        # Python's own handlers for file names; any other handler was chosen by the user.
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")


def name_not_held(error: UnicodeEncodeError) -> str:
    """Return the message for a name that an encoding cannot hold. Of a text that holds the name, its line is shown."""
    before, after = error.object[: error.start], error.object[error.start :]
    shown = before.rpartition("\n")[2][-AROUND:] + after.partition("\n")[0][:AROUND]
    # Half of a surrogate pair stands for a byte in the name of a file that is not UTF-8.
    fix = "rename the file" if error.encoding.lower() == "utf-8" else "set PYTHONUTF8=1"
    return f"{shown}: the encoding {error.encoding} cannot hold this name, expected UTF-8; {fix}"


def as_shown(text: str) -> str:
    """Return a text as stdout will show it, so that a table can be laid out for it."""
    encoding, errors = getattr(sys.stdout, "encoding", None), getattr(sys.stdout, "errors", None)
    return one_line(text).encode(encoding or "utf-8", errors or "strict").decode(encoding or "utf-8")


def shows(text: str) -> bool:
    """Return whether stdout can show the lines of a text as they are."""
    if any(one_line(line) != line for line in text.split("\n")):
        return False
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
