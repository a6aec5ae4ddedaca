"""How long an experiment will take, from a few steps of each setting.

    seconds of a trial  =  reading and preparing  +  epochs * (words / rate of training + dev words / rate of tagging)

Times are of one processor that does nothing else. Patience may end a trial earlier, so it is an upper bound of sorts.
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
from windowner.runs.preparation import prepare
from windowner.tagger.prediction import predict_encoded
from windowner.training.observer import SILENT
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer

STEPS = 30


@dataclass(frozen=True)
class Pace:
    """Of a setting: seconds before training, those of an epoch on all data and those of dev; and words of all data."""

    before: float
    epoch: float
    dev: float
    words: int
    settings: TrainSettings

    def seconds(self, fraction: float) -> float:
        """Return the seconds of a trial."""
        epochs = self.settings.passes(max(1, round(fraction * self.words)))
        return self.before + epochs * (fraction * self.epoch + self.dev)


def estimate(experiment: Experiment, trials: Sequence[Trial]) -> Mapping[str, float]:
    """Return the seconds that each trial will take, by its name."""
    seed = experiment.settings.seeds[0]
    paces = {setting.number: _pace(_config(experiment, setting.number, seed)) for setting in experiment.cells}
    return {trial.name: paces[trial.setting.number].seconds(trial.fraction) for trial in trials}


def _config(experiment: Experiment, number: int, seed: int) -> Config:
    config = next(t.config for t in experiment.trials if (t.setting.number, t.seed) == (number, seed))
    return replace(config, data=replace(config.data, fraction=1.0))


def _pace(config: Config) -> Pace:
    readers = shared_readers(Path())  # where nothing is shared
    if config.vectors.source:
        readers.vectors(config.vectors.source, directory=config.directory)  # once a worker, not once a trial
    start = process_time()
    prepared = prepare(config, SILENT, readers)
    before = process_time() - start
    trainer = Trainer(prepared.members[0], prepared.training, prepared.model.config.train, prepared.rng)
    batches = trainer.batches()
    start, windows = process_time(), 0
    for batch in islice(batches, STEPS):
        _, gradients, _ = trainer.gradients(batch)
        trainer.optimizer.step(gradients, config.train.learning_rate)
        windows += len(batch)
    epoch = (process_time() - start) * len(prepared.training.text) / windows
    start = process_time()
    predict_encoded(prepared.model, prepared.dev, prepared.dev_F)
    networks = config.train.ensemble  # one after the other
    dev = process_time() - start
    return Pace(before, networks * epoch, networks * dev, len(prepared.training.text), config.train)
