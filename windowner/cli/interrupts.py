"""Ctrl-C and SIGTERM end a command with the exit status that shells expect, and without a traceback."""

from typing import IO, Any

import click

from windowner.cli.log import ERROR, tell
from windowner.platform import STATUS_OF_CTRL_C, STATUS_OF_SIGTERM, Terminated


class EndedBySignal(click.ClickException):
    """The end of a command by Ctrl-C. The exit status is 128 and the number of the signal."""

    exit_code = STATUS_OF_CTRL_C
    word = "interrupted"

    def __init__(self) -> None:
        super().__init__(self.word)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print one word."""
        tell(self.word, self.word, level=ERROR)


class EndedBySigterm(EndedBySignal):
    """The end of a command by SIGTERM."""

    exit_code = STATUS_OF_SIGTERM
    word = "terminated"


def ended(error: KeyboardInterrupt) -> EndedBySignal:
    """Return the error with which the command ends."""
    return EndedBySigterm() if isinstance(error, Terminated) else EndedBySignal()
