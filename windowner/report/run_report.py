"""The page of a single run."""

from collections.abc import Mapping
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from windowner.errors import DataError
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.links import refuse_links
from windowner.report import curve_pictures, interval_pictures
from windowner.report.confusion import confusion_matrix
from windowner.report.curve_pictures import Line, Tradeoff
from windowner.report.figures import SERIES, Picture, load_matplotlib
from windowner.report.hidden_units import dev_units
from windowner.report.interval_pictures import Bars
from windowner.report.moved_vectors import is_fine_tuned, missing_text, moved_vectors
from windowner.report.page import write_page
from windowner.report.reasons import with_reasons
from windowner.report.sentences import mistakes_on_dev
from windowner.report.window_steps import window_steps
from windowner.runs.file_names import REPORT_NAME
from windowner.runs.folder import RunFolder, read_run
from windowner.runs.folds import FOLD
from windowner.runs.found import FoundEntities, found_on_dev
from windowner.scoring.operating_points import Curve, operating_point
from windowner.scoring.reliability import expected_calibration_error, reliability
from windowner.text.wording import type_name

LABEL = 24  # characters of a type's name in a legend


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
    if out is None:
        refuse_links(page)
    run = read_run(folder)
    values = run_values(run)
    run.check_same()
    write_page("run.html", values, page)
    run.check_same()
    return page


def run_values(run: RunFolder) -> dict[str, Any]:
    """Return the values of the template."""
    found = found_on_dev(run)
    bins = reliability(found.probability.tolist(), found.correct.tolist())
    return {
        "missing": missing_text(run) if is_fine_tuned(run) else "",
        "name": run.config.name,
        "metrics": run.metrics,
        "splits": [split for split in ("dev", "test", FOLD) if split in run.metrics],
        "curves": training_curves(run),
        "seen": familiarity_bars(run.metrics) if "familiarity" in run.metrics else None,
        "confusion": confusion_matrix(run),
        "mistakes": with_reasons(mistakes_on_dev({run.metrics["mode"]: run}), run),
        "vectors": moved_vectors(run),
        "units": dev_units(run),
        "window": window_steps(run),
        "calibration": curve_pictures.reliability_plot(
            "calibration",
            "Dev's entities by the probability that the tagger gives them. Larger dots stand for more entities.",
            bins,
        ),
        "calibration_error": expected_calibration_error(bins),
        "tradeoffs": precision_recall(found, run.tagger.model.cutoffs),
        "cutoffs": run.tagger.model.cutoffs,
    }


def precision_recall(found: FoundEntities, cutoffs: Mapping[str, float]) -> Picture:
    """Draw the precision-recall curves of the types with the most entities in dev, and what the cutoffs choose."""
    shown = sorted(np.unique(found.type_ids).tolist(), key=lambda type_id: -found.support[type_id])[:SERIES]
    curves = []
    for number, name in enumerate(found.types[type_id] for type_id in shown):
        entities = found.of_type(name)
        curve = Curve.of(*entities)
        point = operating_point(*entities, cutoffs[name]) if name in cutoffs else None
        chosen = (point.recall, point.precision) if point else None
        label = name if len(name) <= LABEL else f"{name[: LABEL - 1]}…"
        curves.append(Tradeoff(number, type_name(label), curve.recall.tolist(), curve.precision.tolist(), chosen))
    caption = (
        "Precision and recall on dev of each type, if entities below a probability are left out: from the most "
        "probable ones, on the left, to all, on the right."
    )
    return curve_pictures.tradeoffs("precision-recall", caption, curves)


def familiarity_bars(metrics: Mapping[str, Any]) -> Picture:
    """Draw F1 on the entities of dev, or of a held-out fold, by how well their words are known."""
    scores, split = metrics["familiarity"], FOLD if FOLD in metrics else "dev"
    groups = [f"{group}\n({score['support']:,})" for group, score in scores.items()]
    caption = (
        f"F1 on {split}'s entities by their least known word: seen in training, known only as a pretrained vector, or "
        "unseen. The number of gold entities is in brackets. There is no bar where there are none."
    )
    values = [100 * score["f1"] if score["support"] else nan for score in scores.values()]
    series = Bars("F1", values, [0.0] * len(groups))
    return interval_pictures.bars("seen-unseen", caption, f"entity F1 on {split}, %", groups, [series])


def training_curves(run: RunFolder) -> list[Picture]:
    """Draw dev F1 and loss of each epoch."""
    scores = Line(0, [100 * epoch.dev_f1 for epoch in run.history])
    losses = Line(1, [epoch.loss for epoch in run.history])
    best = run.metrics.get("best_epoch")
    return [
        curve_pictures.epochs("dev-f1", "Entity F1 on dev after each epoch.", "entity F1 on dev, %", [scores], best),
        curve_pictures.epochs("loss", "Mean training loss of each epoch.", "training loss", [losses]),
    ]
