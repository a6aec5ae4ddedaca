"""Intervals of a corpus's scores: over its documents where it marks enough of them, otherwise over its sentences."""

from collections.abc import Sequence

from windowner.runs.drawing import draws_documents
from windowner.scoring.intervals import RESAMPLES, ScoreIntervals, score_intervals
from windowner.text.sentence import Corpus


def corpus_intervals(corpus: Corpus, predicted: Sequence[Sequence[str]], resamples: int = RESAMPLES) -> ScoreIntervals:
    """Return the intervals of the scores of predicted tags.

    Parameters
    ----------
    corpus
        Labelled text.
    predicted
        Tags of each of its sentences, in any scheme.
    resamples
        Number of resamples.
    """
    starts = corpus.document_starts if draws_documents(corpus) else []
    return score_intervals(corpus.tags, predicted, starts, resamples)
