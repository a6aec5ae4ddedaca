"""From an experiment to its answer: trials that are not done yet are trained side by side, then all are compared."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from windowner.engines.engine import Engine
from windowner.engines.opening import open_engine
from windowner.engines.tasks import Failure
from windowner.errors import ConfigError, DataError
from windowner.experiments.answer import Answer, answer
from windowner.experiments.experiment import Experiment, load_experiment
from windowner.experiments.finished import FailedTrial
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.experiments.manifest import claim, manifest
from windowner.experiments.sharing import named_vectors, remove_shared, share_vectors
from windowner.experiments.storing import write_answer
from windowner.experiments.trials import Trial, remove_unfinished, run_trial
from windowner.experiments.watching import UNWATCHED, TrialCounts, Watcher
from windowner.formats.reading import read_corpus
from windowner.locks import lock_of, locked
from windowner.stores.paths import exists
from windowner.whole_folders import parents_of


def compare(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    jobs: int | None = None,
    engine: str = "local",
    address: str | None = None,
    resume: bool = False,
    watcher: Watcher = UNWATCHED,
) -> Answer:
    """Train all trials of an experiment that are not done yet, and compare its settings.

    Parameters
    ----------
    experiment
        An experiment, or the path of its file.
    out
        The experiment's folder; `runs/` and the experiment's name by default. What was interrupted there is continued.
    jobs
        Trials at a time; one per processor by default.
    engine, address
        `local` uses processes of this machine. `ray` uses a cluster, whose machines must see the same folders.
    resume
        Fail unless the folder already holds this experiment.
    watcher
        Receives the events of the experiment.

    Raises
    ------
    ConfigError
        The experiment cannot be used, or the folder holds another one.
    DataError, VectorsError
        A file that the experiment names cannot be read, or the folder was removed meanwhile.
    EngineError
        The engine cannot be started.
    """
    experiment = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    folder = (Path("runs") / experiment.name if out is None else Path(out)).absolute()
    failed = train_trials(experiment, folder, Workplace(jobs, engine, address), watcher, resume=resume)
    result = answer(experiment, folder, failed)
    write_answer(result, folder)
    return result


@dataclass(frozen=True)
class Workplace:
    """Where trials are trained: the number of trials at a time, and name and address of the engine; see `compare`."""

    jobs: int | None = None
    engine: str = "local"
    address: str | None = None


HERE = Workplace()
"""This machine, with one trial per processor at a time."""


def train_trials(
    experiment: Experiment, folder: Path, workplace: Workplace, watcher: Watcher, *, resume: bool = False
) -> list[FailedTrial]:
    """Train all trials of an experiment that are not done yet, and return those that failed; see `compare`."""
    with _alone(folder), closing(watcher):
        left = _prepare(experiment, folder, resume)
        with open_engine(workplace.engine, workplace.jobs, workplace.address) as workers:
            failed = _train(left, len(experiment.trials), folder, workers, watcher)
        remove_shared(folder)
    return failed


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of an experiment's folder. Workers that outlive a killed command hold it until they end.

    Raises
    ------
    ConfigError
        Another process trains there, or the folder cannot be written.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(parents_of(folder))
            lock = stack.enter_context(locked(lock_of(folder)))
        except OSError as error:
            raise ConfigError(f"{folder}: cannot be written: {error.strerror}") from None
        if lock is None:
            raise ConfigError(f"{folder}: another process is training there; wait for it, or choose another --out")
        yield


def _prepare(experiment: Experiment, folder: Path, resume: bool) -> list[Trial]:
    """Claim the folder, put the vectors there for all trials, and return the trials that are left."""
    check_texts(experiment)
    vectors = named_vectors(trial.config for trial in experiment.trials)
    digests = {source: read.digest for source, read in vectors.items()}
    claim(folder, manifest(experiment, digests), must_exist=resume)
    remove_unfinished(folder)
    left = trials_left(experiment, folder)
    if left:
        share_vectors(vectors, folder)
    return left


def check_texts(experiment: Experiment) -> None:
    """Read the labelled text of all trials, so that an unreadable file is reported before anything is trained."""
    texts = {
        (path, tuple(trial.config.data.reading().items()))
        for trial in experiment.trials
        for path in (trial.config.data.train, trial.config.data.dev, trial.config.data.test)
        if path and exists(Path(path))  # a missing file is reported later, with the way to obtain it
    }
    for path, reading in sorted(texts):
        read_corpus(path, **dict(reading))


def trials_left(experiment: Experiment, folder: Path) -> list[Trial]:
    """Return the trials that are not done, the longest first, so that no processor waits at the end."""
    left = [trial for trial in experiment.trials if not trial.is_done(folder)]
    return sorted(left, key=lambda trial: -trial.fraction)


def _train(left: Sequence[Trial], total: int, folder: Path, workers: Engine, watcher: Watcher) -> list[FailedTrial]:
    """Train the trials that are left, and return those that failed.

    Parameters
    ----------
    left
        Trials that are not done.
    total
        The number of all trials.
    folder
        The experiment's folder.
    workers, watcher
        What trains, and what receives the events.
    """
    failed: list[FailedTrial] = []
    done = total - len(left)

    def counts() -> TrialCounts:
        return TrialCounts(done, min(workers.jobs, total - done - len(failed)), len(failed), total)

    watcher.begins(counts(), left)
    if not left:
        return failed
    for place, result in workers.map_trials(_run_there, left, folder):
        _check_there(folder)
        if isinstance(result, Failure):
            failed.append(FailedTrial(left[place].name, _reason(result)))
            watcher.trial_ends(counts(), left[place], None, failed[-1].error)
        else:
            done += 1
            watcher.trial_ends(counts(), left[place], result, "")
    return sorted(failed, key=lambda trial: trial.name)


def _run_there(trial: Trial, folder: Path) -> float:
    """Train a trial, unless the experiment's folder was removed. It would be made anew for this trial."""
    _check_there(folder)
    return run_trial(trial, folder)


def _check_there(folder: Path) -> None:
    if not (folder / EXPERIMENT_NAME).exists():
        raise DataError(f"{folder}: was removed while its trials were trained; start the command again")


def _reason(failure: Failure) -> str:
    return failure.message if failure.user_error else f"{failure.type}: {failure.message}"
