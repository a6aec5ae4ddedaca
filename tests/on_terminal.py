"""Commands of windowner on a terminal of a given width."""

import os
import re
import subprocess
import sys

import pytest


def on_terminal(*args: object, columns: int) -> str:
    """Return what a command that succeeds prints on a terminal, without escape sequences."""
    pty = pytest.importorskip("pty")  # not on Windows
    reading, writing = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    command = [sys.executable, "-m", "windowner", *map(str, args)]
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, env=environment) as process:
        os.close(writing)
        blocks = []
        try:
            while block := os.read(reading, 1 << 16):
                blocks.append(block)
        except OSError:  # Linux: the other end is closed
            pass
        assert process.wait() == 0, process.stderr.read()
    os.close(reading)
    return re.sub(r"\x1b\[[\d;]*m", "", b"".join(blocks).decode().replace("\r\n", "\n"))
