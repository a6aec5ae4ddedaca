"""The pictures of an experiment's page: curves over settings and fractions, and differences around zero."""

from collections.abc import Mapping, Sequence
from typing import Any

from windowner.report import pictures
from windowner.report.comparison import Crossing, Difference, Row, Score, Trial
from windowner.report.figures import Picture
from windowner.report.pictures import Bars, Interval, Line, Series, Winner


def score_plot(rows: Sequence[Row], crossings: Sequence[Crossing] = ()) -> Picture:
    """Draw mean F1 on dev: against training words, or, where all trials have as many, a setting below the other."""
    return learning_curves(rows, crossings) if len({row.fraction for row in rows}) > 1 else setting_dots(rows)


def setting_dots(rows: Sequence[Row], split: int = 0) -> Picture:
    """Draw mean F1 on a split and its standard deviation of each setting."""
    scored = [(row, 100 * score.mean, 100 * score.deviation) for row in rows if (score := row.scores[split])]
    intervals = [Interval(row.label, mean, mean - spread, mean + spread, row.setting) for row, mean, spread in scored]
    caption = "Mean entity F1 on dev of each setting; the lines are one standard deviation over seeds on each side."
    return pictures.dots("scores", caption, intervals, "entity F1 on dev, %")


def learning_curves(rows: Sequence[Row], crossings: Sequence[Crossing] = (), split: int = 0) -> Picture:
    """Draw mean F1 on a split against training words, a line a setting, with a band of a standard deviation."""
    series = []
    for setting in sorted({row.setting for row in rows}):
        same = [(row, score) for row in rows if row.setting == setting and (score := row.scores[split]) is not None]
        means, deviations = ([100 * getattr(score, part) for _, score in same] for part in ("mean", "deviation"))
        low = [mean - deviation for mean, deviation in zip(means, deviations, strict=True)]
        high = [mean + deviation for mean, deviation in zip(means, deviations, strict=True)]
        series.append(Series(setting, same[0][0].label, [row.words for row, _ in same], means, low, high))
    caption = "Mean entity F1 on dev by amount of training data; the bands are one standard deviation over seeds."
    caption += "".join(
        f" The means cross at about {one.words:,} words; beyond, {one.leader} is ahead of {one.other}."
        for one in crossings
    )
    places = [one.words for one in crossings]
    title = "entity F1 on dev, %"
    return pictures.learning_curves("learning-curves", caption, series, "training words", title, places)


def difference_plot(differences: Sequence[Difference], numbers: Mapping[str, int]) -> Picture:
    """Draw differences around zero: of two settings by amount of data, of more settings with the most data.

    `numbers` holds the number of each setting by its label.
    """
    references, others = ({getattr(one, side) for one in differences} for side in ("reference", "other"))
    two = len(references) == len(others) == 1
    most = max(one.words for one in differences)
    shown = [one for one in differences if two or one.words == most]
    intervals = [
        Interval(
            f"{one.words:,}\nwords" if two else one.other,
            one.value,
            one.low,
            one.high,
            numbers[one.other if one.value > 0 else one.reference],
        )
        for one in shown
    ]
    first, second = _winner(references, "reference", numbers), _winner(others, "other", numbers)
    caption = f"How much better {second.label} is than {first.label}, with 95 % intervals; grey where zero lies inside."
    return pictures.differences("differences", caption, intervals, "points of entity F1 on dev", (first, second))


def _winner(labels: set[str], several: str, numbers: Mapping[str, int]) -> Winner:
    (label,) = labels if len(labels) == 1 else (several,)
    return Winner(label, numbers.get(label))


def seen_bars(scores: Mapping[str, Mapping[str, Score]]) -> Picture:
    """Draw F1 on groups of entities: `scores` by label of the setting, then by name of the group."""
    names = list(next(iter(scores.values())))
    settings = [
        Bars(label, [100 * of[name].mean for name in names], [100 * of[name].deviation for name in names])
        for label, of in scores.items()
    ]
    caption = "F1 on dev's entities by whether training saw their words; lines are one standard deviation over seeds."
    return pictures.bars("seen-unseen", caption, names, settings, "entity F1 on dev, %")


def training_curves(trials: Sequence[Trial]) -> list[Picture]:
    """Draw dev F1 and loss of each epoch of all trials, two pictures a fraction, the most data first."""
    drawn = []
    for fraction in sorted({trial.fraction for trial in trials}, reverse=True):
        same = [trial for trial in trials if trial.fraction == fraction]
        words = f"{same[0].words:,} training words"
        for name, title, values in _MEASURES:
            lines = [Line(trial.setting, values(trial), label) for trial, label in _named_once(same)]
            caption = f"{title}, of each epoch: {words}."
            drawn.append(pictures.epochs(f"{name}-{fraction:g}", caption, f"{title}: {words}", lines))
    return drawn


_MEASURES: list[tuple[str, str, Any]] = [
    ("dev-f1", "F1 on dev, %", lambda trial: [100 * epoch.dev_f1 for epoch in trial.run.history]),
    ("loss", "loss", lambda trial: [epoch.loss for epoch in trial.run.history]),
]


def _named_once(trials: Sequence[Trial]) -> list[tuple[Trial, str]]:
    """Return trials with their labels, each label once, so that a legend is short."""
    named: set[str] = set()
    pairs = []
    for trial in sorted(trials, key=lambda trial: (trial.setting, trial.seed)):
        pairs.append((trial, "" if trial.label in named else trial.label))
        named.add(trial.label)
    return pairs
