"""What rules demand of the tags of a text, and the tags that fulfil it.

    a match of type X    its tokens have the tags of an entity X; no entity reaches over its first or its last token
    a match, never X     its tokens have no tag of type X; without a type, they are O

A type that the model does not know is O for the network. The entity is laid over the tags that are found.
"""

import numpy as np

from windowner.arrays import Array, Bools, Indices
from windowner.inputs.encoding import ranges
from windowner.network.chain.constraints import allowed_on_paths, clamp, decode_clamped
from windowner.tagger.model import Model
from windowner.tagger.prediction import Given, Prediction
from windowner.tagger.rules.matches import Matches
from windowner.tagger.rules.rules import Rules
from windowner.text.schemes import PREFIXES, find_scheme
from windowner.text.spans import CLOSES, INSIDE, NO_TYPE, OPENS, Spans, TagTable, first_tokens
from windowner.text.tag_writing import write_prefixes


class RuledModel:
    """A model, and the rules beside it.

    Parameters
    ----------
    model
        The model.
    rules
        The rules.
    """

    def __init__(self, model: Model, rules: Rules):
        tags = model.tags
        self.model, self._rules, self._scheme = model, rules.rules, find_scheme(model.config.data.scheme)
        self.types = list(dict.fromkeys([*tags.types, *rules.labels]))
        ids = {name: type_id for type_id, name in enumerate(self.types)}
        self._never = np.array([rule.never for rule in rules.rules], dtype=np.bool_)
        self._type_ids = np.array([ids.get(rule.label or "", NO_TYPE) for rule in rules.rules], dtype=np.intp)
        # Number of each tag by prefix and type. A tag that the model does not know is O.
        self._tags = np.full((len(PREFIXES), len(self.types) + 1), tags.names.index("O"), dtype=np.intp)
        self._tags[tags.prefixes, tags.type_ids] = np.arange(len(tags.names))
        self._continues = _continues(tags)

    def decide(self, logits: Array, offsets: Indices, matches: Matches) -> Prediction:
        """Choose the tags of sentences.

        Sentences without a match have the tags that they have without rules.

        Parameters
        ----------
        logits
            The network's scores of the tags that it knows, (T, K).
        offsets
            First token of each sentence, and T at the end.
        matches
            The matches that are kept.
        """
        is_bound = np.zeros(len(offsets) - 1, dtype=np.bool_)
        is_bound[np.searchsorted(offsets, matches.start, side="right") - 1] = True
        tags, z = np.empty(len(logits), dtype=np.intp), logits.copy()
        free, some = _tokens_of(offsets, np.flatnonzero(~is_bound))
        tags[free] = self.model.decoder(logits[free], some)
        given = self._given(offsets, matches.where(~self._never[matches.rule]))
        allowed = self._allowed(offsets, matches.where(self._never[matches.rule]))
        self._clamp(allowed, offsets, given)
        bound, some = _tokens_of(offsets, np.flatnonzero(is_bound))
        z[bound] = clamp(logits[bound], allowed_on_paths(allowed[bound], some, self.model.decoder.legality))
        tags[bound] = decode_clamped(z[bound], some, self.model.decoder)
        return Prediction(self.model, tags, z, offsets, given)

    def _given(self, offsets: Indices, entities: Matches) -> Given:
        """Return the entities that the rules put into sentences."""
        start, end, rule = entities
        first = first_tokens(np.diff(offsets))
        prefixes, type_ids = write_prefixes(Spans(start, end, self._type_ids[rule]), first, self._scheme)
        tokens = ranges(start, end - start)
        marks = [self._rules[number].id or True for number in rule.tolist()]
        return Given(start, end, marks, tokens, prefixes[tokens], type_ids[tokens], self.types)

    def _allowed(self, offsets: Indices, never: Matches) -> Bools:
        """Return which tags each token may have, (T, K), by the rules that say `never`."""
        prefixes, type_ids = self.model.tags.prefixes, self.model.tags.type_ids
        allowed = np.ones((offsets[-1], len(prefixes)), dtype=np.bool_)
        of_type = self._type_ids[never.rule]
        for_all = np.array([self._rules[number].label is None for number in never.rule.tolist()], dtype=np.bool_)
        for some, ruled_out in [
            (for_all, INSIDE[prefixes]),
            *((~for_all & (of_type == k), type_ids == k) for k in range(len(self.model.tags.types))),
        ]:
            start, end, _ = never.where(some)
            allowed[ranges(start, end - start)] &= ~ruled_out
        return allowed

    def _clamp(self, allowed: Bools, offsets: Indices, given: Given) -> None:
        """Allow the tags of the rules' entities alone at their tokens, and no entity that reaches over their edges."""
        tags = np.full(offsets[-1], -1, dtype=np.intp)  # -1 where no rule puts an entity
        tags[given.tokens] = self._tags[given.prefixes, given.type_ids]
        allowed[given.tokens] = False
        allowed[given.tokens, tags[given.tokens]] = True
        opens = np.append(first_tokens(np.diff(offsets)), True)
        left, right = given.start[~opens[given.start]], given.end[~opens[given.end]]  # with a neighbour
        left, right = left[tags[left - 1] < 0], right[tags[right] < 0]  # that no rule clamps
        allowed[left - 1] &= ~self._continues[:, tags[left]].T
        allowed[right] &= ~self._continues[tags[right - 1]]


def _continues(tags: TagTable) -> Bools:
    """Return for each pair of tags i and j whether j, at the next token, continues the entity of i, (K, K)."""
    prefixes, type_ids = tags.prefixes, tags.type_ids
    left = INSIDE[prefixes] & ~CLOSES[prefixes]
    right = INSIDE[prefixes] & ~OPENS[prefixes]
    continues: Bools = left[:, None] & right & (type_ids[:, None] == type_ids)
    return continues


def _tokens_of(offsets: Indices, sentences: Indices) -> tuple[Indices, Indices]:
    """Return the tokens of some sentences, and the offsets of these sentences among these tokens."""
    lengths = np.diff(offsets)[sentences]
    return ranges(offsets[sentences], lengths), np.append(0, np.cumsum(lengths))
