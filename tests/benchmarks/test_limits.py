"""The least time of a batch, worked out by hand."""

import pytest

from benchmarks.limits import Shape, tagging_work, training_work

SMALL = Shape(N=10, R=4, C=3, D=2, H=5, K=3)
RATES = {"product": 100.0, "near": 10.0, "far": 20.0, "copy": 50.0}


def test_a_step_of_sgd():
    """Products: 3 of 2*4*2*3*5 = 240, and 6*10*5*3 = 900. Near: 2*10*3 rows of 5 floats, read and written.

    Far: 4 rows of 2 floats read and written, and as many again updated: read and written. Copied: f and f' of 50
    numbers each read and written, and the 30 weights: gradient and weight read, weight written.
    """
    work = training_work(SMALL, "sgd", fine_tuned=True, dropout=False)
    assert work.product == 3 * 240 + 900
    assert work.near == 60 * 5 * 4 * 2
    assert work.far == (8 + 8) * 2 * 4
    assert work.copy == (2 * 50 * 2 + 3 * 30) * 4


def test_frozen_vectors_need_no_product_and_no_update():
    fine_tuned, frozen = (training_work(SMALL, "sgd", way, dropout=False) for way in (True, False))
    assert fine_tuned.product - frozen.product == 240
    assert fine_tuned.far - frozen.far == 8 * 2 * 4


def test_adam_with_dropout_and_a_chain():
    """Adam changes 3 arrays. 5 passes over windows, 3 over forms. The chain: 12 * 10 * 9 operations, counted twice."""
    chain = Shape(**{**vars(SMALL), "chain": True})
    work = training_work(chain, "adam", fine_tuned=True, dropout=True)
    assert work.product == 3 * 240 + 900 + 2 * 12 * 10 * 9
    assert work.far == (8 + 24) * 2 * 4
    assert work.copy == (2 * 5 * 50 + 2 * 3 * 8 + 7 * 30) * 4


def test_tagging_multiplies_by_the_output_layer_alone():
    work = tagging_work(SMALL)
    assert (work.product, work.near, work.far, work.copy) == (300, 30 * 5 * 4 * 2, 0, 400)


def test_the_time_of_each_part():
    assert tagging_work(SMALL).seconds(RATES) == {"product": 3, "near": pytest.approx(120), "far": 0, "copy": 8}
