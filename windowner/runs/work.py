"""The work folder of a run: a training works there, and when it is done the folder takes the run's place.

So a reader sees the old run or the new one, and a training that fails leaves the old one as it was. One process works
on a run at a time. What an interrupted training leaves stays there if it has a checkpoint, and otherwise is removed.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os.path import ismount
from pathlib import Path

from windowner.errors import ConfigError, WindownerError
from windowner.files import is_leftover
from windowner.links import resolved
from windowner.locks import Lock, lock_of, locked
from windowner.runs.file_names import CHECKPOINT_NAME, OWN_NAMES, PICTURE_SUFFIXES, PICTURES_NAME
from windowner.training.observer import Observer
from windowner.whole_folders import heal, parents_of, take_place, work_folder


@dataclass(frozen=True)
class Work:
    """The work folder of a run.

    Parameters
    ----------
    path
        The work folder.
    folder
        The run's folder.
    lock
        The lock of the run's folder.
    """

    path: Path
    folder: Path
    lock: Lock

    @property
    def checkpoint(self) -> Path:
        """The file of the checkpoint."""
        return self.path / CHECKPOINT_NAME

    @property
    def is_there(self) -> bool:
        """Whether the folder is there, and no other process has made it after somebody had removed it."""
        return self.path.is_dir() and not self.lock.is_others

    @property
    def removed(self) -> str:
        """The message for a folder that somebody has removed."""
        return f"{self.path}: was removed while the training wrote there; start the training again"

    def finish(self) -> None:
        """Let the work folder take the run's place.

        Raises
        ------
        ConfigError
            The run's folder holds something else by now, or cannot be replaced.
        """
        if not self.is_there:
            raise ConfigError(self.removed)
        check_replaceable(self.folder)
        self.checkpoint.unlink(missing_ok=True)
        _remove_unfinished(self.path)
        try:
            take_place(self.folder)
        except OSError as error:
            raise ConfigError(
                f"{self.folder}: cannot be replaced: {error.strerror}. The run is in {self.path}"
            ) from None


@contextmanager
def work_on(folder: Path, observer: Observer, *, resume: bool = False) -> Iterator[Work]:
    """Yield the work folder of a run, empty or with what an interrupted training left there.

    Parameters
    ----------
    folder
        The run's folder.
    observer
        Hears if an interrupted training is given up.
    resume
        Whether to keep the checkpoint of an interrupted training.

    Raises
    ------
    ConfigError
        The folder holds something else than a run, cannot be written, or another process trains there. Or the work
        folder was removed while the block ran.
    """
    target = folder.absolute()
    if not target.name:
        raise ConfigError(f"{folder}: the root of the file system, expected a folder in it: --out {folder / 'run'}")
    with ExitStack() as stack:
        try:
            stack.enter_context(parents_of(target))
            check_replaceable(folder)
            lock = stack.enter_context(locked(lock_of(target)))
            if lock is None:
                raise ConfigError(f"{folder}: another process is training there; wait for it, or choose another --out")
            heal(target)
            work = Work(work_folder(folder if folder.name else target), folder, lock)
            _open(work, observer, resume=resume)
        except OSError as error:
            raise ConfigError(f"{folder}: cannot write a run there: {error.strerror}") from None
        try:
            yield work
        except (OSError, WindownerError) as error:
            if work.is_there:
                raise
            raise ConfigError(work.removed) from error
        finally:
            if work.is_there and not work.checkpoint.exists():
                shutil.rmtree(work.path, ignore_errors=True)


def check_replaceable(folder: Path) -> None:
    """Refuse a folder that a training must not replace.

    Raises
    ------
    ConfigError
        It holds anything but a run's own files, or is a link, a mount point or the working directory.
    """
    if folder.is_symlink():
        raise ConfigError(f"{folder}: a link, expected a folder or a new name: --out")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ConfigError(f"{folder}: a file, expected a folder or a new name: --out")
    where = resolved(folder)
    is_mount = ismount(where)  # unlike `Path.is_mount` of Python 3.11, it works on Windows
    if is_mount or Path.cwd().is_relative_to(where):
        what = "a mount point" if is_mount else "the working directory, or above it"
        raise ConfigError(
            f"{folder}: {what}, which no run can replace; expected a folder in it: --out {folder / 'run'}"
        )
    foreign = foreign_entry(folder)
    if foreign:
        raise ConfigError(
            f"{folder}: holds {foreign}, which is not a file of a run, and a run would replace the folder; "
            "expected a new folder, or that of a run: --out"
        )


def foreign_entry(folder: Path) -> str:
    """Return the name of something in a folder that is not a run's own file. It is empty where there is none."""
    for entry in sorted(folder.iterdir()):
        if entry.name == PICTURES_NAME and entry.is_dir() and not entry.is_symlink():
            names = [f"{PICTURES_NAME}/{path.name}" for path in entry.iterdir() if path.suffix not in PICTURE_SUFFIXES]
            if names:
                return min(names)
        elif entry.is_symlink() or not entry.is_file():
            return entry.name
        elif entry.name not in OWN_NAMES and not is_leftover(entry):
            return entry.name
    return ""


def _open(work: Work, observer: Observer, *, resume: bool) -> None:
    """Make the work folder, or keep the checkpoint that is in it."""
    if work.path.is_symlink() or (work.path.exists() and foreign_entry(work.path)):
        raise ConfigError(f"{work.path}: holds other files than those of a run; remove it")
    if resume and work.checkpoint.exists():
        _remove_unfinished(work.path)
        return
    if work.checkpoint.exists():
        observer.note(
            "the checkpoint of an interrupted training is removed, from which --resume would have gone on "
            f"({work.checkpoint})"
        )
    if work.path.exists():
        shutil.rmtree(work.path)
    work.path.mkdir()


def _remove_unfinished(folder: Path) -> None:
    """Remove the files that a killed process left half-written."""
    for path in filter(is_leftover, list(folder.iterdir())):
        path.unlink(missing_ok=True)
