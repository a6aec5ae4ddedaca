"""How well a network tags dev, epoch by epoch: entity F1, and the loss that decides between epochs with the same F1."""

import numpy as np

from windowner.runs.calibration import encode_gold
from windowner.runs.encoded import encode_tag_numbers
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import entity_f1
from windowner.tagger.model import Model
from windowner.tagger.prediction import Prediction, predict_encoded


class DevScorer:
    """Scores a model's network on dev, as the network is at the moment.

    Parameters
    ----------
    model
        The model. Training changes its network in place.
    prepared
        Holds dev.
    """

    def __init__(self, model: Model, prepared: Prepared):
        self.model, self.prepared = model, prepared
        tags = prepared.corpora["dev"].tags
        self.gold, self.tag_numbers = encode_gold(model, tags), encode_tag_numbers(model, prepared.corpora["dev"])
        self.prediction: Prediction | None = None

    def f1(self) -> float:
        """Return the entity F1, and remember what was predicted."""
        self.prediction = predict_encoded(self.model, self.prepared.dev, self.prepared.dev_F)
        return entity_f1(self.gold, self.prediction.spans)

    def loss(self) -> float:
        """Return the mean of -log P(gold tag) for what `f1` predicted last.

        P is the probability of a tag among all legal tag sequences. Tags of types that the model lacks are left out.
        """
        if self.prediction is None:
            raise ValueError("nothing was predicted: call f1 first")
        known = np.flatnonzero(self.tag_numbers >= 0)
        log_p = self.prediction.log_marginals[known, self.tag_numbers[known]]
        return -float(log_p.mean()) if len(known) else 0.0
