"""The peers compute what they are said to compute; each test needs its own library, or none."""

import numpy as np
import pytest

from benchmarks.peers.crfsuite_features import rich, shape, usual
from windowner.network.chain.scores import Chain
from windowner.network.chain.sentence_loss import sentence_loss


def test_usual_features_are_those_of_a_word_and_of_its_neighbours():
    first, last = usual(["Paris", "24"])
    assert first[:4] == ["bias", "lower=paris", "suffix3=ris", "suffix2=is"]
    assert "begin" in first
    assert "+1:lower=24" in first
    assert "-1:title=True" in last
    assert last[-1] == "end"


def test_rich_features_hold_the_usual_ones_and_pairs_of_words():
    words = ["In", "Paris-24", ",", "we"]
    for some, all_of_them in zip(usual(words), rich(words), strict=True):
        assert {*some} <= {*all_of_them}
    found = rich(words)[1]
    assert {"shape=Xxxxx-dd", "short=Xx-d", "prefix4=Pari", "suffix1=4", "+2:lower=we"} <= {*found}
    assert [feature for feature in found if feature.startswith("pair")] == [
        "pair-2=<s> in",
        "pair-1=in paris-24",
        "pair+0=paris-24 ,",
        "pair+1=, we",
    ]
    assert shape("É1x!") == "Xdx!"


@pytest.mark.parametrize("tuned", [False, True])
def test_the_chain_of_a_twin_is_that_of_windowner(tuned):
    """Sentences of 1 to 20 words, so that some are padded, and the tuned chain is scaled twice."""
    torch = pytest.importorskip("torch")
    from benchmarks.peers.torch_chain import Batch, LinearChain

    rng = np.random.default_rng(0)
    lengths = np.array([3, 20, 1, 7])
    z, y = rng.standard_normal((31, 4)).astype(np.float32), rng.integers(0, 4, 31)
    transition, start, end = (rng.standard_normal(size).astype(np.float32) for size in ((4, 4), 4, 4))
    chain = LinearChain(4, tuned)
    for name, values in {"transition": transition, "start": start, "end": end}.items():
        getattr(chain, name).data = torch.from_numpy(values)
    logits = torch.from_numpy(z).requires_grad_()
    loss = chain(logits, Batch(None, None, torch.from_numpy(y), torch.from_numpy(lengths)))
    loss.backward()
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    J, dz, dchain = sentence_loss(z, y, offsets, Chain(transition, start, end))
    assert loss.item() == pytest.approx(J, rel=1e-5)
    np.testing.assert_allclose(logits.grad, dz, atol=1e-6)
    np.testing.assert_allclose(chain.transition.grad, dchain.transition, atol=1e-5)
