"""How many networks are trained, and how large they are, where a config leaves it to the training text.

    words of the training text          networks      hidden units H of each
    fewer than `LARGE`                  2             150
    at least `LARGE`                    1             300

A short text is learnt best by two networks whose mean decides, and a long text by one network with more hidden units.
Networks are folded into one (`network.folding`), so that tagging takes the time of 300 hidden units in both rows.
"""

from dataclasses import replace

from windowner.config.config import Config
from windowner.text.wording import count_of
from windowner.training.observer import Observer


def choose_size(config: Config, training_words: int, observer: Observer) -> Config:
    """Return the config with `model.hidden` and `train.ensemble` as numbers, and report those that were "auto"."""
    hidden, networks = config.model.units(training_words), config.train.networks(training_words)
    chosen = {"model.hidden": (config.model.hidden, hidden), "train.ensemble": (config.train.ensemble, networks)}
    for key, (value, number) in chosen.items():
        if value == "auto":
            observer.note(f'{key} = "auto": {number} ({count_of(training_words, "training word")})')
    return replace(config, model=replace(config.model, hidden=hidden), train=replace(config.train, ensemble=networks))
