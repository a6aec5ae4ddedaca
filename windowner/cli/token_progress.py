"""The number of tokens that are tagged, for people or machines, on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import BinaryIO

from windowner.cli.log import is_json, record

SECONDS = 10
"""Seconds between two lines of progress with `--log json`."""


@contextmanager
def token_progress(output: BinaryIO) -> Iterator[Callable[[int], object]]:
    """Return a function that is called with the number of tokens of each piece, and shows their sum.

    A terminal shows a bar. `--log json` writes a line now and then.

    There is no bar where stderr is no terminal, or where the tags appear on the same screen.
    """
    if is_json():
        yield from _logged_counts()
        return
    if output.isatty() or sys.stderr is None or not sys.stderr.isatty():
        yield lambda tokens: None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # the bar then starts no thread, and workers can be forked
    with tqdm(unit=" tokens", unit_scale=True) as bar:
        yield bar.update


def _logged_counts() -> Iterator[Callable[[int], object]]:
    """Yield a function that sums numbers of tokens. A line is written every `SECONDS`, and at the end."""
    total, last = 0, monotonic()

    def count(tokens: int) -> None:
        nonlocal total, last
        total += tokens
        if monotonic() - last >= SECONDS:
            last = monotonic()
            record("progress", tokens=total)

    yield count
    record("finished", tokens=total)
