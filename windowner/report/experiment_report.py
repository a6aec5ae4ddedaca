"""The page of an experiment, and its pictures beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windowner.report import comparison, comparison_pictures, sections
from windowner.report.comparison import Crossing, Difference, Trial
from windowner.report.figures import Picture, load_matplotlib
from windowner.report.page import REPORT_NAME, render, write_page
from windowner.report.run_report import pictures_of, save_pictures
from windowner.report.runs import RunFolder


@dataclass(frozen=True)
class Failed:
    """A trial that failed: its name, and why."""

    name: str
    error: str


@dataclass(frozen=True)
class Experiment:
    """What a page of an experiment is made from.

    Parameters
    ----------
    name
        Of the experiment.
    by
        The key whose values are compared, such as `vectors.mode`.
    advice
        The answer in a sentence.
    trials, failed
        What was trained.
    differences
        Of settings from the one that they are compared with.
    crossings
        Where mean learning curves cross.
    """

    name: str
    by: str
    advice: str
    trials: Sequence[Trial]
    failed: Sequence[Failed] = ()
    differences: Sequence[Difference] = ()
    crossings: Sequence[Crossing] = ()


def report_experiment(experiment: Experiment, folder: Path) -> Path:
    """Write the page of an experiment into its folder, and its pictures beside it; return the page.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError, ModelError, VectorsError
        A trial cannot be read, or what it was trained on is no longer there.
    """
    load_matplotlib()
    values = experiment_values(experiment)
    path = folder / REPORT_NAME
    page = render("experiment.html", values)
    save_pictures(pictures_of(values), path)
    return write_page(page, path)


def experiment_values(experiment: Experiment) -> dict[str, Any]:
    """Return what the template shows."""
    trials = experiment.trials
    table = comparison.score_table(trials)
    shown = side_by_side(experiment)
    return {
        "name": experiment.name,
        "by": experiment.by,
        "advice": experiment.advice,
        "failed": experiment.failed,
        "splits": comparison.splits(trials),
        "table": table,
        "intervals": experiment.differences,
        "curves": comparison_pictures.score_plot(table, experiment.crossings),
        "differences": _differences(experiment),
        "seen": comparison_pictures.seen_bars(seen) if (seen := comparison.seen_scores(trials)) else None,
        "types": comparison.type_table(trials),
        "confusions": {label: sections.confusion_matrix(trial.run) for label, trial in shown.items()},
        "training": comparison_pictures.training_curves(trials),
        "errors": sections.errors({label: trial.run for label, trial in shown.items()}),
        **_inside(shown),
    }


def side_by_side(experiment: Experiment) -> dict[str, Trial]:
    """Return the trials whose errors are shown side by side, by label, on the most data with the first seed.

    They are of the reference and of the setting that is best beside it. All must have tagged the same sentences.
    """
    chosen = comparison.representatives(experiment.trials)
    wanted = [label for label in _most_interesting(experiment) if label in chosen] or list(chosen)[:2]
    first = chosen[wanted[0]].run
    return {label: chosen[label] for label in wanted if same_text(first, chosen[label].run)}


def _most_interesting(experiment: Experiment) -> list[str]:
    """Return the labels of the two settings of the largest difference on the most data."""
    most = max((one.words for one in experiment.differences), default=0)
    there = [one for one in experiment.differences if one.words == most]
    best = max(there, key=lambda one: one.value, default=None)
    return [] if best is None else [best.reference, best.other]


def same_text(one: RunFolder, other: RunFolder) -> bool:
    """Say whether two runs have the same dev."""
    return [(s.tokens, s.gold) for s in one.dev] == [(s.tokens, s.gold) for s in other.dev]


def _differences(experiment: Experiment) -> Picture | None:
    numbers = {trial.label: trial.setting for trial in experiment.trials}
    return comparison_pictures.difference_plot(experiment.differences, numbers) if experiment.differences else None


def _inside(shown: Mapping[str, Trial]) -> dict[str, Any]:
    """Return what the last of the trials shown that fine-tuned learnt; of all, where none did, without its vectors."""
    tuned = [trial for trial in shown.values() if trial.run.metrics.get("mode") == "fine-tuned"]
    trial = [*shown.values(), *tuned][-1]
    return {
        "trial": trial.run.path.name,
        "vectors": sections.vectors_moved(trial.run),
        "neurons": sections.hidden_units(trial.run),
    }
