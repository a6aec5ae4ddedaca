"""The tables of an experiment's page: what is said of its trials' numbers, by setting and fraction."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

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
