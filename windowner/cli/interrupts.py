"""Ctrl-C and SIGTERM end a command with the exit status that shells expect, and without a traceback."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, Any, Never

import click

from windowner.cli.terminal import say


class Terminated(KeyboardInterrupt):
    """SIGTERM. Whatever is kept on Ctrl-C is kept then too."""


class EndedBySignal(click.ClickException):
    """The end of a command by Ctrl-C. The exit status is 128 and the number of the signal."""

    exit_code = 128 + signal.SIGINT
    word = "interrupted"

    def __init__(self) -> None:
        super().__init__(self.word)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print one word."""
        say(self.word, err=True)


class EndedBySigterm(EndedBySignal):
    """The end of a command by SIGTERM."""

    exit_code = 128 + signal.SIGTERM
    word = "terminated"


def ended(error: KeyboardInterrupt) -> EndedBySignal:
    """Return the error with which the command ends."""
    return EndedBySigterm() if isinstance(error, Terminated) else EndedBySignal()


@contextmanager
def terminated_as_exception() -> Iterator[None]:
    """Turn SIGTERM into `Terminated` while the block runs. Only the main thread receives signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> Never:
    raise Terminated
