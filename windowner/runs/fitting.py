"""The training on train: each network in turn, then the threshold and the temperature of their mean."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from windowner.network.folding import fold
from windowner.runs.calibration import calibrate
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.dev_scorer import DevScorer
from windowner.runs.history import HistoryKeeper
from windowner.runs.preparation import Prepared
from windowner.runs.threshold import fit_threshold
from windowner.tagger.model import Model
from windowner.text.sentence import Corpus
from windowner.training.loop import train_network
from windowner.training.observer import EpochRecord, Observer
from windowner.training.trainer import Trainer


@dataclass(frozen=True)
class Trained:
    """What the training on train gave: the model, one record per epoch, and the kept epoch of each network."""

    model: Model
    history: list[EpochRecord]
    epochs: list[int]


def train_members(prepared: Prepared, keeper: HistoryKeeper, checkpoint: Checkpoint) -> Trained:
    """Train all networks, and return the model of their mean, with its threshold and temperature.

    Parameters
    ----------
    prepared
        What training starts from.
    keeper
        Hears and keeps the epochs.
    checkpoint
        What the training goes on from, and where its state is kept.
    """
    epochs = []
    for number, network in enumerate(prepared.members, start=1):
        records = checkpoint.take_over(network)
        if records is None:
            if len(prepared.members) > 1:
                keeper.note(f"network {number} of {len(prepared.members)} (train.ensemble)")
            model = replace(prepared.model, network=network)
            trainer = Trainer(network, prepared.training, model.config.train, prepared.rng, keeper)
            scorer = DevScorer(model, prepared)
            records = train_network(
                trainer,
                dev_f1=scorer.f1,
                dev_loss=scorer.loss,
                start=checkpoint.begin(),
                keep=checkpoint.offer,
            )
            checkpoint.end(network, records)
        epochs.append(kept_epoch(records).epoch)
    model = replace(prepared.model, network=fold(prepared.members))
    if model.config.train.fit_threshold:
        model = fit_threshold(model, prepared)
    kept = kept_epoch(keeper.records)
    note_nothing_found(kept, prepared.corpora["dev"], keeper)
    model = replace(model, provenance={**model.provenance, "best_epoch": kept.epoch})
    return Trained(calibrate(model, prepared), keeper.records, epochs)


def kept_epoch(history: Sequence[EpochRecord]) -> EpochRecord:
    """Return the record of the epoch whose network was kept; of an ensemble, that of its best network."""
    return max((record for record in history if record.best), key=lambda record: (record.dev_f1, record.epoch))


def note_nothing_found(kept: EpochRecord, dev: Corpus, observer: Observer) -> None:
    """Report that no epoch found an entity of dev."""
    if kept.dev_f1 == 0 and dev.entity_types:
        observer.note(
            f"no entity of dev was found in any epoch: epoch {kept.epoch} is kept, which has the lowest loss on dev. "
            "Try more epochs (train.epochs), more training sentences, or pretrained vectors (vectors.source)"
        )
