"""What is dropped, how often, and what never is."""

import numpy as np
import pytest

from windowner.inputs.tables import PAD, UNK
from windowner.training.dropout import draw_mask, draw_masks, drop_rare_words
from windowner.training.settings import TrainSettings

DRAWS = 40_000


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])
def test_a_mask_holds_0_and_what_makes_its_mean_1(rate):
    """The share of zeros is off by sqrt(rate (1 - rate) / n), the mean by 1/(1 - rate) times that; 5 deviations."""
    mask = draw_mask(np.random.default_rng(1), (DRAWS // 10, 10), rate)
    deviation = np.sqrt(rate * (1 - rate) / DRAWS)
    np.testing.assert_array_equal(np.unique(mask), np.array([0, np.float32(1 / (1 - rate))], dtype=np.float32))
    assert mask.dtype == np.float32
    assert (mask == 0).mean() == pytest.approx(rate, abs=5 * deviation)
    assert mask.mean(dtype=float) == pytest.approx(1, abs=5 * deviation / (1 - rate))


def test_a_rate_of_0_draws_no_mask():
    """Nor does it draw a number."""
    rng = np.random.default_rng(2)
    assert draw_mask(rng, (3, 4), 0.0) is None
    assert rng.random() == np.random.default_rng(2).random()


def test_masks_have_a_row_per_form_and_a_row_per_window(draw_case):
    case = draw_case(np.random.default_rng(3), lengths=(9, 8), forms=5)
    batch = case.batch()
    settings = TrainSettings(dropout_input=0.2, dropout_hidden=0.6)
    masks = draw_masks(np.random.default_rng(4), case.network, batch, settings)
    assert masks.input.shape == (len(batch.F), 5)
    assert masks.hidden.shape == (17, 4)
    assert masks.input.max() == np.float32(1 / 0.8)
    assert masks.hidden.max() == np.float32(1 / 0.4)


def test_either_mask_can_be_off(draw_case):
    case = draw_case(np.random.default_rng(3))
    rng = np.random.default_rng(4)
    only_input = draw_masks(rng, case.network, case.batch(), TrainSettings(dropout_input=0.5, dropout_hidden=0))
    only_hidden = draw_masks(rng, case.network, case.batch(), TrainSettings(dropout_input=0, dropout_hidden=0.5))
    assert only_input.input is not None
    assert only_input.hidden is None
    assert only_hidden.input is None
    assert only_hidden.hidden is not None


@pytest.fixture
def batch(draw_case):
    """All of 40 forms, of which every third row, 2, 5, 8 ..., is rare."""
    return draw_case(np.random.default_rng(5), lengths=(300,), forms=40, tables=((30, 3), (4, 2))).batch()


RARE = np.arange(30) % 3 == 2


def test_only_rare_words_are_read_as_unknown(batch):
    dropped = drop_rare_words(np.random.default_rng(6), batch, RARE, 1.0)
    rare = RARE[batch.F[:, 0]]
    assert 0 < rare.sum() < len(rare)
    np.testing.assert_array_equal(dropped.F[rare, 0], UNK)
    np.testing.assert_array_equal(dropped.F[~rare], batch.F[~rare])
    assert PAD in dropped.F[:, 0]


def test_their_other_features_stay(batch):
    dropped = drop_rare_words(np.random.default_rng(6), batch, RARE, 1.0)
    np.testing.assert_array_equal(dropped.F[:, 1], batch.F[:, 1])


def test_a_rare_word_is_unknown_in_every_table_of_vectors(batch):
    dropped = drop_rare_words(np.random.default_rng(6), batch, RARE, 1.0, columns=[0, 1])
    rare = RARE[batch.F[:, 0]]
    np.testing.assert_array_equal(dropped.F[rare], UNK)
    np.testing.assert_array_equal(dropped.F[~rare], batch.F[~rare])


def test_a_rate_of_0_drops_none(batch):
    np.testing.assert_array_equal(drop_rare_words(np.random.default_rng(6), batch, RARE, 0.0).F, batch.F)


def test_the_batch_itself_is_left_as_it_was(batch):
    """Its F may be the text's own table."""
    before = batch.F.copy()
    dropped = drop_rare_words(np.random.default_rng(6), batch, RARE, 1.0)
    np.testing.assert_array_equal(batch.F, before)
    assert dropped.S is batch.S


def test_rare_words_are_dropped_at_the_rate_asked_for(batch):
    """About 13 rare forms, 2,000 times: a share of 0.3 is off by sqrt(0.21 / 26,000) = 0.003; 5 deviations."""
    rng = np.random.default_rng(7)
    rare = RARE[batch.F[:, 0]]
    shares = [(drop_rare_words(rng, batch, RARE, 0.3).F[rare, 0] == UNK).mean() for _ in range(2000)]
    assert np.mean(shares) == pytest.approx(0.3, abs=0.015)
