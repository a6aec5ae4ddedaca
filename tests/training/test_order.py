"""The order of an epoch: whole sentences, fragments of one document each, all of them once."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.training.order import fragment_order

documents = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=8), min_size=1, max_size=5)


@settings(derandomize=True, deadline=None)
@given(documents, st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_every_sentence_stands_in_one_fragment_of_its_document(lengths, size, seed):
    edges = np.cumsum([0, *map(len, lengths)])
    owners = np.repeat(np.arange(len(lengths)), np.diff(edges))
    order, cuts = fragment_order(np.random.default_rng(seed), np.concatenate(lengths), edges, size)
    assert sorted(order.tolist()) == list(range(edges[-1]))
    assert (cuts[0], cuts[-1]) == (0, edges[-1])
    for first, last in pairwise(cuts.tolist()):
        assert first < last
        assert len(set(owners[order[first:last]].tolist())) == 1


def test_fragments_have_about_the_size():
    """100 sentences of 10 tokens make 20 fragments of 5 sentences. They are drawn anew, and in random order."""
    rng = np.random.default_rng(1)
    lengths, edges = np.full(100, 10), np.array([0, 40, 100])
    order, cuts = fragment_order(rng, lengths, edges, 50)
    assert np.diff(cuts).tolist() == [5] * 20
    again, _ = fragment_order(rng, lengths, edges, 50)
    assert order.tolist() != again.tolist()
    fragments = order.reshape(20, 5)
    assert (np.diff(np.sort(fragments, axis=1), axis=1) > 1).any()  # sentences that are no neighbours
    assert (np.diff((fragments[:, 0] >= 40).astype(int)) != 0).sum() > 3  # both documents, mixed


def test_a_short_document_is_one_fragment():
    _, cuts = fragment_order(np.random.default_rng(1), np.array([3, 4, 90]), np.array([0, 2, 3]), 50)
    assert sorted(np.diff(cuts).tolist()) == [1, 2]
