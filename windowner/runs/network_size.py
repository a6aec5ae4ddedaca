"""How large networks are, how many there are, and the size of batches, where a config leaves it to the training text.

    words of the training text          train.ensemble      model.hidden      train.batch
    fewer than `LARGE`                  2                   150               128
    at least `LARGE`                    1                   300               256

A short text is learnt best by two networks whose mean decides, and a long text by one network with more hidden units.
Networks are merged into one (`network.folding`), so that tagging takes the time of 300 hidden units in both rows.
"""

from dataclasses import replace

from windowner.config.config import Config
from windowner.text.wording import count_of
from windowner.training.observer import Observer


def choose_size(config: Config, training_words: int, observer: Observer) -> Config:
    """Return the config with the keys of the table as numbers, and report those that were "auto"."""
    model, train = config.model, config.train
    hidden, networks, batch = (size(training_words) for size in (model.units, train.networks, train.windows))
    sizes = {
        "model.hidden": (model.hidden, hidden),
        "train.ensemble": (train.ensemble, networks),
        "train.batch": (train.batch, batch),
    }
    chosen = [f"{key} = {number}" for key, (value, number) in sizes.items() if value == "auto"]
    if chosen:
        observer.note(f'"auto" with {count_of(training_words, "training word")}: {", ".join(chosen)}')
    return replace(config, model=replace(model, hidden=hidden), train=replace(train, ensemble=networks, batch=batch))
