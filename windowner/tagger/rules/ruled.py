"""What rules demand of the tags of a text, and the tags that fulfil it.

    a match of type X    its tokens have the tags of an entity X; no entity reaches over its first or its last token
    a match, never X     its tokens have no tag of type X; without a type, they are O

A type that the model does not know gets tags of its own. The network scores them as O, and they are allowed where a
rule puts them alone. So the words around see an O there, and the tags are legal in the scheme.
"""

from dataclasses import replace

import numpy as np

from windowner.arrays import Array, Bools, Indices
from windowner.inputs.encoding import ranges
from windowner.network.chain.constraints import allowed_on_paths, clamp, decode_clamped
from windowner.network.further_tags import with_further_tags
from windowner.tagger.model import Model
from windowner.tagger.prediction import Given, Prediction
from windowner.tagger.rules.matches import Matches
from windowner.tagger.rules.rules import Rules
from windowner.text.schemes import PREFIXES, find_scheme, tag_set
from windowner.text.spans import CLOSES, INSIDE, NO_TYPE, OPENS, Spans, TagTable, first_tokens, write_prefixes


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
        scheme, known = model.config.data.scheme, model.tags.names
        further = [tag for tag in tag_set(rules.labels, scheme) if tag not in known]
        # Column of the network's logits that holds the score of each tag.
        self._columns = np.array([*range(len(known)), *[known.index("O")] * len(further)], dtype=np.intp)
        self._plain, self.model = model, model
        if further:
            network = with_further_tags(model.network, self._columns)
            self.model = replace(model, tags=TagTable.of([*known, *further]), network=network)
        tags = self.model.tags
        self._rules, self._scheme = rules.rules, find_scheme(scheme)
        self._never = np.array([rule.never for rule in rules.rules], dtype=np.bool_)
        ids = {name: type_id for type_id, name in enumerate(tags.types)}
        self._type_ids = np.array([ids.get(rule.label or "", NO_TYPE) for rule in rules.rules], dtype=np.intp)
        self._tags = np.full((len(PREFIXES), len(tags.types) + 1), -1, dtype=np.intp)  # by prefix and type
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
        free, some = _tokens_of(offsets, np.flatnonzero(~is_bound))
        tags = np.empty(len(logits), dtype=np.intp)
        tags[free] = self._plain.decoder(logits[free], some)
        allowed = self._allowed(offsets, matches)
        bound, some = _tokens_of(offsets, np.flatnonzero(is_bound))
        allowed[bound] = allowed_on_paths(allowed[bound], some, self.model.decoder.legality)
        z = clamp(logits[:, self._columns], allowed)
        tags[bound] = decode_clamped(z[bound], some, self.model.decoder)
        entities = matches.where(~self._never[matches.rule])
        marks = [self._rules[number].id or True for number in entities.rule.tolist()]
        return Prediction(self.model, tags, z, offsets, Given(entities.start, marks))

    def _allowed(self, offsets: Indices, matches: Matches) -> Bools:
        """Return which tags each token may have, (T, K)."""
        tags = self.model.tags
        allowed = np.ones((offsets[-1], len(tags.names)), dtype=np.bool_)
        allowed[:, len(self._plain.tags.names) :] = False
        never = matches.where(self._never[matches.rule])
        labels = np.array([self._rules[number].label or "" for number in never.rule.tolist()], dtype=object)
        for label in set(labels):
            some = never.where(labels == label)
            inside = INSIDE[tags.prefixes]
            ruled_out = inside & (tags.type_ids == self._type_ids[some.rule[0]]) if label else inside
            allowed[ranges(some.start, some.end - some.start)] &= ~ruled_out
        self._clamp_entities(allowed, offsets, matches.where(~self._never[matches.rule]))
        return allowed

    def _clamp_entities(self, allowed: Bools, offsets: Indices, entities: Matches) -> None:
        """Allow the tags of the rules' entities alone at their tokens, and no entity that reaches over their edges."""
        start, end, rule = entities
        first = first_tokens(np.diff(offsets))
        prefixes, types = write_prefixes(Spans(start, end, self._type_ids[rule]), first, self._scheme)
        tokens = ranges(start, end - start)
        tags = np.full(len(first), -1, dtype=np.intp)  # -1 where no rule puts an entity
        tags[tokens] = self._tags[prefixes[tokens], types[tokens]]
        allowed[tokens] = False
        allowed[tokens, tags[tokens]] = True
        opens = np.append(first, True)
        left, right = start[~opens[start]], end[~opens[end]]  # tokens with a neighbour in the sentence
        left, right = left[tags[left - 1] < 0], right[tags[right] < 0]  # that no rule clamps
        allowed[left - 1] &= ~self._continues[:, tags[left]].T
        allowed[right] &= ~self._continues[tags[right - 1]]


def _continues(tags: TagTable) -> Bools:
    """Return whether an entity with tag i at a token goes on with tag j at the next one, (K, K); see `text.spans`."""
    prefixes, type_ids = tags.prefixes, tags.type_ids
    left = INSIDE[prefixes] & ~CLOSES[prefixes]
    right = INSIDE[prefixes] & ~OPENS[prefixes]
    continues: Bools = left[:, None] & right & (type_ids[:, None] == type_ids)
    return continues


def _tokens_of(offsets: Indices, sentences: Indices) -> tuple[Indices, Indices]:
    """Return the tokens of some sentences, and the offsets of these sentences among these tokens."""
    lengths = np.diff(offsets)[sentences]
    return ranges(offsets[sentences], lengths), np.append(0, np.cumsum(lengths))
