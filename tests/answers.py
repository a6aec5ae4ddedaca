"""Answers of experiments that were never run, made by hand."""

from pathlib import Path

import numpy as np

from windowner.experiments.answer import Answer
from windowner.experiments.cells import score_cell
from windowner.experiments.contrasts import Contrast
from windowner.experiments.finished import FinishedTrial, group_trials
from windowner.experiments.grid import Setting
from windowner.experiments.trials import Trial
from windowner.runs.folder import Epoch, RunFolder
from windowner.runs.predictions import TaggedSentence

FROZEN, TUNED, BOTH = (
    Setting(number, value, "", value, {}) for number, value in enumerate(["frozen", "tuned", "both"])
)


def run_folder(label, seed, f1, words, types=None, test=None) -> RunFolder:
    """A run that scored `f1` on dev, on entities of all `types` unless they have an F1 of their own."""

    def scores(f1):
        rates = {"precision": f1, "recall": f1, "f1": f1, "support": 9}
        return {"overall": rates, "types": {name: {**rates, "f1": own} for name, own in (types or {"LOC": f1}).items()}}

    metrics = {
        "dev": scores(f1),
        "familiarity": {"seen": {"f1": f1, "support": 10}, "unseen": {"f1": 0.0, "support": 0}},
        "train_seconds": 2.0 + seed,
        "mode": label,
        "training": {"words": words},
    }
    if test is not None:
        metrics["test"] = scores(test)
    history = [Epoch(1, 1.0, f1 / 2), Epoch(2, 0.5, f1)]
    return RunFolder(Path(f"{label}-{seed}"), history, metrics, [TaggedSentence(["a"], ["B-LOC"], ["O"])])


def finished(setting, run, fraction=1.0, seed=0) -> FinishedTrial:
    """A finished trial; nothing that is made of it here looks at its config or its counts."""
    return FinishedTrial(Trial(setting, fraction, seed, None), run, np.zeros((0, 3), dtype=np.int64))


def trial(setting, fraction, seed, f1, types=None, test=None) -> FinishedTrial:
    """A finished trial that scored `f1` on dev, with 1,000 words on all data."""
    return finished(setting, run_folder(setting.label, seed, f1, int(1000 * fraction), types, test), fraction, seed)


def answer_of(trials, folder=Path(), **fields) -> Answer:
    """The answer that finished trials give, with the contrasts, crossings and other fields that are given."""
    settings = {trial.setting.number: trial.setting for trial in trials}
    fractions = sorted({trial.trial.fraction for trial in trials})
    groups = group_trials([settings[number] for number in sorted(settings)], fractions, trials)
    values = {
        "name": "by hand",
        "base": "tiny",
        "by": "vectors.mode",
        "split": "dev",
        "advice": "Freeze.",
        "confidence": 0.95,
        "cells": [score_cell(group) for group in groups],
        "contrasts": [],
        "crossings": [],
        "finished": trials,
        "failed": [],
        "trial_count": len(trials),
        "folder": folder,
    }
    return Answer(**values | fields)


def contrast(value, low, high, *, words=23_000, reference=FROZEN, other=TUNED, fraction=1.0, n=5) -> Contrast:
    """A contrast with this difference and interval, as fractions."""
    return Contrast(reference, other, fraction, words, value, low, high, 0.1, n)
