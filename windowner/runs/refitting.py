"""The second training of `train.refit`: on train and dev together, for as many steps as the first training kept.

Dev has chosen the epoch, the threshold and the temperature of the first model. The second model takes them over, so it
needs no dev, and can learn from it. Only test is left to score it.
"""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from windowner.network.folding import fold
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.fitting import Trained
from windowner.runs.folds import join
from windowner.runs.preparation import Prepared, prepare_corpora
from windowner.runs.readers import Readers
from windowner.tagger.model import Model
from windowner.training.loop import train_steps
from windowner.training.observer import Observer
from windowner.training.trainer import Trainer


@dataclass(frozen=True)
class Refitted:
    """The second model, and what `metrics.json` says of its training."""

    model: Model
    metrics: dict[str, Any]


def refit(
    trained: Trained, prepared: Prepared, observer: Observer, readers: Readers, checkpoint: Checkpoint
) -> Refitted:
    """Train on train and dev together, from the start.

    Parameters
    ----------
    trained
        The first training: its model, with threshold and temperature, and the epoch that was kept of each network.
    prepared
        What the first training started from.
    observer
        Hears what is trained.
    readers
        What reads text and vectors.
    checkpoint
        What the training goes on from, and where its state is kept.
    """
    first = trained.model
    settings = first.config.train
    windows = len(prepared.training.text)
    per_epoch = len(prepared.training.text.cuts(settings.windows(windows)))
    total = per_epoch * settings.passes(windows)
    steps = [epoch * per_epoch for epoch in trained.epochs]
    corpora = {**prepared.corpora, "train": join([prepared.corpora["train"], prepared.corpora["dev"]])}
    again = prepare_corpora(first.config, corpora, readers=readers, start=prepared.start)
    sentences, words = len(corpora["train"].sentences), corpora["train"].token_count
    observer.note(
        f"train.refit: training again on train and dev together, {sentences:,} sentences, for "
        f"{' + '.join(f'{count:,}' for count in steps)} steps. The scores on dev are those of the first model"
    )
    start = perf_counter()
    for network, count in zip(again.members, steps, strict=True):
        if checkpoint.take_over(network) is None:
            trainer = Trainer(network, again.training, settings, again.rng)
            train_steps(trainer, count, total, start=checkpoint.begin(), keep=checkpoint.offer)
            checkpoint.end(network, [])
    described = {"sentences": sentences, "words": words, "steps": steps}
    model = replace(
        again.model,
        network=fold(again.members),
        threshold=first.threshold,
        temperature=first.temperature,
        tokenizer=first.tokenizer,
        provenance={**first.provenance, "refit": described},
    )
    return Refitted(model, {**described, "train_seconds": perf_counter() - start})
