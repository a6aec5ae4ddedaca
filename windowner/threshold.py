"""How much more probable O must be than an entity: one number, fitted on dev once training is over.

    z2'(O) = z2(O) - t          t = the one nearest to 0 of those with a dev F1 within TOLERANCE of the best

The likelihood counts tokens, most of which are O; F1 counts entities. Where names in new text are not those of the
training text, what is likeliest is O far too often, and F1 is best where O is made less likely: some precision is given
for more recall. On text like the training text t is about 0. F1 jumps when single entities come and go, so each t is
judged by the mean of its F1 and its neighbours'; and half a point of F1 on dev is not worth moving for: on text that t
was not fitted to, that is as good on average, and moves less (docs/results.md). t is subtracted from O's entry of b2:
the model has no other part for it.

Source: Lewis, "Evaluating and optimizing autonomous text classification systems", SIGIR 1995: the threshold that
maximizes F1 is not that of the likeliest class.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from windowner.calibration import gold_spans
from windowner.network.decoding import decode
from windowner.prediction import Prediction
from windowner.preparation import Prepared
from windowner.scoring.entities import entity_f1

TRIED = np.linspace(-1, 3, 17)  # t, in nats
TOLERANCE = 0.005  # of F1


def lower_o(prepared: Prepared) -> float:
    """Lower the score of O by the t that suits dev, and return t."""
    tagger, dev = prepared.tagger, prepared.corpora["dev"]
    prediction = tagger.predict_text(prepared.dev, prepared.dev_forms)
    gold, o = gold_spans(tagger, dev.tags), tagger.tags.names.index("O")
    f1 = [entity_f1(gold, tagger.spans(lowered(prediction, o, t))) for t in TRIED.tolist()]
    t = suited(np.array(f1))
    tagger.network.b2[o] -= t
    return t


def suited(f1: NDArray[np.float64], tolerance: float = TOLERANCE) -> float:
    """Return the t that suits, given the entity F1 with each of those tried."""
    judged = np.convolve(np.pad(f1, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    good = TRIED[judged >= judged.max() - tolerance - 1e-9]
    return float(good[np.abs(good).argmin()])


def lowered(prediction: Prediction, tag: int, t: float) -> Prediction:
    """Return the prediction that is made where the score of a tag is lower by t."""
    logits = prediction.logits.copy()
    logits[:, tag] -= t
    tags = decode(logits, prediction.offsets, prediction.legality, prediction.chain)
    return replace(prediction, logits=logits, tags=tags)
