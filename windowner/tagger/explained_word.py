"""A word whose tag is explained: what is computed of it, and the shares of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.forms import Forms
from windowner.inputs.gazetteer import split_mark
from windowner.inputs.mentions import ALONE, in_documents
from windowner.inputs.tables import PAD, UNK, Table
from windowner.network.chain.marginals import log_marginals
from windowner.network.chain.neighbours import neighbour_scores
from windowner.network.model import WindowNetwork
from windowner.network.projections import Projections
from windowner.network.shares import window_shares
from windowner.tagger.explanation import Share
from windowner.tagger.model import Model


def precise(network: WindowNetwork) -> WindowNetwork:
    """Return a network whose layers are in float64. Its tables and characters are not copied."""
    return replace(
        network,
        **{name: getattr(network, name).astype(np.float64) for name in ("W", "b1", "U", "b2")},
        chain=None if network.chain is None else network.chain.astype(np.float64),
        document=None if network.document is None else network.document.astype(np.float64),
    )


@dataclass(frozen=True)
class ExplainedWord:
    """A word of a sentence, whose document holds the sentences `context`, too; without them it comes alone."""

    model: Model
    sentence: Sequence[str]
    word: int
    context: Sequence[Sequence[str]]

    @cached_property
    def network(self) -> WindowNetwork:
        """The network, in float64."""
        return precise(self.model.network)

    @cached_property
    def sentences(self) -> list[Sequence[str]]:
        """The sentence, and then the others of its document."""
        return [self.sentence, *self.context]

    @cached_property
    def encoded(self) -> tuple[EncodedText, Ids, list[str]]:
        """The encoded text, F, and each form as the encoder reads it. The form 0 is the padding."""
        forms = Forms(self.model.encoder)
        text = encode(self.sentences, forms, self.network.radius)
        if self.model.reads_documents:
            text = in_documents(text, forms, np.array([0, len(self.sentences)]))
        return text, forms.F, ["", *forms]

    @cached_property
    def z(self) -> Array:
        """The logits of the sentence, (T, K), from the forward pass."""
        text, F, _ = self.encoded
        logits: Array = Projections(self.network, len(F)).logits(text, F)[: len(self.sentence)]
        return logits

    @cached_property
    def scores(self) -> Array:
        """The score of each tag of the word, (K,)."""
        decoder = self.model.decoder
        log_p = log_marginals(self._chain_logits, np.array([0, len(self.z)]), decoder.legal_chain())
        scores: Array = (decoder.subtract_threshold(log_p) if self._is_posterior else log_p)[self.word]
        return scores

    @property
    def _is_posterior(self) -> bool:
        """Whether the threshold is subtracted from log P, and not from the logits."""
        return self.model.decoder.posterior and self.model.decoder.chain is not None

    @property
    def _chain_logits(self) -> Array:
        """The logits from which the probabilities follow, (T, K)."""
        return self.z if self._is_posterior else self.model.decoder.subtract_threshold(self.z)

    @property
    def chosen(self) -> int:
        """The number of the word's tag."""
        return int(self.model.decoder(self.z, np.array([0, len(self.z)]))[self.word])

    @property
    def ranking(self) -> list[int]:
        """The tags, the one with the best score first."""
        ranking: list[int] = np.argsort(-self.scores, kind="stable").tolist()
        return ranking

    def logit_shares(self, k: int, m: int) -> list[Share]:
        """Return the shares of z[k] - z[m]."""
        head, mentions = self.network.document, self._mentions
        if head is None or mentions is None:
            U, b = self.network.U, self.network.b2
        else:
            U, b = head.own, head.b
        parts, bias = window_shares(self.network, self._window(self.word), U[:, k] - U[:, m])
        shares = [
            Share("word", nats, c - self.network.radius, *self._names(c, j))
            for c, row in enumerate(parts.tolist())
            for j, nats in enumerate(row)
        ]
        votes = [] if head is None or mentions is None else self._votes(mentions, head.others[:, k] - head.others[:, m])
        return [*shares, *votes, Share("bias", bias + float(b[k] - b[m]))]

    def neighbour_shares(self, k: int, m: int) -> list[Share]:
        """Return the shares of the tags on the left and on the right."""
        left, right = neighbour_scores(self._chain_logits, self.word, self.model.decoder.legal_chain())
        return [Share("left", float(left[k] - left[m])), Share("right", float(right[k] - right[m]))]

    def threshold_share(self, k: int, m: int) -> list[Share]:
        """Return the share of the threshold, if there is one."""
        decoder = self.model.decoder
        nats = decoder.threshold * ((m == decoder.outside) - (k == decoder.outside))
        return [Share("threshold", float(nats))] if nats else []

    @cached_property
    def _mentions(self) -> Indices | None:
        """The other mentions of the word in its document; None if the word has no document."""
        groups = self.encoded[0].groups
        if groups is None or groups[self.word] == ALONE:
            return None
        same = np.flatnonzero(groups == groups[self.word])
        others: Indices = same[same != self.word]
        return others

    def _votes(self, mentions: Indices, u: Array) -> list[Share]:
        """Return the shares of the other mentions."""
        text = self.encoded[0]
        shares = []
        for place in mentions.tolist():
            parts, bias = window_shares(self.network, self._window(place), u)
            number = int(np.searchsorted(text.offsets, place, side="right")) - 1
            token = place - int(text.offsets[number])
            where = f"sentence {number + 1}, word {token + 1}"
            nats = float(parts.sum() + bias) / len(mentions)
            shares.append(Share("mention", nats, 0, self.sentences[number][token], where))
        return shares

    def _forms(self, place: int) -> Ids:
        """Return the numbers of the forms of a window, (C,)."""
        text = self.encoded[0]
        center, radius = text.centers[place], self.network.radius
        return text.stream[center - radius : center + radius + 1]

    def _window(self, place: int) -> Array:
        """Return the rows of X of a window, (C, D)."""
        X: Array = self.network.embed(self.encoded[1][self._forms(place)]).astype(np.float64)
        return X

    def _names(self, c: int, j: int) -> tuple[str, str, str]:
        """Return word, feature and value of part j of the word at position c of the window."""
        _, F, written = self.encoded
        number = int(self._forms(self.word)[c])
        form, matches = split_mark(written[number]) if self.model.gazetteer is not None else (written[number], "")
        if j == len(self.network.tables):
            return form, "characters", ""
        table = self.network.tables[j]
        return form, table.name, _value(table, int(F[number, j]), form, matches)


def _value(table: Table, row: int, form: str, matches: str) -> str:
    """Return the value that a form has in a table; "" for word vectors, unless they have none of the form."""
    if row == PAD:
        return ""
    if table.feature is None:
        return "(unknown)" if row == UNK else ""
    value = table.feature.value(matches if table.feature.reads_matches else form)
    return f"{value} (unknown)" if row == UNK and not table.feature.reads_matches else value
