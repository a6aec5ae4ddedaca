"""The answer as the page that `windowner.report` makes of it."""

from pathlib import Path

from windowner.experiments.answer import Answer
from windowner.report.comparison import Crossing, Difference, Trial
from windowner.report.experiment_report import Experiment, Failed, report_experiment


def write_page(answer: Answer) -> Path:
    """Write the experiment's page into its folder, and return it.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    return report_experiment(as_experiment(answer), answer.folder)


def as_experiment(answer: Answer) -> Experiment:
    """Return what the page is made from; differences in points of F1."""
    words = {cell.fraction: cell.words for cell in answer.cells}
    labels = {(cell.context, cell.value): cell.label for cell in answer.cells}
    return Experiment(
        name=answer.name,
        by=answer.by,
        advice=answer.advice,
        trials=[
            Trial(
                one.trial.setting.label,
                one.trial.setting.number,
                one.trial.fraction,
                one.trial.seed,
                words[one.trial.fraction],
                one.run,
            )
            for one in answer.finished
        ],
        failed=[Failed(one.name, one.error) for one in answer.failed],
        differences=[
            Difference(
                labels[one.context, one.reference],
                labels[one.context, one.other],
                one.words,
                100 * one.value,
                100 * one.low,
                100 * one.high,
                one.p,
            )
            for one in answer.contrasts
        ],
        crossings=[
            Crossing(
                one.words,
                labels[one.context, one.other if one.upwards else one.reference],
                labels[one.context, one.reference if one.upwards else one.other],
            )
            for one in answer.crossings
        ],
    )
