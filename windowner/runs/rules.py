"""The rules that a config names."""

from windowner.config.config import Config
from windowner.tagger.rules.matcher import Matcher
from windowner.tagger.rules.rules import Rules


def read_rules(config: Config, tokenizer: str) -> Rules | None:
    """Return the rules that stand beside a model; None if the config names none.

    Raises
    ------
    DataError
        If the file cannot be read, a line is no rule, or the tokenizer finds no token in a phrase.
    """
    if not config.model.rules:
        return None
    rules = Rules.read(config.path(config.model.rules))
    Matcher.of(rules, tokenizer)  # a mistake is reported before the training
    return rules
