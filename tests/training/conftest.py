"""A float32 network and a text to train it on, for the tests of training."""

from dataclasses import dataclass

import numpy as np
import pytest

from windowner.inputs.batches import Distinct, make_batch
from windowner.network.model import WindowNetwork
from windowner.training.loop import train_network
from windowner.training.snapshot import keep_nothing
from windowner.training.text import TrainingText
from windowner.training.trainer import Trainer


@dataclass
class Subject:
    """A float32 network and a text to train it on."""

    network: WindowNetwork
    training: TrainingText

    def train(self, settings, seed=0, dev_f1=lambda: 0.5, dev_loss=lambda: 0.0, start=None, keep=keep_nothing, **how):
        trainer = self.trainer(settings, seed, **how)
        return train_network(trainer, dev_f1=dev_f1, dev_loss=dev_loss, start=start, keep=keep)

    def trainer(self, settings, seed=0, **how):
        return Trainer(self.network, self.training, settings, np.random.default_rng(seed), **how)

    def touched(self):
        """Word rows of the text, padding included."""
        return np.unique(self.training.F[self.training.text.stream, 0])

    def copy(self):
        return {name: p.copy() for name, p in self.network.parameters.items()}

    def unchanged(self, others):
        """Names of the parameters that are the others' bit for bit."""
        return {name for name, p in self.network.parameters.items() if p.tobytes() == others[name].tobytes()}

    def whole_batch(self):
        return make_batch(self.training.text, self.training.F, Distinct(len(self.training.F)))

    def whole_loss(self):
        return self.network.loss(self.whole_batch())[0]


@pytest.fixture
def subject(draw_case):
    """Six sentences of 20 windows, of forms whose words have rows from 2 to 7 of 12; the last rows may be frozen."""

    def draw(seed=1, unk_rate=0.0, **shape):
        case = draw_case(
            np.random.default_rng(seed), lengths=(4, 1, 6, 3, 2, 4), forms=6, tables=((12, 3), (4, 2)), **shape
        )
        documents = np.cumsum([0, *shape["documents"]]) if "documents" in shape else None
        case.F[1:, 0] = np.arange(2, 8)
        rare = np.isin(np.arange(12), [2, 3])
        return Subject(
            case.network.astype(np.float32), TrainingText(case.text, case.F, rare, unk_rate, documents=documents)
        )

    return draw
