"""One number that makes probabilities honest: every score is divided by it, which leaves the best tags the best.

    log p_t(y) = s(y) / temperature - log Z          over legal sequences y, with s and Z as `chain` defines them
    temperature = argmin over temperatures of -mean of log (p if it is correct, else 1 - p)

where p is the probability of an entity that the tagger found in dev (of its tags, see `marginals`). A network that was
trained for long is overconfident: its temperature is above 1. Only the entities that were found are fitted. Fitting all
tags of dev, O and missed entities included, doubled the calibration error of the entities found in tweets.

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

import numpy as np
from scipy.optimize import minimize_scalar

from windowner.arrays import Array, Bools, Indices
from windowner.network.chain.decoding import legal_chain
from windowner.network.chain.marginals import tag_probabilities
from windowner.network.chain.scores import Chain
from windowner.text.schemes import LegalTransitions

LOWEST, HIGHEST = 0.5, 10.0  # what a small dev set may ask for
CLIP = 1e-6  # bounds the loss of an entity that was thought impossible


def fit_temperature(
    z: Array,
    tags: Indices,
    offsets: Indices,
    runs: tuple[Indices, Indices],
    correct: Bools,
    legality: LegalTransitions,
    chain: Chain | None,
) -> float:
    """Return the temperature at which the probabilities of runs of tags tell best which of them are correct.

    Parameters
    ----------
    z, tags, offsets
        Logits, (N, K), the tags chosen, (N,), and the first word of each sentence, and N at the end.
    runs
        First words of the runs, and the words behind their last ones.
    correct
        Which of the runs are correct; where there are none, the temperature is 1.
    legality, chain
        Which sequences are legal, and the learned scores of neighbouring tags, if there are any.
    """
    z = z.astype(np.float64)

    def loss(log_temperature: float) -> float:
        temperature = float(np.exp(log_temperature))
        chosen = tag_probabilities(z / temperature, tags, offsets, legal_chain(legality, chain, temperature))
        p = np.clip(chosen.run_probabilities(*runs), CLIP, 1 - CLIP)
        return -float(np.log(np.where(correct, p, 1 - p)).mean())

    if not len(correct):
        return 1.0
    bounds = (float(np.log(LOWEST)), float(np.log(HIGHEST)))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-3}).x))
