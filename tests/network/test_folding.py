"""The folded network scores every window with the mean of its members' scores."""

import numpy as np
import pytest

from windowner.network.folding import fold

SHAPES = {"tables": ((7, 3), (3, 2), (4, 1)), "radius": 2, "tags": 4}


def draw(draw_case, k, **shape):
    """Members of one shape, and a batch for all of them."""
    cases = [draw_case(np.random.default_rng(seed), **SHAPES, **shape) for seed in range(k)]
    return [case.network for case in cases], cases[0].batch()


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_scores_are_the_mean_of_the_members(draw_case, k, nonlinearity):
    """Tolerance: float64 sums of some dozens of numbers of size 1."""
    members, batch = draw(draw_case, k, nonlinearity=nonlinearity)
    scores = [member.forward(batch).z2 for member in members]
    np.testing.assert_allclose(fold(members).forward(batch).z2, np.mean(scores, axis=0), rtol=0, atol=1e-12)
    assert k == 1 or np.abs(scores[0] - scores[1]).max() > 0.1


def test_scores_of_neighbouring_tags_are_the_mean_too(draw_case):
    members, _ = draw(draw_case, 3, chain=True)
    folded = fold(members)
    folded.check_shapes(4)
    for name, values in folded.chain.parameters.items():
        mean = np.mean([member.chain.parameters[name] for member in members], axis=0)
        np.testing.assert_allclose(values, mean, atol=1e-15)


def test_logits_of_documents_are_the_mean_too(draw_case):
    members, batch = draw(draw_case, 3, documents=(2, 1))
    folded = fold(members)
    folded.check_shapes(4)
    scores = [member.forward(batch).z2 for member in members]
    assert len(scores[0]) == 2 * len(batch)
    np.testing.assert_allclose(folded.forward(batch).z2, np.mean(scores, axis=0), rtol=0, atol=1e-12)


def test_the_characters_of_the_members_stand_side_by_side(draw_case):
    members, batch = draw(draw_case, 3, characters=True)
    folded = fold(members)
    folded.check_shapes(4)
    assert folded.characters.size == 3 * members[0].characters.size
    scores = [member.forward(batch).z2 for member in members]
    np.testing.assert_allclose(folded.forward(batch).z2, np.mean(scores, axis=0), rtol=0, atol=1e-12)


def test_one_member_is_itself(draw_case):
    (member,), _ = draw(draw_case, 1)
    assert fold([member]) is member


def test_float32_stays_float32_and_frozen_rows_stay_as_they_are(draw_case):
    members, _ = draw(draw_case, 2, frozen=3)
    single = [member.astype(np.float32) for member in members]
    folded = fold(single)
    assert {p.dtype for p in folded.parameters.values()} == {np.dtype(np.float32)}
    assert folded.tables[0].E[:, 3:].tobytes() == single[1].tables[0].E.tobytes()
    assert [table.trainable for table in folded.tables] == [4, 3, 4]
