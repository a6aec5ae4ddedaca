"""From an experiment to an answer: trials are done that are not done yet, side by side, then all are read and compared.

runs/frozen-vs-finetuned/
  experiment.json     what all trials depend on
  trials/NAME/        a run folder each
  results.json        the answer
  results.csv         a line a trial
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from windowner.engines.opening import open_engine
from windowner.engines.tasks import Failure
from windowner.errors import WindownerError
from windowner.experiments.answer import Answer, FailedTrial, answer
from windowner.experiments.experiment import Experiment, load_experiment
from windowner.experiments.manifest import claim, manifest
from windowner.experiments.sharing import named_vectors, remove_shared, share_vectors
from windowner.experiments.storing import write_answer
from windowner.experiments.trials import Trial, clear, run_trial
from windowner.formats.reading import read_corpus


@dataclass(frozen=True)
class State:
    """How far an experiment is: trials done, running, failed, and all of them."""

    done: int
    running: int
    failed: int
    all: int


class Watcher:
    """Hears how an experiment goes on, and does nothing; override what you want to hear."""

    def begins(self, state: State, trials: Sequence[Trial]) -> None:
        """Hear what was done before, and which trials are to be done."""

    def trial_ends(self, state: State, trial: Trial, f1: float | None, error: str) -> None:
        """Hear of a trial: its F1 on dev, or why it failed."""

    def close(self) -> None:
        """Hear that it is over, or broken off."""


UNWATCHED = Watcher()


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

    An experiment that was broken off goes on where it was, with the same result.

    Parameters
    ----------
    experiment
        An experiment, or the path of one.
    out
        Its folder; `runs/` and the experiment's name by default.
    jobs
        Trials at a time; by default one a processor.
    engine, address
        `local`, processes of this machine, or `ray`, whose cluster stands at the address and sees the same folders.
    resume
        Refuse to begin: the folder must hold this experiment already.
    watcher
        Hears how it goes on.

    Raises
    ------
    ConfigError
        The experiment cannot be used, or its folder holds another one.
    DataError, VectorsError
        What it names cannot be read.
    EngineError
        The engine cannot be started.
    """
    if not isinstance(experiment, Experiment):
        experiment = load_experiment(experiment)
    folder = (Path("runs") / experiment.name if out is None else Path(out)).absolute()
    check_texts(experiment)
    vectors = named_vectors(trial.config for trial in experiment.trials)
    digests = {source: of_source.digest for source, of_source in vectors.items()}
    claim(folder, manifest(experiment, digests), must_exist=resume)
    clear(folder)
    if to_do(experiment, folder):
        share_vectors(vectors, folder)
    del vectors
    with closing(watcher):
        failed = _run(experiment, folder, watcher, jobs=jobs, engine=engine, address=address)
    remove_shared(folder)
    result = answer(experiment, folder, failed)
    write_answer(result, folder)
    return result


def check_texts(experiment: Experiment) -> None:
    """Read the labelled text of all trials, so that what cannot be read is known before anything is trained."""
    texts = {
        (path, trial.config.data.token_column, trial.config.data.tag_column)
        for trial in experiment.trials
        for path in (trial.config.data.train, trial.config.data.dev, trial.config.data.test)
        if path and Path(path).exists()  # the others are told of with how to obtain them
    }
    for path, token_column, tag_column in sorted(texts):
        read_corpus(path, token_column=token_column, tag_column=tag_column)


def to_do(experiment: Experiment, folder: Path) -> list[Trial]:
    """Return the trials that are not done, those that take longest first, so that no processor waits at the end."""
    left = [trial for trial in experiment.trials if not trial.folder(folder).exists()]
    return sorted(left, key=lambda trial: -trial.fraction)


def _run(
    experiment: Experiment, folder: Path, watcher: Watcher, *, jobs: int | None, engine: str, address: str | None
) -> list[FailedTrial]:
    left = to_do(experiment, folder)
    failed: list[FailedTrial] = []
    done, count = len(experiment.trials) - len(left), len(experiment.trials)
    with open_engine(engine, jobs, address) as workers:

        def state() -> State:
            waiting = count - done - len(failed)
            return State(done, min(workers.jobs, waiting), len(failed), count)

        watcher.begins(state(), left)
        if not left:
            return failed
        for place, result in workers.map_trials(run_trial, left, folder):
            if isinstance(result, Failure):
                failed.append(FailedTrial(left[place].name, _reason(result)))
                watcher.trial_ends(state(), left[place], None, failed[-1].error)
            else:
                done += 1
                watcher.trial_ends(state(), left[place], result, "")
    return sorted(failed, key=lambda one: one.name)


def _reason(failure: Failure) -> str:
    users = {kind.__name__ for kind in WindownerError.__subclasses__()}
    return failure.message if failure.type in users else f"{failure.type}: {failure.message}"
