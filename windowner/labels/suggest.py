"""From a tagger and a pool of unlabelled sentences to those that should be labelled next."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from windowner.arrays import Float64
from windowner.labels.choosing import DEFAULT, Rule, choose
from windowner.labels.tasks import Task
from windowner.labels.uncertainty import MEASURES
from windowner.tagger.chunks import chunks
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Sentence
from windowner.text.token_spans import TokenSpan

MEASURE = "entropy"
"""The measure of uncertainty; docs/labels.md compares it with others."""


def suggest(
    tagger: Tagger, pool: Sequence[Sentence], count: int, known: Sequence[Sequence[str]] = (), rule: Rule = DEFAULT
) -> list[Task]:
    """Return tasks for the sentences to label next, whose entities are those that the tagger finds.

    Parameters
    ----------
    tagger
        The tagger that will learn from the labels.
    pool
        Unlabelled sentences.
    count
        Number of sentences, at most.
    known
        Tokens of sentences that are labelled already.
    rule
        How sentences are chosen.
    """
    tokens = [sentence.tokens for sentence in pool]
    ranked = choose(tokens, token_uncertainty(tagger, tokens), rule, known)
    chosen = list(islice(ranked, min(count, len(pool))))
    found = tagger.entities([tokens[number] for number, _ in chosen])
    suggested = []
    for (number, gain), entities in zip(chosen, found, strict=True):
        spans = [TokenSpan(entity.start, entity.end, entity.type) for entity in entities]
        least = min((entity.probability for entity in entities), default=None)
        meta = {"line": pool[number].line, **({} if least is None else {"least_probability": round(least, 4)})}
        suggested.append(Task(tokens[number], spans, gain, meta))
    return suggested


def token_uncertainty(tagger: Tagger, sentences: Iterable[Sequence[str]], measure: str = MEASURE) -> list[Float64]:
    """Return the uncertainty of each token of each sentence."""
    found: list[Float64] = []
    for chunk in chunks(sentences, len):
        prediction = tagger.predict(chunk)
        values = MEASURES[measure](prediction.log_marginals)
        found += [values[start:end] for start, end in pairwise(prediction.offsets.tolist())]
    return found
