"""The command `windowner`, run in a process of its own and measured as the system counts it."""

import subprocess
import sys
from collections.abc import Mapping
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
    return _ended(_begun(command, out, given), command, begin)


def run_together(commands: Mapping[Path, list[str]]) -> Result:
    """Run commands side by side, each with its output into a file; return what `run` returns for all of them."""
    begin = perf_counter()
    running = [(_begun(command, out, b""), command) for out, command in commands.items()]
    results = [_ended(process, command, begin) for process, command in running]
    return {
        "cpu_seconds": sum(result["cpu_seconds"] for result in results),
        "wall_seconds": max(result["wall_seconds"] for result in results),
        "peak_mb": sum(result["peak_mb"] for result in results),
    }


def _begun(command: list[str], out: Path, given: bytes) -> subprocess.Popen[bytes]:
    with out.open("wb") as target:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, env=environment(), cwd=ROOT)
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write(given)
    return process


def _ended(process: subprocess.Popen[bytes], command: list[str], begin: float) -> Result:
    """Wait for a process that began at `begin`."""
    _, status, usage = wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise click.ClickException(f"{' '.join(command)} ended with status {status}")
    used = usage.ru_utime + usage.ru_stime
    return {"cpu_seconds": used, "wall_seconds": perf_counter() - begin, "peak_mb": usage.ru_maxrss * 1024 / 1e6}
