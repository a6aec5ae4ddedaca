"""The answer of an experiment: scores of each setting on each amount of data, contrasts between settings, advice.

Settings are compared on dev. Dev also chose the epoch of each training, so all scores are too high in the same way.
Test is scored only if the experiment asks for it. It appears in the table and decides nothing, so it remains a test of
the advice.

With folds, settings are compared on the held-out folds, which have chosen nothing. What the answer calls dev is then
the held-out fold of each trial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from windowner.errors import DataError
from windowner.experiments.advice import advise
from windowner.experiments.cells import Cell, score_cell
from windowner.experiments.contrasts import Contrast, Crossing, find_contrasts, find_crossings
from windowner.experiments.experiment import Experiment
from windowner.experiments.finished import SPLIT, FailedTrial, FinishedTrial, group_trials, read_finished
from windowner.markup.filling import for_notebook

HELD_OUT = "held-out folds"
"""What an experiment with folds calls the split on which settings are compared."""

CONFIDENCE = 0.95
"""The probability with which all intervals of an amount of data hold at once."""


@dataclass(frozen=True)
class Answer:
    """The result of an experiment.

    Parameters
    ----------
    name, base, by
        The experiment's name, its base config's name, and the compared key.
    split
        The split on which settings are compared.
    advice
        The answer in a sentence.
    confidence
        The probability with which all intervals of an amount of data hold at once.
    cells
        Scores, one cell per setting and amount of data.
    contrasts
        Differences between settings.
    crossings
        Where mean learning curves cross.
    finished, failed
        The trials that the answer was computed from, and those that failed.
    trial_count
        The number of all trials.
    folder
        The experiment's folder.
    """

    name: str
    base: str
    by: str
    split: str
    advice: str
    confidence: float
    cells: Sequence[Cell]
    contrasts: Sequence[Contrast]
    crossings: Sequence[Crossing]
    finished: Sequence[FinishedTrial]
    failed: Sequence[FailedTrial]
    trial_count: int
    folder: Path

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        return for_notebook("answer_fragment.html", {"answer": self})

    @property
    def cells_on_most_data(self) -> list[Cell]:
        """The cells of the largest amount of data."""
        most = max(cell.fraction for cell in self.cells)
        return [cell for cell in self.cells if cell.fraction == most]


def answer(experiment: Experiment, folder: Path, failed: Sequence[FailedTrial] = ()) -> Answer:
    """Read the finished trials of an experiment and compare its settings.

    Raises
    ------
    DataError
        No trial is done, or a trial's folder is damaged.
    """
    finished = read_finished(experiment, folder)
    if not finished:
        reason = f": {failed[0].name}: {failed[0].error}" if failed else ""
        raise DataError(f"{folder}: no trial is done{reason}")
    groups = group_trials(experiment.settings, experiment.file.fractions, finished)
    contrasts = find_contrasts(experiment, groups, CONFIDENCE)
    cells = [score_cell(group) for group in groups]
    return Answer(
        name=experiment.name,
        base=experiment.base.name,
        by=experiment.by,
        split=HELD_OUT if experiment.file.folds else SPLIT,
        advice=advise(experiment.by, contrasts, cells),
        confidence=CONFIDENCE,
        cells=cells,
        contrasts=contrasts,
        crossings=find_crossings(contrasts),
        finished=finished,
        failed=failed,
        trial_count=len(experiment.trials),
        folder=folder,
    )
