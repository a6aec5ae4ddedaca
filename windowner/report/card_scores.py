"""The parts of a model card about scores, their intervals, and probabilities."""

from collections.abc import Iterator, Mapping
from typing import Any

from windowner.markup.markdown import escape, table
from windowner.report.card_data import NOT_STATED
from windowner.runs.folder import RunFolder
from windowner.runs.found import found_on_dev
from windowner.runs.run_intervals import SPLITS, run_intervals
from windowner.scoring.entities import RATES
from windowner.scoring.intervals import Interval, RateIntervals, ScoreIntervals
from windowner.scoring.reliability import expected_calibration_error, reliability
from windowner.text.wording import UNTYPED, count_of


def score_section(run: RunFolder) -> Iterator[str]:
    """Yield the paragraphs about the scores on each text."""
    yield "Precision, recall and F1 of entities in %, as conlleval counts them. Below a rate stands its 95 % interval."
    intervals = run_intervals(run)
    for split in SPLITS:
        if split not in run.metrics:
            continue
        scores, sure = run.metrics[split], intervals[split]
        yield f"### {split}"
        yield f"{_size(scores)}."
        yield _table(scores, sure)
        yield _about(sure)
    if "test" not in run.metrics:
        yield "The run has no test text."
    yield _chosen_on_dev(run)


def calibration_section(run: RunFolder) -> Iterator[str]:
    """Yield the paragraphs about probabilities of dev's entities."""
    found = found_on_dev(run)
    bins = reliability(found.probability.tolist(), found.correct.tolist())
    if not bins:
        yield "The tagger finds no entity in dev, so nothing is known of its probabilities."
        return
    yield (
        f"Expected calibration error on dev: {100 * expected_calibration_error(bins):.2f} points, at temperature "
        f"{run.tagger.model.temperature:.2f}. The temperature was fitted on dev, so new text may have a larger error."
    )
    rows = [[each.edges, f"{each.entities:,}", f"{each.probability:.3f}", f"{each.correct:.3f}"] for each in bins]
    yield table(["probability", "entities", "mean probability", "share that is correct"], rows)


def _size(scores: Mapping[str, Any]) -> str:
    """Return the sizes of a text. Runs of earlier revisions do not hold them."""
    sizes = [count_of(scores[f"{unit}s"], unit) for unit in ("sentence", "token") if f"{unit}s" in scores]
    return ", ".join(sizes) or f"Sentences and tokens: {NOT_STATED}"


def _table(scores: Mapping[str, Any], sure: ScoreIntervals | str) -> str:
    rows = []
    known = sure if isinstance(sure, ScoreIntervals) else None
    for name, counts in scores["types"].items():
        rows.append([escape(name) or UNTYPED, *_cells(counts, known.types[name] if known else None)])
    rows.append(["**all**", *_cells(scores["overall"], known.overall if known else None)])
    return table(["type", "precision", "recall", "F1", "support"], rows)


def _cells(counts: Mapping[str, float], sure: RateIntervals | None) -> list[str]:
    rates = [(counts[name], getattr(sure, name) if sure else None) for name in RATES]
    return [*(_rate(rate, interval) for rate, interval in rates), f"{counts['support']:,}"]


def _rate(rate: float, interval: Interval | None) -> str:
    return f"{100 * rate:.1f}" + (f"<br>{100 * interval.low:.1f} to {100 * interval.high:.1f}" if interval else "")


def _about(sure: ScoreIntervals | str) -> str:
    if isinstance(sure, str):
        return f"Intervals: not stated, because {escape(sure)}."
    drawn = f"{count_of(sure.resamples, 'resample')} of {count_of(sure.units, sure.unit)}"
    return (
        f"Intervals: bootstrap, {drawn}. They cover the chance of another text of this kind, and not the chance of "
        "another seed."
    )


def _chosen_on_dev(run: RunFolder) -> str:
    threshold = " and the threshold" if run.config.train.fit_threshold else ""
    chosen = f"Dev chose the epoch{threshold}, so the scores on dev are a little too high."
    if "refit" not in run.metrics:
        return chosen
    return (
        f"{chosen} The kept model was trained again on train and dev together. The scores on dev are those of the "
        "first model, which was trained on train alone."
    )
