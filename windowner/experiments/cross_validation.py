"""Cross-validation of one config: how good it is, and what it says of each labelled sentence that it has not seen.

The labelled text, train and dev together, is cut into folds. For each fold a tagger is trained on the rest. A tenth of
the rest is held out to choose the epoch, the threshold and the temperature, as a config without a dev file does. So the
fold has chosen nothing, and its scores are those of new text of the same kind. Test is never read.

A fold is a trial of an experiment with one setting (`experiments/trials.py`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.experiments.cells import MeanScore
from windowner.experiments.experiment import Experiment, list_repeats, make_trial
from windowner.experiments.experiment_file import CompareSection, ExperimentFile
from windowner.experiments.finished import SPLIT, FailedTrial, FinishedTrial, read_finished
from windowner.experiments.folder import RESULTS_JSON
from windowner.experiments.grid import Setting
from windowner.experiments.out_of_fold import OutOfFold, read_out_of_fold
from windowner.experiments.running import HERE, Workplace, train_trials
from windowner.experiments.watching import UNWATCHED, Watcher
from windowner.files import write_whole
from windowner.links import refuse_links
from windowner.runs.folds import labelled_files, read_fold, read_labelled
from windowner.schemas import encode_json
from windowner.scoring.entities import RATES, Scores, score

FOLDS = 5


@dataclass(frozen=True)
class FoldScores:
    """Mean and standard deviation of precision, recall and F1 over folds, and the number of these folds."""

    precision: MeanScore
    recall: MeanScore
    f1: MeanScore
    folds: int


@dataclass(frozen=True)
class CrossValidation:
    """The result of a cross-validation.

    Parameters
    ----------
    experiment
        Its trials, one per fold.
    folder
        Its folder.
    overall
        Scores over folds.
    types
        The same of each type, over the folds where it is labelled or found.
    together
        Scores of the sentences of all folds as one text. These do not depend on how a type is spread over the folds.
    finished, failed
        The folds that are done, and those that failed.
    """

    experiment: Experiment
    folder: Path
    overall: FoldScores
    types: dict[str, FoldScores]
    together: Scores
    finished: Sequence[FinishedTrial]
    failed: Sequence[FailedTrial]

    def out_of_fold(self) -> OutOfFold:
        """Return what is said of each labelled sentence by the tagger that was trained without its fold.

        Raises
        ------
        DataError
            A fold failed, its files are damaged, or the labelled text has changed.
        """
        if self.failed:
            raise DataError(f"{self.folder}: {self.failed[0].name} failed: {self.failed[0].error}; expected all folds")
        return read_out_of_fold(self.experiment.trials, self.folder)

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as plain values; rates are fractions."""
        return {
            "name": self.experiment.name,
            "folds": len(self.experiment.trials),
            "overall": asdict(self.overall),
            "types": {name: asdict(scores) for name, scores in self.types.items()},
            "together": self.together.as_dict(),
            "f1": {finished.trial.name: finished.f1 for finished in self.finished},
            "failed": [asdict(trial) for trial in self.failed],
        }


def cross_validate(
    config: Config | str | Path,
    out: str | Path | None = None,
    *,
    folds: int = FOLDS,
    workplace: Workplace = HERE,
    resume: bool = False,
    watcher: Watcher = UNWATCHED,
) -> CrossValidation:
    """Train a config once per fold, each time without the fold, and score each tagger on its fold.

    Parameters
    ----------
    config
        A config, or the path of one. Its test file is not read.
    out
        The folder; `runs/`, the config's name and `-cv` by default. What was interrupted there is continued.
    folds
        Number of folds.
    workplace
        Where folds are trained, and how many at a time. The scores are the same everywhere.
    resume
        Fail unless the folder already holds this cross-validation.
    watcher
        Receives the events.

    Raises
    ------
    ConfigError
        The config cannot be used, or the folder holds something else.
    DataError, VectorsError
        A file that the config names cannot be read, or no fold is done.
    EngineError
        The engine cannot be started.
    """
    experiment = fold_experiment(config if isinstance(config, Config) else load_config(config), folds)
    folder = (default_folder(experiment.base) if out is None else Path(out)).absolute()
    if all(path.exists() for path in map(experiment.base.path, labelled_files(experiment.base))):
        read_labelled(experiment.base, folds)  # text of too few sentences is reported before anything is trained
    failed = train_trials(experiment, folder, workplace, watcher, resume=resume)
    finished = read_finished(experiment, folder)
    if not finished:
        raise DataError(f"{folder}: no fold is done: {failed[0].name}: {failed[0].error}")
    result = summarise(experiment, folder, finished, failed)
    refuse_links(folder / RESULTS_JSON)
    write_whole(folder / RESULTS_JSON, encode_json(result.as_dict()))
    return result


def default_folder(config: Config) -> Path:
    """Return the folder of a config's cross-validation where none is named."""
    return Path("runs") / f"{config.name}-cv"


def fold_experiment(config: Config, folds: int) -> Experiment:
    """Return the experiment of one setting whose trials are the folds of a config."""
    if config.data.fold:
        raise ConfigError(f"data.fold = {config.data.fold!r}: expected an empty value; cross-validation sets it")
    if config.data.unlabelled_as == "unknown" and not config.data.dev:
        raise ConfigError(
            'data.unlabelled_as = "unknown" without data.dev: no word is O, so no fold can be scored; expected a dev '
            "file that is annotated fully"
        )
    read_fold(f"1/{folds}")
    base = replace(config, data=replace(config.data, test="")).with_absolute_paths()
    setting = Setting(number=0, label="", context="", value="", values={})
    file = ExperimentFile(grid={}, compare=CompareSection(by=""), folds=folds, fractions=[config.data.fraction])
    parts = [replace(base, data=replace(base.data, fold=keys["data.fold"])) for keys in list_repeats(file)]
    return Experiment(default_folder(config).name, file, base, [setting], [make_trial(setting, part) for part in parts])


def summarise(
    experiment: Experiment, folder: Path, finished: Sequence[FinishedTrial], failed: Sequence[FailedTrial]
) -> CrossValidation:
    """Return the scores over folds, and those of all folds together."""
    metrics = [trial.run.metrics[SPLIT] for trial in finished]
    names = sorted({name for values in metrics for name in values["types"]})
    types = {name: [values["types"][name] for values in metrics if name in values["types"]] for name in names}
    sentences = [sentence for trial in finished for sentence in trial.run.dev]
    return CrossValidation(
        experiment=experiment,
        folder=folder,
        overall=_over_folds([values["overall"] for values in metrics]),
        types={name: _over_folds(scores) for name, scores in types.items()},
        together=score([sentence.gold for sentence in sentences], [sentence.predicted for sentence in sentences]),
        finished=finished,
        failed=failed,
    )


def _over_folds(scores: Sequence[dict[str, float]]) -> FoldScores:
    means = {rate: MeanScore.of([values[rate] for values in scores]) for rate in RATES}
    return FoldScores(**means, folds=len(scores))
