"""The page of a single run."""

from math import nan
from pathlib import Path
from typing import Any

from windowner.errors import DataError
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.report import curve_pictures, interval_pictures
from windowner.report.confusion import confusion_matrix
from windowner.report.curve_pictures import Line
from windowner.report.figures import Picture, load_matplotlib
from windowner.report.hidden_units import dev_units
from windowner.report.interval_pictures import Bars
from windowner.report.moved_vectors import is_fine_tuned, missing_text, moved_vectors
from windowner.report.page import REPORT_NAME, write_page
from windowner.report.sentences import mistakes_on_dev
from windowner.runs.calibration import entity_reliability
from windowner.runs.folder import RunFolder, read_run
from windowner.scoring.reliability import expected_calibration_error


def report_run(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the page of a run, and its pictures into a folder beside the page.

    Parameters
    ----------
    folder
        The run.
    out
        The page; `report.html` in the run's folder by default.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError, ModelError, VectorsError
        The run, or a file that it was trained on, cannot be read; or a file cannot be written.
    """
    load_matplotlib()  # fails before anything that takes time
    folder = Path(folder)
    if (folder / EXPERIMENT_NAME).exists():
        raise DataError(f"{folder}: an experiment, not a run; `windowner compare` writes its report.html")
    page = folder / REPORT_NAME if out is None else Path(out)
    return write_page("run.html", run_values(read_run(folder)), page)


def run_values(run: RunFolder) -> dict[str, Any]:
    """Return the values of the template."""
    bins = entity_reliability(run.tagger, [s.tokens for s in run.dev], [s.gold for s in run.dev])
    return {
        "missing": missing_text(run) if is_fine_tuned(run) else "",
        "name": run.config.name,
        "metrics": run.metrics,
        "splits": [split for split in ("dev", "test") if split in run.metrics],
        "curves": training_curves(run),
        "seen": familiarity_bars(run.metrics["familiarity"]) if "familiarity" in run.metrics else None,
        "confusion": confusion_matrix(run),
        "mistakes": mistakes_on_dev({run.metrics["mode"]: run}),
        "vectors": moved_vectors(run),
        "units": dev_units(run),
        "calibration": curve_pictures.reliability_plot(
            "calibration",
            "Dev's entities by the probability that the tagger gives them. Larger dots stand for more entities.",
            bins,
        ),
        "calibration_error": expected_calibration_error(bins),
    }


def familiarity_bars(scores: dict[str, Any]) -> Picture:
    """Draw F1 on dev's entities by how well their words are known; `scores` is a part of `metrics.json`."""
    groups = [f"{group}\n({score['support']:,})" for group, score in scores.items()]
    caption = (
        "F1 on dev's entities by their least known word: seen in training, known only as a pretrained vector, or "
        "unseen. The number of gold entities is in brackets. There is no bar where there are none."
    )
    values = [100 * score["f1"] if score["support"] else nan for score in scores.values()]
    series = Bars("F1", values, [0.0] * len(groups))
    return interval_pictures.bars("seen-unseen", caption, "entity F1 on dev, %", groups, [series])


def training_curves(run: RunFolder) -> list[Picture]:
    """Draw dev F1 and loss of each epoch."""
    scores = Line(0, [100 * epoch.dev_f1 for epoch in run.history])
    losses = Line(1, [epoch.loss for epoch in run.history])
    best = run.metrics.get("best_epoch")
    return [
        curve_pictures.epochs("dev-f1", "Entity F1 on dev after each epoch.", "entity F1 on dev, %", [scores], best),
        curve_pictures.epochs("loss", "Mean training loss of each epoch.", "training loss", [losses]),
    ]
