"""The page of an experiment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from windowner.experiments.answer import Answer
from windowner.experiments.cells import Cell
from windowner.experiments.contrasts import on_most_data
from windowner.experiments.finished import FinishedTrial
from windowner.links import refuse_links
from windowner.report import comparison_pictures
from windowner.report.confusion import confusion_matrix
from windowner.report.figures import load_matplotlib
from windowner.report.hidden_units import dev_units
from windowner.report.moved_vectors import moved_vectors
from windowner.report.page import write_page
from windowner.report.sentences import mistakes_on_dev
from windowner.runs.file_names import REPORT_NAME
from windowner.runs.folder import RunFolder

ALL = "all"  # the name of all types together
NO_RATES = {"precision": 0.0, "recall": 0.0, "f1": 0.0}


class TypeRows(NamedTuple):
    """The rows of an entity type in a table: for each cell, the mean rates of the type."""

    type: str
    rows: list[tuple[Cell, Mapping[str, float]]]


def report_experiment(answer: Answer) -> Path:
    """Write the page of an experiment and its pictures into the experiment's folder; return the page's path.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError, ModelError, VectorsError
        A trial, or a file that it was trained on, cannot be read; or a file cannot be written.
    """
    load_matplotlib()
    page = answer.folder / REPORT_NAME
    refuse_links(page)
    return write_page("experiment.html", experiment_values(answer), page)


def experiment_values(answer: Answer) -> dict[str, Any]:
    """Return the values of the template."""
    shown = side_by_side(answer)
    runs = {trial.setting.label: trial.run for trial in shown}
    contrasts = answer.contrasts
    return {
        "answer": answer,
        "tested": any(cell.test for cell in answer.cells),
        "differences": comparison_pictures.difference_plot(contrasts) if contrasts else None,
        "curves": comparison_pictures.score_plot(answer.cells, answer.crossings),
        "seen": comparison_pictures.familiarity_bars(answer.cells_on_most_data),
        "types": type_table(answer),
        "confusions": {label: confusion_matrix(run) for label, run in runs.items()},
        "training": comparison_pictures.training_curves(answer),
        "mistakes": mistakes_on_dev(runs),
        **_inside(shown),
    }


def type_table(answer: Answer) -> list[TypeRows]:
    """Return the mean rates of each type under each setting on the most data, and last those of all types together."""
    cells = answer.cells_on_most_data
    names = sorted({name for cell in cells for name in cell.types})
    types = [TypeRows(name, [(cell, cell.types.get(name, NO_RATES)) for cell in cells]) for name in names]
    return [*types, TypeRows(ALL, [(cell, cell.overall) for cell in cells])]


def side_by_side(answer: Answer) -> list[FinishedTrial]:
    """Return the trials whose mistakes are shown side by side: those of two settings, on the most data.

    The settings are those of the contrast with the largest difference. Each has the trial with its smallest seed. A
    trial whose dev is not that of the first is left out.
    """
    chosen = representatives(answer)
    best = on_most_data(answer.contrasts)[:1]
    compared = [setting.number for contrast in best for setting in (contrast.reference, contrast.other)]
    wanted = [number for number in compared if number in chosen] or list(chosen)[:2]
    trials = [chosen[number] for number in wanted]
    return [trial for trial in trials if same_dev(trials[0].run, trial.run)]


def representatives(answer: Answer) -> dict[int, FinishedTrial]:
    """Return for each setting, by number, the trial on the most data with the smallest seed."""
    most = max(trial.trial.fraction for trial in answer.finished)
    chosen: dict[int, FinishedTrial] = {}
    for trial in sorted(answer.finished, key=lambda trial: (trial.setting.number, trial.trial.seed)):
        if trial.trial.fraction == most:
            chosen.setdefault(trial.setting.number, trial)
    return chosen


def same_dev(first: RunFolder, second: RunFolder) -> bool:
    """Say whether two runs have the same dev."""
    texts = [[(sentence.tokens, sentence.gold) for sentence in run.dev] for run in (first, second)]
    return texts[0] == texts[1]


def _inside(shown: list[FinishedTrial]) -> dict[str, Any]:
    """Return word vectors and hidden units of the last trial that fine-tuned, or of the last one if none did."""
    tuned = [trial for trial in shown if trial.run.metrics.get("mode") == "fine-tuned"]
    trial = [*shown, *tuned][-1]
    return {"trial": trial.trial.name, "vectors": moved_vectors(trial.run), "units": dev_units(trial.run)}
