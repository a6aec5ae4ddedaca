"""The answer as the page that `windowner.report` makes of it."""

from pathlib import Path

from windowner.experiments.answer import Answer
from windowner.experiments.differences import Contrast
from windowner.report.comparison import Difference, Trial
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
    """Return what the page is made from; of several contexts and comparisons, it shows the differences of the best."""
    words = {cell.fraction: cell.words for cell in answer.cells}
    best = best_contrast(answer)
    shown = [one for one in answer.contrasts if best and (one.context, one.other) == (best.context, best.other)]
    most = max(words.values())
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
            Difference(one.fraction, one.words, 100 * one.value, 100 * one.low, 100 * one.high, one.p) for one in shown
        ],
        compared=_labels(answer, best) if best else None,
        seen={cell.label: cell.familiarity for cell in answer.cells if cell.words == most},
    )


def best_contrast(answer: Answer) -> Contrast | None:
    """Return the comparison on the most data whose difference is largest."""
    most = max((one.words for one in answer.contrasts), default=0)
    return max((one for one in answer.contrasts if one.words == most), key=lambda one: one.value, default=None)


def _labels(answer: Answer, contrast: Contrast) -> tuple[str, str]:
    same = {cell.value: cell.label for cell in answer.cells if cell.context == contrast.context}
    return same[contrast.reference], same[contrast.other]
