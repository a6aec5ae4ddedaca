"""The tag that a tagger gives to a word, and what decided: the network, a rule, or a cutoff.

network    the tag is the one that the network alone gives
rule       a rule puts an entity there
rules      the network alone gives another tag: a rule forbids it, or it does not fit the rules' entities beside it
cutoff     the network's entity is less probable than the cutoff of its type
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from windowner.tagger.prediction import Prediction, RuleMark
from windowner.tagger.predictor import Predictor


class ChosenTag(NamedTuple):
    """The tag that a tagger gives to a word, in the scheme of the model.

    Parameters
    ----------
    name
        The tag. That of a rule may be unknown to the model.
    uncut
        The tag before cutoffs.
    alone
        The tag that the network alone gives.
    by
        What decided.
    rule
        What `Entity.rule` says of the rule that puts an entity there. None without one.
    """

    name: str
    uncut: str
    alone: str
    by: Literal["network", "rule", "rules", "cutoff"] = "network"
    rule: RuleMark | None = None

    @property
    def note(self) -> str:
        """What a reader of an explanation has to know besides; "" if the network alone decided."""
        if self.by == "network":
            return ""
        alone = "the same tag" if self.alone == self.name else self.alone
        reason = {
            "rule": f"The rule {self.rule} decided." if isinstance(self.rule, str) else "A rule decided.",
            "rules": "Rules decided.",
            "cutoff": f"The cutoff of {self.uncut.partition('-')[2]} decided.",
        }[self.by]
        return f"{reason} The network alone gives {alone}, and the shares explain the network alone."


def chosen_tag(predictor: Predictor, document: Sequence[Sequence[str]], word: int, alone: str) -> ChosenTag:
    """Return the tag of a word of the first sentence of a document.

    Parameters
    ----------
    predictor
        The tagger.
    document
        The sentences of the document.
    word
        Number of the word in its sentence, from 0.
    alone
        The tag that the network alone gives.
    """
    if not predictor.has_rules and not any(predictor.model.cutoffs.values()):
        return ChosenTag(alone, alone, alone)
    edges = np.array([0, len(document)]) if predictor.model.reads_documents else None
    prediction = predictor.predict(document, edges)
    scheme = predictor.model.config.data.scheme
    uncut, name = (each.tag_names(scheme)[0][word] for each in (prediction, prediction.without_improbable()))
    mark = _rule_at(prediction, word)
    if mark is not None:
        return ChosenTag(name, uncut, alone, "rule", mark)
    if name == alone:
        return ChosenTag(name, uncut, alone)
    return ChosenTag(name, uncut, alone, "rules" if name == uncut else "cutoff")


def _rule_at(prediction: Prediction, token: int) -> RuleMark | None:
    """Return the mark of the rule that puts an entity at a token. None without one."""
    given = prediction.given
    if given is None:
        return None
    covering = np.flatnonzero((given.start <= token) & (token < given.end))
    return given.marks[covering[0]] if len(covering) else None
