"""How a model's choice of a tag is explained: the shares of `network.shares`, the neighbours' tags and the threshold.

The score of tag k of word t is log P(y_t = k), minus the threshold if k is O (`network.chain.decoding`).

    score[k] - score[m]  =  z[k] - z[m]  +  left[k] - left[m]  +  right[k] - right[m]  -+ threshold of O

`network.shares` splits z[k] - z[m], and `network.chain.neighbours` defines left and right. In a document, U is U_own of
`network.document`, and each of the n - 1 other mentions adds h . (U_others[:, k] - U_others[:, m]) / (n - 1).

Everything is computed in float64. The rows of the tables stay as they are. Rules and cutoffs add nothing to the sum.
`chosen_tag` says where they decide.
"""

from collections.abc import Sequence

import numpy as np

from windowner.errors import ModelError
from windowner.tagger.chosen_tag import chosen_tag
from windowner.tagger.chunks import sentence_length
from windowner.tagger.explained_word import ExplainedWord
from windowner.tagger.explanation import Explanation
from windowner.tagger.model import Model
from windowner.tagger.predictor import Predictor


def explain(
    predictor: Predictor,
    sentence: Sequence[str],
    word: int,
    tag: str | None = None,
    against: str | None = None,
    context: Sequence[Sequence[str]] = (),
) -> Explanation:
    """Return why a word has one tag and not another one; `Tagger.explain` describes the parameters."""
    model = predictor.model
    if isinstance(sentence, str):
        raise ValueError('the sentence is a string, expected a list of tokens, such as ["Paris", "is", "big"]')
    length = sentence_length(sentence)
    if not length:
        raise ValueError("the sentence has no token, expected one at least")
    if isinstance(word, bool) or not isinstance(word, int | np.integer) or not 0 <= word < length:
        raise ValueError(f"word is {word!r}, expected a number from 0 below {length}, the number of tokens")
    if len(model.tags.names) < 2:
        raise ModelError(f"the model has the tag {model.tags.names[0]} alone, expected two tags that can be compared")
    explained = ExplainedWord(model, sentence, word, context)
    names = model.tags.names
    choice = chosen_tag(predictor, explained.sentences, word, names[explained.chosen])
    first = names.index(choice.uncut) if choice.uncut in names else explained.chosen
    best = [first, *explained.ranking]
    k, m = (None if each is None else _number(model, each) for each in (tag, against))
    k = next(each for each in best if each != m) if k is None else k
    m = next(each for each in best if each != k) if m is None else m
    if k == m:
        raise ValueError(f"tag and against are both {names[k]}, expected two tags")
    shares = [*explained.logit_shares(k, m), *explained.neighbour_shares(k, m), *explained.threshold_share(k, m)]
    return Explanation(
        sentence=tuple(sentence),
        word=int(word),
        tag=names[k],
        against=names[m],
        choice=choice,
        difference=float(explained.scores[k] - explained.scores[m]),
        logit_difference=float(explained.z[word, k] - explained.z[word, m]),
        shares=shares,
    )


def _number(model: Model, tag: str) -> int:
    if tag not in model.tags.names:
        raise ValueError(f"the tag {tag!r} is unknown, expected one of {', '.join(model.tags.names)}")
    return model.tags.names.index(tag)
