"""Explanation: why a word has one tag and not another one, as a sum of shares in nats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from windowner.markup.filling import for_notebook
from windowner.tagger.chosen_tag import ChosenTag

Kind = Literal["word", "mention", "bias", "left", "right", "threshold"]

ORDER: tuple[Kind, ...] = ("word", "mention", "bias", "left", "right", "threshold")
"""The kinds of shares. The first three add up to the difference of the logits."""

LOGITS: tuple[Kind, ...] = ORDER[:3]

NAMES = {"bias": "bias", "left": "tags on the left", "right": "tags on the right", "threshold": "threshold"}
"""What a share without a word is called."""


class Share(NamedTuple):
    """What one thing adds to the difference of two tags' scores.

    Parameters
    ----------
    kind
        `word`: a feature of a word of the window. `mention`: another mention of the word in its document. `bias`: the
        biases of both layers. `left`, `right`: the tags of the neighbours. `threshold`: the model's threshold of O.
    nats
        The share.
    position
        For `word`, the place of the word: 0 is the center word, -1 the word before it. Otherwise 0.
    word
        The word, or "" beyond the ends of the sentence.
    feature
        For `word`, the name of the feature's table: `words` is the word vector. For `mention`, the place of the
        mention.
    value
        The feature's value, such as `title` for capitals; "" for vectors and characters.
    """

    kind: Kind
    nats: float
    position: int = 0
    word: str = ""
    feature: str = ""
    value: str = ""


class ShareRow(NamedTuple):
    """A share, or several together, as a row of a table: nats, place in the window, word, and feature."""

    nats: float
    place: str
    word: str
    feature: str = ""


@dataclass(frozen=True)
class Explanation:
    """The difference of the scores of two tags of one word, and its shares.

    A tag's score is the logarithm of its probability among all legal tag sequences of the sentence, before the
    temperature and after the threshold. Rules and cutoffs are left out: `choice` says whether they decided.

    Parameters
    ----------
    sentence
        The tokens.
    word
        Number of the explained token, from 0.
    tag, against
        The two tags.
    choice
        The tag that the tagger gives to the word, and what decided.
    difference
        Score of `tag` minus score of `against`, from the forward pass, in nats.
    logit_difference
        Logit of `tag` minus logit of `against`, from the forward pass.
    shares
        All shares. They add up to the difference.
    """

    sentence: Sequence[str]
    word: int
    tag: str
    against: str
    choice: ChosenTag
    difference: float
    logit_difference: float
    shares: Sequence[Share]

    @property
    def chosen(self) -> str:
        """The tag that the tagger gives to the word."""
        return self.choice.name

    @property
    def remainder(self) -> float:
        """The difference minus the sum of the shares, which is the error of rounding."""
        return self.difference - sum(share.nats for share in self.shares)

    @property
    def largest(self) -> list[Share]:
        """All shares, the largest ones of either sign first."""
        return sorted(self.shares, key=lambda share: -abs(share.nats))

    @property
    def by_word(self) -> list[Share]:
        """The shares with those of the same word added up, in the order of the text, and then the others."""
        sums: dict[tuple[int, int, str], Share] = {}
        for share in self.shares:
            key = ORDER.index(share.kind), share.position, share.feature if share.kind == "mention" else ""
            before = sums.get(key)
            together = share if share.kind == "mention" else share._replace(feature="", value="")
            sums[key] = together if before is None else before._replace(nats=before.nats + share.nats)
        return [sums[key] for key in sorted(sums, key=lambda key: key[:2])]

    @property
    def word_rows(self) -> list[ShareRow]:
        """The shares of `by_word`, the largest ones of either sign first."""
        return [_row(share, "") for share in sorted(self.by_word, key=lambda share: -abs(share.nats))]

    def feature_rows(self, most: int) -> tuple[list[ShareRow], ShareRow | None]:
        """Return the largest shares of single features of words, and all others of them together, if there are any."""
        features = [share for share in self.largest if share.kind == "word"]
        rest = features[most:]
        together = ShareRow(sum(share.nats for share in rest), "", f"{len(rest)} others") if rest else None
        return [_row(share, feature_name(share)) for share in features[:most]], together

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        return for_notebook("explanation_fragment.html", {"found": self})

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation for JSON."""
        values = {name: getattr(self, name) for name in ("word", "tag", "against", "chosen")}
        choice = {"decided_by": self.choice.by, "rule": self.choice.rule, "note": self.choice.note}
        numbers = {name: getattr(self, name) for name in ("difference", "logit_difference", "remainder")}
        shares = [share._asdict() for share in self.shares]
        return {"sentence": list(self.sentence), **values, **choice, **numbers, "shares": shares}


def position_name(position: int) -> str:
    """Return how the place of a word is written: `center`, `-1`, `+1`."""
    return f"{position:+d}" if position else "center"


def share_name(share: Share) -> str:
    """Return what a share is of, without its position."""
    if share.kind == "mention":
        return f"{share.word} ({share.feature})"
    if share.kind != "word":
        return NAMES[share.kind]
    return share.word or "(edge)"


def feature_name(share: Share) -> str:
    """Return the feature that a share of a word is of, with its value: `vector`, `capitals title`, `characters`."""
    if share.kind != "word":
        return ""
    name = share.feature.replace("words", "vector", 1) if share.feature.startswith("words") else share.feature
    return f"{name} {share.value}".strip()


def _row(share: Share, feature: str) -> ShareRow:
    place = position_name(share.position) if share.kind == "word" else ""
    return ShareRow(share.nats, place, share_name(share), feature)
