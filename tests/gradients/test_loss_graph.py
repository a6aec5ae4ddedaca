"""Words whose tag is not known, soft labels, the expected entity ratio: the loss from gates against the loss by hand.

Tolerance 1e-12 as in `test_graph`. The check by differences has its own tolerance, 1e-7.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gradients.test_graph import SAME, distances, shapes, with_documents
from windowner.graph.numeric import check_gradients, worst
from windowner.inputs.labels import NO_TAG, EntityRatio, SoftLabels
from windowner.network import model
from windowner.network.rows import dense


class Partial:
    """A case whose batches have words whose tag is not known, and perhaps soft labels and a prior.

    Of a word that is not known, nothing is known, or one of two sets of tags.
    """

    def __init__(self, case, rng, share=0.3, soft=False, ratio=None):
        self.case, self.network = case, case.network
        batch = case.batch()
        N, K = len(batch), len(case.network.b2)
        y = np.where(rng.random(N) < share, NO_TAG - rng.integers(0, 3, N), batch.y)
        y[0] = max(y[0], 0)
        q = np.where(rng.random((N, 1)) < 0.5, np.eye(K)[np.maximum(y, 0)], rng.dirichlet(np.ones(K), N))
        weights = np.repeat(rng.uniform(0.5, 2, len(batch.offsets) - 1), np.diff(batch.offsets))
        self.changes = {
            "y": y.astype(np.int32),
            "soft": SoftLabels(q, weights) if soft else None,
            "prior": None if ratio is None else EntityRatio(0, ratio, 0.01, 2.0),
            "sets": draw_sets(rng, K),
        }

    def batch(self):
        return replace(self.case.batch(), **self.changes)


def draw_sets(rng, K):
    """Return two sets of K tags that lack a tag each, unless there is only one, and the set of all tags."""
    sets = np.ones((3, K), dtype=bool)
    if K > 1:
        sets[[0, 1], rng.integers(0, K, 2)] = False
    return sets


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    shapes, st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([None, 0.0, 1.0]), st.sampled_from([0, 0.3, 1])
)
def test_the_graph_and_the_derivation_by_hand_agree(draw_case, shape, seed, soft, ratio, share):
    """With and without a chain, documents, soft labels and a prior."""
    rng = np.random.default_rng(seed)
    partial = Partial(draw_case(rng, **with_documents(shape)), rng, share, soft, ratio)
    found = distances(partial, 0.1)
    assert max(found.values()) <= SAME, found


@pytest.mark.parametrize("chain", [False, True])
@pytest.mark.parametrize("soft", [False, True])
def test_the_gradient_is_the_slope(draw_case, chain, soft):
    """A third of the words is not annotated. tanh has no corner."""
    rng = np.random.default_rng(4)
    case = draw_case(rng, lengths=(6, 1, 4, 3), chain=chain, documents=(2, 2), nonlinearity="tanh")
    partial = Partial(case, rng, 1 / 3, soft, 0.9)
    batch = partial.batch()

    def loss(parameters):
        J, gradients = case.network.loss(batch, 0.1)
        return J, {name: dense(gradients[name], p.shape) for name, p in parameters.items()}

    layers = {name: p for name, p in case.network.parameters.items() if not name.startswith("E")}
    assert worst(check_gradients(loss, layers)).error < 1e-7


PLANTED = {
    "the prior of one head alone": (
        "entity_ratio_loss",
        lambda z, y, offsets, *rest: _first_half(z, y, offsets, *rest),
    ),
    "words that are not annotated are O": (
        "sentence_loss",
        lambda z, y, *rest: RIGHT["sentence_loss"](z, np.maximum(y, 0), *rest),
    ),
    "of a set of tags nothing is known": (
        "sentence_loss",
        lambda z, y, *rest: RIGHT["sentence_loss"](z, np.maximum(y, NO_TAG), *rest),
    ),
    "weights forgotten": (
        "sentence_loss",
        lambda z, y, offsets, chain, soft, sets: RIGHT["sentence_loss"](
            z, y, offsets, chain, replace(soft, weights=np.ones(len(y))), sets
        ),
    ),
}
RIGHT = {name: getattr(model, name) for name in ("sentence_loss", "entity_ratio_loss")}


def _first_half(z, y, offsets, chain, prior):
    half = len(z) // 2
    J, dz, dchain = RIGHT["entity_ratio_loss"](z[:half], y[:half], offsets[offsets <= half], chain, prior)
    return J, np.concatenate([dz, np.zeros_like(dz)]), dchain


@pytest.mark.parametrize("wrong", PLANTED)
def test_planted_bugs_are_caught(draw_case, monkeypatch, wrong):
    rng = np.random.default_rng(4)
    case = draw_case(rng, lengths=(6, 1, 4, 3), chain=True, documents=(2, 2))
    partial = Partial(case, rng, 2 / 3, soft=True, ratio=0.9)
    assert max(distances(partial).values()) <= SAME
    monkeypatch.setattr(model, *PLANTED[wrong])
    assert max(distances(partial).values()) > 1e-6
