"""A small network that is trained, for checkpoints."""

import numpy as np
from conftest import draw_case

from windowner.training.settings import TrainSettings
from windowner.training.text import TrainingText
from windowner.training.trainer import Trainer

CHECKPOINT_OF = {"model": "small"}
"""What its training depends on."""


def small_trainer() -> Trainer:
    case = draw_case(np.random.default_rng(1))
    text = TrainingText(case.text, case.F, np.zeros(7, np.bool_), 0.0)
    return Trainer(case.network.astype(np.float32), text, TrainSettings(), np.random.default_rng(2))
