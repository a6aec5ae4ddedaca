"""The command `windowner`, run in a process of its own and measured as the system counts it."""

import subprocess
import sys
from os import wait4
from pathlib import Path
from time import perf_counter

import click

from benchmarks.harness import Result, environment
from docs.pages import ROOT

SENTENCE = b"Paris is big .\n"


def windowner_command(*arguments: str) -> list[str]:
    """Return the command that is installed beside this Python, with arguments."""
    return [str(Path(sys.executable).parent / "windowner"), *arguments]


def run(command: list[str], out: Path, given: bytes = b"") -> Result:
    """Run a command with its output into a file; return CPU seconds, wall seconds and peak memory."""
    begin = perf_counter()
    with out.open("wb") as target:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, env=environment(), cwd=ROOT)
        assert process.stdin is not None
        with process.stdin as stdin:
            stdin.write(given)
        _, status, usage = wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise click.ClickException(f"{' '.join(command)} ended with status {status}")
    used = usage.ru_utime + usage.ru_stime
    return {"cpu_seconds": used, "wall_seconds": perf_counter() - begin, "peak_mb": usage.ru_maxrss * 1024 / 1e6}
