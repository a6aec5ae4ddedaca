"""The pictures of an experiment's page: curves over settings and amounts of data, and contrasts around zero."""

from collections.abc import Callable, Sequence

from windowner.experiments.answer import Answer
from windowner.experiments.cells import Cell
from windowner.experiments.contrasts import Contrast, Crossing
from windowner.experiments.finished import FinishedTrial
from windowner.experiments.grid import Setting
from windowner.report import curve_pictures, interval_pictures
from windowner.report.curve_pictures import Line, Series
from windowner.report.figures import Picture
from windowner.report.interval_pictures import Bars, Interval, Side
from windowner.text.wording import count_of

F1_ON_DEV = "entity F1 on dev, %"


def score_plot(cells: Sequence[Cell], crossings: Sequence[Crossing] = ()) -> Picture:
    """Draw mean F1 on dev by training words or, with one amount of data, by setting."""
    several = len({cell.fraction for cell in cells}) > 1
    return learning_curves(cells, crossings) if several else setting_dots(cells)


def setting_dots(cells: Sequence[Cell]) -> Picture:
    """Draw mean F1 on dev and its standard deviation, one setting below the other."""
    intervals = [Interval(cell.setting.label, *_spread(cell), cell.setting.number) for cell in cells]
    caption = "Mean entity F1 on dev of each setting. Lines span one standard deviation over seeds on each side."
    return interval_pictures.dots("scores", caption, F1_ON_DEV, intervals)


def learning_curves(cells: Sequence[Cell], crossings: Sequence[Crossing] = ()) -> Picture:
    """Draw mean F1 on dev by training words, one curve per setting, with bands of one standard deviation.

    Crossings that may be noise are not marked.
    """
    sure = [crossing for crossing in crossings if crossing.sure]
    series = []
    for number in sorted({cell.setting.number for cell in cells}):
        same = sorted((cell for cell in cells if cell.setting.number == number), key=lambda cell: cell.fraction)
        mean, low, high = zip(*map(_spread, same), strict=True)
        series.append(Series(number, same[0].setting.label, [cell.words for cell in same], mean, low, high))
    caption = "Mean entity F1 on dev by amount of training data. Bands are one standard deviation over seeds."
    caption += "".join(
        f" The means cross at about {count_of(crossing.words, 'word')}. "
        f"With more words, {crossing.ahead.label} is ahead of {crossing.behind.label}."
        for crossing in sure
    )
    places = [crossing.words for crossing in sure]
    return curve_pictures.learning_curves("learning-curves", caption, F1_ON_DEV, series, places)


def _spread(cell: Cell) -> tuple[float, float, float]:
    """Return mean F1 on dev in percent, and the ends of one standard deviation on each side, from 0 to 100."""
    mean, deviation = 100 * cell.dev.mean, 100 * cell.dev.deviation
    return mean, max(0.0, mean - deviation), min(100.0, mean + deviation)


def difference_plot(contrasts: Sequence[Contrast]) -> Picture:
    """Draw contrasts around zero: of two settings by amount of data, of more settings on the most data."""
    two = len({(contrast.reference.number, contrast.other.number) for contrast in contrasts}) == 1
    most = max(contrast.words for contrast in contrasts)
    intervals = [
        Interval(
            f"{contrast.words:,}\nwords" if two else contrast.other.label,
            100 * contrast.value,
            100 * contrast.low,
            100 * contrast.high,
            contrast.better.number,
        )
        for contrast in contrasts
        if two or contrast.words == most
    ]
    left = _side([contrast.reference for contrast in contrasts], "reference")
    right = _side([contrast.other for contrast in contrasts], "other")
    minuend = right.label if right.color is not None else "each setting"
    subtrahend = left.label if left.color is not None else "its reference"
    caption = f"F1 of {minuend} minus F1 of {subtrahend}, with 95 % intervals. Grey intervals contain zero."
    return interval_pictures.differences("differences", caption, "points of entity F1 on dev", intervals, (left, right))


def _side(settings: Sequence[Setting], several: str) -> Side:
    """Return the side of zero where settings are better; `several` is its label if they are not the same setting."""
    same = len({setting.number for setting in settings}) == 1
    return Side(settings[0].label, settings[0].number) if same else Side(several, None)


def familiarity_bars(cells: Sequence[Cell]) -> Picture:
    """Draw F1 on dev's entities by how well their words are known."""
    groups = list(cells[0].familiarity)
    series = [
        Bars(
            cell.setting.label,
            [100 * cell.familiarity[group].mean for group in groups],
            [100 * cell.familiarity[group].deviation for group in groups],
        )
        for cell in cells
    ]
    caption = "F1 on dev's entities by their least known word. Lines are one standard deviation over seeds."
    return interval_pictures.bars("seen-unseen", caption, F1_ON_DEV, groups, series)


def training_curves(answer: Answer) -> list[Picture]:
    """Draw dev F1 and loss of each epoch of all trials: two pictures per amount of data, the most data first."""
    pictures = []
    amounts = {cell.fraction: count_of(cell.words, "training word") for cell in answer.cells}
    for fraction, amount in sorted(amounts.items(), reverse=True):
        same = [trial for trial in answer.finished if trial.trial.fraction == fraction]
        for name, measure, values in MEASURES:
            lines = [Line(trial.setting.number, values(trial), label) for trial, label in _labelled(same)]
            caption = f"{measure}, of each epoch: {amount}."
            pictures.append(curve_pictures.epochs(f"{name}-{fraction:g}", caption, f"{measure}: {amount}", lines))
    return pictures


MEASURES: list[tuple[str, str, Callable[[FinishedTrial], list[float]]]] = [
    ("dev-f1", "F1 on dev, %", lambda trial: [100 * epoch.dev_f1 for epoch in trial.run.history]),
    ("loss", "loss", lambda trial: [epoch.loss for epoch in trial.run.history]),
]


def _labelled(finished: Sequence[FinishedTrial]) -> list[tuple[FinishedTrial, str]]:
    """Return trials with the labels of their settings, each label once, so that a legend is short."""
    labelled: set[int] = set()
    pairs = []
    for trial in sorted(finished, key=lambda trial: (trial.setting.number, trial.trial.seed)):
        pairs.append((trial, "" if trial.setting.number in labelled else trial.setting.label))
        labelled.add(trial.setting.number)
    return pairs
