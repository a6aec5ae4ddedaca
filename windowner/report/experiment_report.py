"""The page of an experiment, and its pictures beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from windowner.report import comparison, sections
from windowner.report.comparison import Difference, Score, Trial
from windowner.report.figures import load_matplotlib
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
        Of the second compared setting from the first, a fraction each.
    compared
        Labels of the two.
    seen
        F1 on groups of entities, by label of the setting and name of the group.
    """

    name: str
    by: str
    advice: str
    trials: Sequence[Trial]
    failed: Sequence[Failed] = ()
    differences: Sequence[Difference] = ()
    compared: tuple[str, str] | None = None
    seen: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)


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
        "compared": experiment.compared,
        "curves": comparison.score_plot(table),
        "differences": _differences(experiment),
        "seen": comparison.seen_bars(experiment.seen) if experiment.seen else None,
        "types": comparison.type_table(trials),
        "confusions": {label: sections.confusion_matrix(trial.run) for label, trial in shown.items()},
        "training": comparison.training_curves(trials),
        "errors": sections.errors({label: trial.run for label, trial in shown.items()}),
        **_inside(shown),
    }


def side_by_side(experiment: Experiment) -> dict[str, Trial]:
    """Return the trials whose errors are shown side by side: the compared settings, on the most data, the first seed.

    All of them must have tagged the same sentences.
    """
    chosen = comparison.representatives(experiment.trials)
    wanted = [label for label in (experiment.compared or ()) if label in chosen] or list(chosen)[:2]
    first = chosen[wanted[0]].run
    return {label: chosen[label] for label in wanted if same_text(first, chosen[label].run)}


def same_text(one: RunFolder, other: RunFolder) -> bool:
    """Say whether two runs have the same dev."""
    return [(s.tokens, s.gold) for s in one.dev] == [(s.tokens, s.gold) for s in other.dev]


def _differences(experiment: Experiment) -> Any:
    if not experiment.differences or experiment.compared is None:
        return None
    return comparison.difference_plot(experiment.differences, experiment.compared)


def _inside(shown: Mapping[str, Trial]) -> dict[str, Any]:
    """Return what the last of the trials shown that fine-tuned learnt; of all, where none did, without its vectors."""
    tuned = [trial for trial in shown.values() if trial.run.metrics.get("mode") == "fine-tuned"]
    trial = [*shown.values(), *tuned][-1]
    return {
        "trial": trial.run.path.name,
        "vectors": sections.vectors_moved(trial.run),
        "neurons": sections.hidden_units(trial.run),
    }
