"""An estimate is a sum that can be done by hand."""

import pytest

from windowner.experiments.estimating import Pace
from windowner.training.settings import TrainSettings


@pytest.mark.parametrize(
    ("fraction", "epochs", "seconds"),
    [
        (1.0, 10, 2 + 10 * (4 + 0.5)),
        (0.5, 10, 2 + 10 * (2 + 0.5)),
        (0.5, "auto", 2 + 15 * (2 + 0.5)),  # 40,000 words, 15 times
        (0.25, "auto", 2 + 30 * (1 + 0.5)),  # 20,000 words, 30 times
    ],
)
def test_a_share_of_the_data_is_passed_over_as_training_would(fraction, epochs, seconds):
    pace = Pace(before=2, epoch=4, dev=0.5, words=80_000, settings=TrainSettings(epochs=epochs))
    assert pace.seconds(fraction) == pytest.approx(seconds)
