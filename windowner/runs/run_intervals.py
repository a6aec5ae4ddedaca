"""Intervals of a finished run's scores on dev, on test, and on a fold that is held out.

Dev's tags stand in `dev.jsonl`. The other texts are tagged again, if their files are unchanged, and the model still
gives the scores of `metrics.json`. Otherwise there is no interval, and a reason.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import isclose
from typing import Any

from windowner.errors import WindownerError
from windowner.runs.corpora import read_corpora
from windowner.runs.folder import RunFolder
from windowner.runs.folds import FOLD
from windowner.runs.metrics import predict_tags
from windowner.runs.provenance import describe_data
from windowner.runs.score_intervals import corpus_intervals
from windowner.scoring.entities import Scores, score
from windowner.scoring.intervals import ScoreIntervals, score_intervals
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.training.observer import SILENT

SPLITS = ("dev", "test", FOLD)
"""The texts that a run is scored on."""


def run_intervals(run: RunFolder) -> dict[str, ScoreIntervals | str]:
    """Return the intervals of each text that a run was scored on, or why there are none."""
    found = _unchanged(run)
    intervals: dict[str, ScoreIntervals | str] = {}
    for split in SPLITS:
        if split in run.metrics:
            corpus = found.get(split, "it is not among the texts of the config")
            intervals[split] = _of_dev(run, corpus) if split == "dev" else _tagged_again(run, split, corpus)
    return intervals


def _unchanged(run: RunFolder) -> dict[str, Corpus | str]:
    """Return the texts of a run that are as they were when it was trained, or why they are not."""
    try:
        corpora = read_corpora(run.config, SILENT)
        now = describe_data(run.config, corpora)
    except (WindownerError, OSError) as error:
        return dict.fromkeys(SPLITS, f"the texts cannot be read: {error}")
    before = run.tagger.model.provenance.get("data", {})
    return {
        name: corpus if _digest(now, name) == _digest(before, name) else "the text has changed since the training"
        for name, corpus in corpora.items()
    }


def _digest(described: Mapping[str, Any], name: str) -> Any:
    return described.get(name, {}).get("blake2b")


def _of_dev(run: RunFolder, corpus: Corpus | str) -> ScoreIntervals | str:
    """Return the intervals of `dev.jsonl`. Its documents are known if the text is unchanged."""
    gold, predicted = [each.gold for each in run.dev], [each.predicted for each in run.dev]
    if not _agrees(score(gold, predicted), run.metrics["dev"]):
        return "dev.jsonl gives other scores than metrics.json"
    if isinstance(corpus, Corpus) and corpus.tags == gold:
        return corpus_intervals(corpus, predicted)
    return score_intervals(gold, predicted)


def _tagged_again(run: RunFolder, split: str, corpus: Corpus | str) -> ScoreIntervals | str:
    """Return the intervals of a text that is tagged again, without cutoffs, as after the training."""
    if isinstance(corpus, str):
        return corpus
    predicted = predict_tags(Tagger(replace(run.tagger.model, cutoffs={})), corpus)
    if not _agrees(score(corpus.tags, predicted), run.metrics[split]):
        return "the model gives other scores today than the training wrote down"
    return corpus_intervals(corpus, predicted)


def _agrees(now: Scores, then: Mapping[str, Any]) -> bool:
    """Return whether scores are those that were written down: the same types, entities and F1 of each."""
    if now.types.keys() != then["types"].keys():
        return False
    pairs = [(now.overall, then["overall"]), *((counts, then["types"][name]) for name, counts in now.types.items())]
    return all(
        counts.support == written["support"] and isclose(counts.f1, written["f1"], abs_tol=1e-9)
        for counts, written in pairs
    )
