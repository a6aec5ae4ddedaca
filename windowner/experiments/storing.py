"""The answer as files: results.json has everything, results.csv has one line per trial."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from windowner.experiments.answer import Answer
from windowner.experiments.cells import Cell
from windowner.experiments.contrasts import Contrast, Crossing
from windowner.experiments.finished import FinishedTrial
from windowner.experiments.folder import RESULTS_CSV, RESULTS_JSON
from windowner.files import write_whole
from windowner.links import refuse_links
from windowner.schemas import encode_json
from windowner.scoring.entities import RATES


def write_answer(answer: Answer, folder: Path) -> None:
    """Write both files."""
    refuse_links(folder / RESULTS_JSON, folder / RESULTS_CSV)
    write_whole(folder / RESULTS_JSON, encode_json(as_dict(answer)))
    write_whole(folder / RESULTS_CSV, as_csv(answer).encode())


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values. F1 and differences are fractions."""
    return {
        **{name: getattr(answer, name) for name in ("name", "base", "by", "split", "advice", "confidence")},
        "cells": [_cell(cell) for cell in answer.cells],
        "contrasts": [_pair(contrast) for contrast in answer.contrasts],
        "crossings": [_pair(crossing) for crossing in answer.crossings],
        "failed": [asdict(trial) for trial in answer.failed],
        "trials": answer.trial_count,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """Return a cell with its setting as words."""
    setting = cell.setting
    values = asdict(cell)
    del values["setting"]
    return {"label": setting.label, "context": setting.context, "value": setting.value, **values}


def _pair(compared: Contrast | Crossing) -> dict[str, Any]:
    """Return a contrast or a crossing with its two settings as words."""
    reference, other = compared.reference, compared.other
    return {"context": other.context, **asdict(compared), "reference": reference.value, "other": other.value}


def as_csv(answer: Answer) -> str:
    """Return one line per trial, the name of the trial's folder first."""
    rows = list(_rows(answer))
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(answer: Answer) -> Iterator[dict[str, Any]]:
    for finished in answer.finished:
        metrics = finished.run.metrics
        yield {
            "trial": finished.trial.name,
            **finished.setting.values,
            "fraction": finished.trial.fraction,
            "seed": finished.trial.seed,
            "words": finished.words,
            **_scores(finished),
            "best_epoch": metrics["best_epoch"],
            "train_seconds": round(metrics["train_seconds"], 3),
        }


def _scores(finished: FinishedTrial) -> dict[str, float]:
    metrics = finished.run.metrics
    overall = {
        f"{split}_{rate}": metrics[split]["overall"][rate]
        for split in ("dev", "test")
        if split in metrics
        for rate in RATES
    }
    groups = {f"dev_f1_{group.replace(' ', '_')}": score["f1"] for group, score in metrics["familiarity"].items()}
    return overall | groups
