"""An estimate of an experiment's time, from a few steps of each setting.

    seconds of a trial  =  reading and preparing  +  epochs * (words / rate of training + dev words / rate of tagging)

The rates are those of one processor without other work. Patience may end a trial early, so estimates are rather high.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import process_time

from windowner.config.config import Config
from windowner.experiments.experiment import Experiment
from windowner.experiments.sharing import shared_readers
from windowner.experiments.trials import Trial
from windowner.runs.preparation import Prepared, prepare
from windowner.tagger.prediction import predict_encoded
from windowner.training.observer import SILENT
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer

STEPS = 30


@dataclass(frozen=True)
class Pace:
    """How fast trials of a setting are.

    Parameters
    ----------
    before
        Seconds before training.
    epoch
        Seconds of an epoch on all training words.
    dev
        Seconds to score dev once.
    words
        All training words.
    settings
        They say how many epochs a number of words is trained for.
    """

    before: float
    epoch: float
    dev: float
    words: int
    settings: TrainSettings

    def seconds(self, fraction: float) -> float:
        """Return the seconds of a trial on a fraction of the training text."""
        epochs = self.settings.passes(max(1, round(fraction * self.words)))
        return self.before + epochs * (fraction * self.epoch + self.dev)


def estimate(experiment: Experiment, trials: Sequence[Trial]) -> Mapping[str, float]:
    """Return the seconds that each trial will take, by the trial's name."""
    paces = {setting.number: _pace(_config(experiment, setting.number)) for setting in experiment.settings}
    return {trial.name: paces[trial.setting.number].seconds(trial.fraction) for trial in trials}


def _config(experiment: Experiment, number: int) -> Config:
    """Return the config of a setting with the first seed, on all training sentences."""
    config = next(trial.config for trial in experiment.trials if trial.setting.number == number)
    return replace(config, data=replace(config.data, fraction=1.0))


def _pace(config: Config) -> Pace:
    readers = shared_readers(Path())  # nothing is shared there
    for source in config.vectors.sources:  # a worker reads them once for all trials
        readers.vectors(source, directory=config.directory)
    start = process_time()
    prepared = prepare(config, SILENT, readers)
    before = process_time() - start
    epoch = _epoch_seconds(prepared)
    start = process_time()
    predict_encoded(prepared.model, prepared.dev, prepared.dev_F)
    dev = process_time() - start
    networks = len(prepared.members)  # trained one after the other
    return Pace(before, networks * epoch, networks * dev, len(prepared.training.text), config.train)


def _epoch_seconds(prepared: Prepared) -> float:
    """Train for a few steps, and return the seconds that a whole epoch takes at that rate."""
    settings = prepared.model.config.train
    trainer = Trainer(prepared.members[0], prepared.training, settings, prepared.rng)
    batches = trainer.batches()
    start, windows = process_time(), 0
    for batch in islice(batches, STEPS):
        _, gradients, _ = trainer.gradients(batch)
        trainer.optimizer.step(gradients, settings.learning_rate)
        windows += len(batch)
    return (process_time() - start) * len(prepared.training.text) / windows
