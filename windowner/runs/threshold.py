"""How much more probable than an entity O must be: one number, fitted on dev once training is over.

    log P'(O) = log P(O) - t    t = the one nearest to 0 of those with a dev F1 within TOLERANCE of the best

where P is what tags are chosen by: marginals, or logits, which say the same without a chain (`network/decoding.py`).
The likelihood counts tokens, most of which are O; F1 counts entities. Where names in new text are not those of the
training text, what is likeliest is O far too often, and F1 is best where O is made less likely: some precision is given
for more recall. On text like the training text t is about 0. F1 jumps when single entities come and go, so each t is
judged by the mean of its F1 and its neighbours'; and half a point of F1 on dev is not worth moving for: on text that t
was not fitted to, that is as good on average, and moves less (docs/results.md). The same t is taken from O's logits for
probabilities: what is O too often is also too sure to be O.

Source: Lewis, "Evaluating and optimizing autonomous text classification systems", SIGIR 1995: the threshold that
maximizes F1 is not that of the likeliest class.
"""

from dataclasses import replace

import numpy as np

from windowner.arrays import Float64
from windowner.runs.calibration import gold_spans
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import entity_f1

TRIED = np.linspace(-1, 3, 17)  # t, in nats
TOLERANCE = 0.005  # of F1


def fit_threshold(prepared: Prepared) -> float:
    """Give the tagger the threshold that suits dev, and return it."""
    tagger = prepared.tagger
    prediction = tagger.predict_text(prepared.dev, prepared.dev_forms)
    gold = gold_spans(tagger, prepared.corpora["dev"].tags)
    tried = tagger.decoder.with_thresholds(prediction.logits, prediction.offsets, TRIED.tolist())
    f1 = [entity_f1(gold, tagger.spans(replace(prediction, tags=tags))) for tags in tried]
    tagger.threshold = suited(np.array(f1))
    return tagger.threshold


def suited(f1: Float64, tolerance: float = TOLERANCE) -> float:
    """Return the t that suits, given the entity F1 with each of those tried."""
    judged = np.convolve(np.pad(f1, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    good = TRIED[judged >= judged.max() - tolerance - 1e-9]
    return float(good[np.abs(good).argmin()])
