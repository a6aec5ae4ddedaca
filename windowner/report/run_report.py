"""The page of a single run, and its pictures beside it."""

from pathlib import Path
from typing import Any

from windowner.report import pictures, sections
from windowner.report.figures import Picture, load_matplotlib
from windowner.report.page import REPORT_NAME, render, write_page
from windowner.report.pictures import Bars, Line
from windowner.report.runs import RunFolder, read_run
from windowner.scoring.entities import PRF

PICTURES = "pictures"  # the folder beside a page


def report_run(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the page of a run, and its pictures into a folder beside it.

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
        The run cannot be read, or what it was trained on is no longer there.
    """
    load_matplotlib()  # before anything that takes time
    run = read_run(folder)
    path = Path(folder) / REPORT_NAME if out is None else Path(out)
    values = run_values(run)
    page = render("run.html", values)
    save_pictures(pictures_of(values), path)
    return write_page(page, path)


def run_values(run: RunFolder) -> dict[str, Any]:
    """Return what the template of a run's page shows."""
    bins, error = sections.calibration(run)
    missing = sections.what_is_missing(run)
    return {
        "missing": missing,
        "name": run.config.name,
        "metrics": run.metrics,
        "config": run.config,
        "splits": [split for split in ("dev", "test") if split in run.metrics],
        "curves": training_curves(run),
        "seen": None if missing else seen_bars(sections.by_familiarity(run)),
        "confusion": sections.confusion_matrix(run),
        "errors": sections.errors({run.metrics["mode"]: run}),
        "vectors": sections.vectors_moved(run),
        "neurons": sections.hidden_units(run),
        "calibration": pictures.reliability_plot(
            "calibration",
            "Dev's entities by the probability that the tagger gives them; larger dots, more entities.",
            bins,
        ),
        "calibration_error": error,
    }


def seen_bars(scores: dict[str, PRF]) -> Picture:
    """Draw F1 on groups of entities."""
    names = [f"{name}\n({of.support:,})" for name, of in scores.items()]
    caption = (
        "F1 on dev's entities whose words training saw, knows only as pretrained vectors, or does not know at all; "
        "in brackets, how many gold ones there are."
    )
    bars = Bars("F1", [100 * of.f1 for of in scores.values()], [0.0] * len(names))
    return pictures.bars("seen-unseen", caption, names, [bars], "entity F1 on dev, %")


def training_curves(run: RunFolder) -> list[Picture]:
    """Draw dev F1 and loss of each epoch."""
    scores = Line(0, [100 * epoch.dev_f1 for epoch in run.history])
    losses = Line(1, [epoch.loss for epoch in run.history])
    best = run.metrics.get("best_epoch")
    return [
        pictures.epochs("dev-f1", "Entity F1 on dev after each epoch.", "entity F1 on dev, %", [scores], best),
        pictures.epochs("loss", "Mean training loss of each epoch.", "training loss", [losses]),
    ]


def pictures_of(values: Any) -> list[Picture]:
    """Return all pictures that a page's values hold, wherever they are."""
    if isinstance(values, Picture):
        return [values]
    if isinstance(values, sections.VectorsMoved):
        return pictures_of([values.cloud, values.plane])
    if isinstance(values, dict):
        return pictures_of(list(values.values()))
    if isinstance(values, list):
        return [picture for value in values for picture in pictures_of(value)]
    return []


def save_pictures(drawn: list[Picture], page: Path) -> None:
    """Write pictures as SVG and PNG into the folder beside a page."""
    folder = page.parent / PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    for picture in drawn:
        picture.save(folder)
