"""What the page of an experiment shows of its trials' numbers: tables, and curves over settings and fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from windowner.report import pictures
from windowner.report.figures import Picture
from windowner.report.pictures import Bars, Interval, Line, Series, Winner
from windowner.report.runs import RunFolder

ALL = "all"  # the row of all types together


@dataclass(frozen=True)
class Trial:
    """A finished trial: its setting's label and number, its fraction of the training data, seed, words and run."""

    label: str
    setting: int
    fraction: float
    seed: int
    words: int
    run: RunFolder


@dataclass(frozen=True)
class Score:
    """Mean and standard deviation over seeds, as fractions; the deviation of one seed is 0."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Score":
        """Return mean and standard deviation of values."""
        return cls(fmean(values), stdev(values) if len(values) > 1 else 0.0)


@dataclass(frozen=True)
class Row:
    """A setting at a fraction: its scores by split, None where a split was not scored."""

    label: str
    setting: int
    fraction: float
    words: int
    scores: list[Score | None]
    n: int
    seconds: float


@dataclass(frozen=True)
class TypeRow:
    """A type's mean precision, recall and F1 under a setting; `order` is the type's place in the table."""

    order: int
    type: str
    label: str
    setting: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Difference:
    """By how many points of F1 another setting is better than the reference: their labels, interval and p-value."""

    reference: str
    other: str
    words: int
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Crossing:
    """Where the mean learning curves cross: training words, the label of who gets ahead there, and of the other."""

    words: int
    leader: str
    other: str


def splits(trials: Sequence[Trial]) -> list[str]:
    """Return the splits that were scored."""
    return [split for split in ("dev", "test") if any(split in trial.run.metrics for trial in trials)]


def groups(trials: Sequence[Trial]) -> dict[tuple[float, int], list[Trial]]:
    """Return trials by fraction and setting, in this order."""
    keys = sorted({(trial.fraction, trial.setting) for trial in trials})
    return {key: [trial for trial in trials if (trial.fraction, trial.setting) == key] for key in keys}


def score_table(trials: Sequence[Trial]) -> list[Row]:
    """Return a row a fraction and setting."""
    names, rows = splits(trials), []
    for (fraction, setting), same in groups(trials).items():
        seconds = fmean(trial.run.metrics["train_seconds"] for trial in same)
        scores = [_score(same, split) for split in names]
        rows.append(Row(same[0].label, setting, fraction, same[0].words, scores, len(same), seconds))
    return rows


def _score(trials: Sequence[Trial], split: str) -> Score | None:
    values = [trial.run.metrics[split]["overall"]["f1"] for trial in trials if split in trial.run.metrics]
    return Score.of(values) if values else None


def full(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials on the most data."""
    most = max(trial.fraction for trial in trials)
    return [trial for trial in trials if trial.fraction == most]


def representatives(trials: Sequence[Trial]) -> dict[str, Trial]:
    """Return for each setting the trial on the most data with the smallest seed, by label."""
    chosen: dict[int, Trial] = {}
    for trial in full(trials):
        if trial.setting not in chosen or trial.seed < chosen[trial.setting].seed:
            chosen[trial.setting] = trial
    return {chosen[setting].label: chosen[setting] for setting in sorted(chosen)}


def type_table(trials: Sequence[Trial], split: str = "dev") -> list[TypeRow]:
    """Return mean scores of each type under each setting, on the most data, and those of all types together."""
    rows = []
    by_setting = groups(full(trials))
    scored = {key: [trial.run.metrics[split] for trial in same] for key, same in by_setting.items()}
    names = sorted({name for all_scores in scored.values() for scores in all_scores for name in scores["types"]})
    for order, name in enumerate([*names, None]):
        for key, same in by_setting.items():
            found = [scores["overall"] if name is None else scores["types"].get(name) for scores in scored[key]]
            means = [fmean(one[part] if one else 0.0 for one in found) for part in ("precision", "recall", "f1")]
            rows.append(TypeRow(order, ALL if name is None else name, same[0].label, key[1], *means))
    return rows


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


def seen_scores(trials: Sequence[Trial]) -> dict[str, dict[str, Score]]:
    """Return F1 on groups of dev's entities on the most data, by label of the setting, then by name of the group.

    Nothing, if a run is from before there were such groups.
    """
    if any("familiarity" not in trial.run.metrics for trial in trials):
        return {}
    scores = {}
    for same in groups(full(trials)).values():
        of_trials = [trial.run.metrics["familiarity"] for trial in same]
        scores[same[0].label] = {name: Score.of([of[name]["f1"] for of in of_trials]) for name in of_trials[0]}
    return scores


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
