"""The entities that a run's tagger finds in dev: type, probability, and whether each one is correct.

The training wrote them into `dev.jsonl`. With `train.refit` they are those of the first model, which has not seen dev.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from windowner.arrays import Bools, Float64, Indices
from windowner.runs.folder import RunFolder
from windowner.runs.predictions import TaggedSentence, TaggedSpan
from windowner.scoring.entities import find_correct
from windowner.tagger.tagger import Tagger
from windowner.text.spans import Spans, encode_tags


@dataclass(frozen=True)
class FoundEntities:
    """The entities that a tagger finds in labelled text, whatever the cutoffs of its model are.

    Parameters
    ----------
    types
        Names of the types.
    type_ids
        Type of each entity, a place in `types`, (entities,).
    probability
        Its probability, (entities,).
    correct
        Whether it is a gold entity, (entities,).
    support
        Number of gold entities of each type, (types,).
    """

    types: list[str]
    type_ids: Indices
    probability: Float64
    correct: Bools
    support: Indices

    def of_type(self, name: str) -> tuple[Float64, Bools, int]:
        """Return probability and correctness of the entities of a type, and the number of its gold entities."""
        type_id = self.types.index(name)
        chosen = self.type_ids == type_id
        return self.probability[chosen], self.correct[chosen], int(self.support[type_id])


def found_on_dev(run: RunFolder) -> FoundEntities:
    """Return the entities that a run's tagger finds in dev.

    A run of an earlier revision did not write their probabilities, so dev is tagged again.
    """
    types = run.tagger.model.tags.types
    spans = [sentence.spans for sentence in run.dev]
    if any(found is None for found in spans):
        spans = tag_again(run.tagger, run.dev)
    return count_found([sentence.gold for sentence in run.dev], [found or [] for found in spans], types)


def tag_again(tagger: Tagger, sentences: Sequence[TaggedSentence]) -> list[list[TaggedSpan] | None]:
    """Return the entities of sentences as `dev.jsonl` holds them."""
    raw = Tagger(replace(tagger.model, cutoffs={}))
    entities = raw.entities([sentence.tokens for sentence in sentences])
    return [[TaggedSpan(each.start, each.end, each.type, each.probability) for each in found] for found in entities]


def count_found(
    gold: Sequence[Sequence[str]], found: Sequence[Sequence[TaggedSpan]], types: Sequence[str]
) -> FoundEntities:
    """Compare entities of sentences with the sentences' gold tags; types of gold alone follow `types`.

    Entities with a token that is not annotated are left out.
    """
    encoded = encode_tags(gold, [*types, *(span.label for spans in found for span in spans)])  # rules have types, too
    offsets = np.cumsum([0, *map(len, gold)])[:-1]
    owners = np.repeat(offsets, [len(spans) for spans in found]).astype(np.intp)
    spans = list(chain.from_iterable(found))
    start, end = (np.array([getattr(span, side) for span in spans], dtype=np.intp) for side in ("start", "end"))
    type_ids = np.array([encoded.types.index(span.label) for span in spans], dtype=np.intp)
    predicted = Spans(owners + start, owners + end, type_ids)
    judged = encoded.judge(predicted)
    predicted = predicted.where(judged)
    return FoundEntities(
        types=encoded.types,
        type_ids=predicted.type_id,
        probability=np.array([span.probability for span in spans], dtype=np.float64)[judged],
        correct=find_correct(encoded.spans(), predicted),
        support=np.bincount(encoded.spans().type_id, minlength=len(encoded.types)),
    )
