"""Commands in a forked process, in which anything may happen to them: signals, kills, removed folders, odd streams.

A fork has all imports already. So a command can be tried at many moments. The moments are events that Python reports to
audit hooks, such as the opening and the renaming of a file. A hook cannot be removed, which a fork does not need.
"""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from windowner.cli.main import COMMANDS, main

SLOWLY_IMPORTED = ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "gensim.models", "jinja2")
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}
WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit status, and what stderr holds."""

    status: int
    stderr: str

    @property
    def error(self) -> str:
        """The error of a command that failed as a user's mistake does, on its one line."""
        lines = self.stderr.splitlines()
        assert (self.status, "Traceback" in self.stderr) == (1, False), self.stderr
        assert [line.startswith("error: ") for line in lines][-1:] == [True], self.stderr
        assert sum(line.startswith("error: ") for line in lines) == 1, self.stderr
        return lines[-1].removeprefix("error: ")


def changed_path(event: str, arguments: Sequence[Any]) -> Path | None:
    """Return the path that an audit event is about to change. None if it changes nothing."""
    is_change = event in CHANGES or (event == "open" and arguments[2] & WRITING)
    if not is_change or not isinstance(arguments[0], str | os.PathLike):
        return None
    return Path(os.path.abspath(arguments[0]))


def opened_path(event: str, arguments: Sequence[Any]) -> Path | None:
    """Return the path that an audit event opens, or None."""
    if event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return None
    return Path(os.path.abspath(arguments[0]))


def once(moment: Callable[[str, Sequence[Any]], bool], act: Callable[[], None]) -> Callable[[str, Any], None]:
    """Return an audit hook that acts at the first event of which `moment` is true."""
    done: list[bool] = []

    def hook(event: str, arguments: Any) -> None:
        if not done and moment(event, arguments):
            done.append(True)
            act()

    return hook


@cache
def import_commands() -> None:
    """Import what commands import, so that no fork has to."""
    for module in (*(module for module, _ in COMMANDS.values()), *SLOWLY_IMPORTED):
        with suppress(ImportError):
            import_module(module)


def forked(
    arguments: Sequence[str],
    errors: Path,
    *,
    hook: Callable[[str, Any], None] | None = None,
    stdout: int | None = -1,
    cwd: Path | None = None,
) -> Ended:
    """Run the command line in a forked process.

    Parameters
    ----------
    arguments
        The arguments of `windowner`.
    errors
        File for stderr.
    hook
        Receives the audit events of the process and of its workers.
    stdout
        Descriptor of stdout. -1: what is printed is lost. None: stdout is closed.
    cwd
        The working directory.
    """
    import_commands()
    child = os.fork()
    if child == 0:
        os._exit(_call(arguments, errors, hook, stdout, cwd))
    _, status = os.waitpid(child, 0)
    return Ended(os.waitstatus_to_exitcode(status), errors.read_text(encoding="utf-8"))


def _call(arguments, errors, hook, stdout, cwd) -> int:
    """Run the command line as a process of its own does, and return its exit status."""
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
    if stdout is None:
        os.close(1)
        sys.stdout = None
    else:
        os.dup2(os.open(os.devnull, os.O_WRONLY) if stdout == -1 else stdout, 1)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    try:
        if cwd is not None:
            os.chdir(cwd)
        if hook is not None:
            sys.addaudithook(hook)
        main(list(arguments))
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 0
    except BaseException:
        traceback.print_exc()
        return 99
    if sys.stdout is not None:
        try:
            sys.stdout.flush()  # as Python does at the end
        except OSError:
            traceback.print_exc()
            return 120
    return status
