"""Labelled text as a tagger tags it, one JSON object per sentence: the lines of `dev.jsonl`.

    {"tokens": ["Paris", "is", "big"], "gold": ["B-LOC", "O", "O"], "predicted": ["B-LOC", "O", "O"],
     "spans": [{"start": 0, "end": 1, "label": "LOC", "probability": 0.98}]}

`spans` are the predicted entities: tokens `start` to `end` (exclusive). Cutoffs leave none of them out.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from windowner.tagger.tagger import Tagger
from windowner.text.schemes import split_tag
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of


class TaggedSpan(msgspec.Struct):
    """A predicted entity: tokens `start` to `end` (exclusive), its type, and its probability."""

    start: Annotated[int, Meta(ge=0)]
    end: int
    label: str
    probability: Annotated[float, Meta(ge=0, le=1)]


class TaggedSentence(msgspec.Struct):
    """A sentence: tokens, gold tags, predicted tags, and predicted entities.

    `spans` is None in files of earlier revisions.
    """

    tokens: list[str]
    gold: list[str]
    predicted: list[str]
    spans: list[TaggedSpan] | None = None

    def __post_init__(self) -> None:
        """Check that each token has its tags, and that spans are in the sentence. msgspec reports a `ValueError`."""
        length = len(self.tokens)
        for name, tags in (("gold", self.gold), ("predicted", self.predicted)):
            if len(tags) != length:
                raise ValueError(f"{count_of(len(tags), f'{name} tag')} for {count_of(length, 'token')}")
        for tag in {*self.gold, *self.predicted}:
            split_tag(tag)
        for span in self.spans or ():
            if not span.start < span.end <= length:
                raise ValueError(f"the span {span.start} to {span.end} in {count_of(length, 'token')}")


def tag_corpus(tagger: Tagger, corpus: Corpus) -> Iterator[TaggedSentence]:
    """Yield the sentences of a corpus as a tagger tags them. Predicted tags are in the scheme of the corpus."""
    gold = iter(corpus.tags)
    for tokens, prediction in tagger.predictions(corpus.tokens, corpus.document_starts):
        names, found = prediction.tag_names(corpus.scheme.name), prediction.entities(tokens)
        tagged = zip(tokens, islice(gold, len(tokens)), names, found, strict=True)
        for sentence, tags, predicted, entities in tagged:
            spans = [TaggedSpan(each.start, each.end, each.type, each.probability) for each in entities]
            yield TaggedSentence(list(sentence), tags, predicted, spans)
