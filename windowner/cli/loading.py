"""The tagger that a command uses, with the rules of its option `--rules`."""

from windowner.stores.address import AnyPath
from windowner.tagger.caches import CACHE_MB
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger


def load_tagger(model: str | AnyPath, rules: str = "", cache_mb: float = CACHE_MB) -> Tagger:
    """Return the tagger of a model.

    Parameters
    ----------
    model
        The model file, or the run folder that holds one, here or in a store.
    rules
        File of rules, in place of those of the model. "" for those of the model.
    cache_mb
        Memory for what is kept of the forms met so far, in megabytes.
    """
    return Tagger.load(model, cache_mb, Rules.read(rules) if rules else None)
