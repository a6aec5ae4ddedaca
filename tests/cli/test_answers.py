"""What is said of crossing learning curves."""

from answers import FROZEN, TUNED

from windowner.cli.answers import describe_crossing
from windowner.experiments.contrasts import Crossing


def test_a_sure_crossing_is_a_fact():
    assert describe_crossing(Crossing(FROZEN, TUNED, 2657, upwards=True, sure=True)) == (
        "the learning curves cross at about 2,657 training words: with more words tuned is ahead"
    )


def test_a_crossing_within_the_noise_has_no_place():
    assert describe_crossing(Crossing(FROZEN, TUNED, 2657, upwards=True, sure=False)) == (
        "no evidence that the learning curves cross: their order changes within the noise"
    )
