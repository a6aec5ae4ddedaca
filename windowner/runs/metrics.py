"""What a run measured: scores, how well the words were known, sizes, times, calibration."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.inputs.tables import UNK
from windowner.runs.calibration import entity_reliability
from windowner.runs.folds import FOLD
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import Scores, score
from windowner.scoring.exact_spans import SpanScores, score_spans
from windowner.scoring.familiarity import familiarity, score_groups
from windowner.scoring.outside import check_outside
from windowner.scoring.reliability import expected_calibration_error
from windowner.stores.address import AnyPath
from windowner.tagger.tagger import Tagger
from windowner.text.document import Document
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.training.observer import EpochRecord


def evaluate(tagger: Tagger, corpus: Corpus) -> Scores:
    """Score a tagger on labelled text; its tags are written in the text's own scheme.

    Raises
    ------
    DataError
        If some of the text is not annotated, and nothing says what is no entity.
    """
    return score(corpus.tags, predict_tags(tagger, corpus))


def predict_tags(tagger: Tagger, corpus: Corpus) -> list[list[str]]:
    """Return the tags of labelled text as a tagger gives them, in the text's own scheme; see `evaluate`."""
    check_outside(corpus.path, corpus.tags)
    return tagger.tag(corpus.tokens, corpus.scheme.name, corpus.document_starts)


def evaluate_spans(tagger: Tagger, path: str | AnyPath, reading: Mapping[str, Any]) -> SpanScores:
    """Score a tagger on a file of text with spans: it finds the tokens itself, and exact spans are counted.

    Parameters
    ----------
    tagger
        The tagger.
    path
        The file, or a folder of brat files.
    reading
        How the file is read; see `read_corpus`.
    """
    items = read_items(path, reading["format"], reading["encoding"], ReadOptions())
    documents = [item for item in items if isinstance(item, Document)]
    return score_spans(documents, list(tagger.tag_texts(document.text for document in documents)))


def run_metrics(
    first: Tagger, kept: Tagger, prepared: Prepared, history: Sequence[EpochRecord], scores: Mapping[str, Scores]
) -> dict[str, Any]:
    """Return what `metrics.json` holds, besides the size of the model file and the second training.

    Parameters
    ----------
    first, kept
        The tagger that was trained on train alone, and the one that is kept. They differ with `train.refit`.
    prepared
        What the first training started from.
    history
        Its epochs.
    scores
        Scores by split.
    """
    model, words = first.model, prepared.words
    dev, train = prepared.corpora["dev"], prepared.corpora["train"]
    seconds = sum(record.train_seconds for record in history)
    error = expected_calibration_error(entity_reliability(first, dev.tokens, dev.tags, dev.document_starts))
    return {
        **{name: corpus_scores.as_dict() for name, corpus_scores in scores.items()},
        "familiarity": _familiarity(kept, prepared, FOLD) if FOLD in scores else _familiarity(first, prepared, "dev"),
        "training": {"sentences": len(train.sentences), "words": train.token_count},
        "mode": model.config.vectors.mode,
        "best_epoch": model.provenance["best_epoch"],
        "epochs": len(history),
        "train_seconds": seconds,
        "windows_per_second": len(history) * len(prepared.training.text) / seconds,
        "coverage": {name: covered.as_dict() for name, covered in prepared.coverage.items()},
        "word_rows": {"own": words.own, "trained": words.trained, "all": len(words)},
        "threshold": model.threshold,
        "calibration": {"temperature": model.temperature, "dev_ece": error},
    }


def _familiarity(tagger: Tagger, prepared: Prepared, split: str) -> dict[str, dict[str, float]]:
    """Return scores on a split by how well the entities' words are known."""
    corpus, training = prepared.corpora[split], prepared.corpora["train"].tokens
    tokens, known = chain.from_iterable(corpus.tokens), chain.from_iterable(training)
    groups = familiarity(tokens, known, tagger.model.words.word_row, UNK)
    predicted = tagger.tag(corpus.tokens, tagger.model.config.data.scheme, corpus.document_starts)
    gold = encode_tags(corpus.tags, tagger.types)
    scores = score_groups(gold, encode_tags(predicted, gold.types).spans(), groups)
    return {name: counts.as_dict() for name, counts in scores.items()}
