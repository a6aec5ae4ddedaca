"""The temperature: a number that divides all scores, so that probabilities agree with how often entities are correct.

    p(y)        = exp(s(y) / temperature) / Z       among legal tag sequences y, with s of `messages`
    temperature = argmin of -mean over entities of log (p if the entity is correct, else 1 - p)

In the second line, p is the probability of an entity: the joint probability of all its tags (`marginals`). The mean is
over the entities that the tagger finds in dev. Division by a temperature leaves the best sequence the best.

A network that was trained for many epochs is overconfident, and its temperature is above 1. Fitting all tags of dev, O
and missed entities included, gave twice the calibration error for the entities found in tweets.

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Array, Bools

LOWEST, HIGHEST = 0.5, 10.0
"""Bounds of the temperature. A small dev set could otherwise give any value."""

CLIP = 1e-6
"""Probabilities are kept between this and 1 - this, so that the loss of one entity is bounded."""


def fit_temperature(probabilities: Callable[[float], Array], correct: Bools) -> float:
    """Return the temperature at which the probabilities of entities agree best with which of them are correct.

    Parameters
    ----------
    probabilities
        Returns p of each entity at a temperature, (entities,), in float64.
    correct
        Whether each entity is correct, (entities,). If there are no entities, the temperature is 1.
    """

    def loss(log_temperature: float) -> float:
        p = np.clip(probabilities(float(np.exp(log_temperature))), CLIP, 1 - CLIP)
        return -float(np.log(np.where(correct, p, 1 - p)).mean())

    if not len(correct):
        return 1.0
    from scipy.optimize import minimize_scalar  # imported in 0.3 CPU seconds, which only a training needs to spend

    bounds = (float(np.log(LOWEST)), float(np.log(HIGHEST)))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-3}).x))
