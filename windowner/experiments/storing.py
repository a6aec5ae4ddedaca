"""The answer as files: results.json has all of it, results.csv a line a trial."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import msgspec

from windowner.experiments.answer import Answer, Finished

RESULTS_JSON, RESULTS_CSV = "results.json", "results.csv"
NOT_STORED = ("folder", "finished")


def write_answer(answer: Answer, folder: Path) -> None:
    """Write both files."""
    encoded = msgspec.json.encode(as_dict(answer))
    _write(folder / RESULTS_JSON, msgspec.json.format(encoded, indent=2) + b"\n")
    _write(folder / RESULTS_CSV, as_csv(answer).encode())


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values; F1 and differences are fractions."""
    values = {field.name: getattr(answer, field.name) for field in fields(answer) if field.name not in NOT_STORED}
    for name in ("cells", "contrasts", "crossings", "failed"):
        values[name] = [asdict(one) for one in values[name]]
    return values


def as_csv(answer: Answer) -> str:
    """Return a line a trial, its folder's name first."""
    rows = list(_rows(answer))
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(answer: Answer) -> Iterator[dict[str, Any]]:
    for one in answer.finished:
        yield {
            "trial": one.trial.name,
            **one.trial.setting.values,
            "fraction": one.trial.fraction,
            "seed": one.trial.seed,
            "words": one.words,
            **_scores(one),
            "best_epoch": one.run.metrics["best_epoch"],
            "train_seconds": round(one.run.metrics["train_seconds"], 3),
        }


def _scores(one: Finished) -> dict[str, float]:
    metrics = one.run.metrics
    overall = {
        f"{split}_{part}": metrics[split]["overall"][part]
        for split in ("dev", "test")
        if split in metrics
        for part in ("precision", "recall", "f1")
    }
    groups = {f"dev_f1_{group.replace(' ', '_')}": score["f1"] for group, score in metrics["familiarity"].items()}
    return overall | groups


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.rename(path)
