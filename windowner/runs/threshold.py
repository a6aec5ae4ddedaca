"""How far O's score is lowered: one number t in nats, chosen on dev after training.

    log P'(O) = log P(O) - t    t = the one nearest to 0 of those with a dev F1 within TOLERANCE of the best

P is what tags are chosen by: marginals, or logits without a chain (`network.chain.decoding`). The likelihood counts
tokens, most of which are O, while F1 counts entities. Where the names of new text are not those of the training text,
the likeliest tag is O too often. F1 is then best where O's score is lower: some precision is given up for more recall.
On text like the training text, t is about 0.

F1 jumps when single entities appear and disappear, so each t is judged by the mean of its F1 and its neighbours' F1. A
gain of less than half a point of F1 on dev does not move t: on text that t was not fitted to, the smaller t is as good
on average (docs/results.md). A t whose own F1 is below that of t = 0 is never chosen: t is 0 then.

The same t is subtracted from O's logits for probabilities, because a tagger that chooses O too often is also too sure
of it.

Source: Lewis, "Evaluating and optimizing autonomous text classification systems", SIGIR 1995: the threshold that
maximizes F1 is not that of the likeliest class.
"""

from dataclasses import replace

import numpy as np

from windowner.arrays import Float64
from windowner.runs.calibration import encode_gold
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import entity_f1
from windowner.tagger.model import Model
from windowner.tagger.prediction import predict_encoded

TRIED = np.linspace(-1, 3, 17)  # t, in nats
TOLERANCE = 0.005  # of F1


def fit_threshold(model: Model, prepared: Prepared) -> Model:
    """Return the model with the threshold that is best on dev."""
    prediction = predict_encoded(model, prepared.dev, prepared.dev_F)
    gold = encode_gold(model, prepared.corpora["dev"].tags)
    decoded = model.decoder.with_thresholds(prediction.logits, prediction.offsets, TRIED.tolist())
    f1 = [entity_f1(gold, replace(prediction, tags=tags).spans) for tags in decoded]
    return replace(model, threshold=choose_threshold(np.array(f1)))


def choose_threshold(f1: Float64, tolerance: float = TOLERANCE) -> float:
    """Return the threshold to use, given the entity F1 with each of `TRIED`."""
    judged = np.convolve(np.pad(f1, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    good = np.flatnonzero(judged >= judged.max() - tolerance - 1e-9)
    chosen = good[np.abs(TRIED[good]).argmin()]
    return float(TRIED[chosen]) if f1[chosen] >= f1[TRIED == 0].max() else 0.0
