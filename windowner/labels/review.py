"""Likely label errors: places where taggers that have not seen a sentence contradict its labels.

Every labelled sentence is tagged by a tagger that was trained without it. Where its most probable labels differ from
gold, one of the two is wrong (`regions`). So may be an entity that both agree on, if the same words are labelled
otherwise in most other places (`elsewhere`). `ranking` sorts them all, the most suspicious one first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Float64, Ids, Indices
from windowner.experiments.out_of_fold import OutOfFold
from windowner.labels.elsewhere import count_elsewhere, number_forms, number_runs
from windowner.labels.inconsistent import suggested_tags, unusual_places
from windowner.labels.ranking import least_log_probabilities, scores
from windowner.labels.regions import Region, differing_regions
from windowner.network.chain.decoding import decode
from windowner.text.schemes import NOT_ANNOTATED, legal_transitions
from windowner.text.token_spans import TokenSpan, sentence_spans


class Elsewhere(NamedTuple):
    """How often the same words stand elsewhere: in all, labelled as here, and labelled as suggested."""

    total: int
    as_gold: int
    as_suggested: int


@dataclass(frozen=True)
class Suspect:
    """A likely label error.

    Parameters
    ----------
    region
        Where it is, with the entities that are labelled, and those that are suggested.
    file, number
        The file, and the number of the sentence in the file, from 0.
    line
        Line of the region's first token.
    tokens
        The tokens of the sentence.
    entities
        All labelled entities of the sentence.
    p_gold, p_suggested
        Probability of the labels and of the suggestion.
    elsewhere
        The same words in other places.
    score
        What suspects are sorted by.
    """

    region: Region
    file: str
    number: int
    line: int
    tokens: Sequence[str]
    entities: Sequence[TokenSpan]
    p_gold: float
    p_suggested: float
    elsewhere: Elsewhere
    score: float

    @property
    def kind(self) -> str:
        """What is wrong if the suggestion is right."""
        return self.region.kind

    @property
    def words(self) -> str:
        """The words of the region."""
        return " ".join(self.tokens[self.region.start : self.region.end])

    @property
    def corrected(self) -> list[TokenSpan]:
        """The entities of the sentence if the suggestion is accepted."""
        kept = [span for span in self.entities if span not in self.region.gold]
        return sorted([*kept, *self.region.suggested])


def review(out: OutOfFold, scheme: str) -> list[Suspect]:
    """Return all suspects of labelled text, the most suspicious one first.

    Parameters
    ----------
    out
        Out-of-fold predictions of the text.
    scheme
        Scheme of their tags.
    """
    found = decode(_finite(out.log_marginals), out.offsets, legal_transitions(out.tags.names, scheme))
    gold_spans = sentence_spans([sentence.tags or [] for sentence in out.sentences])
    tags = chain.from_iterable(sentence.tags or [] for sentence in out.sentences)
    unknown = np.array([tag == NOT_ANNOTATED for tag in tags], dtype=np.bool_)
    words = number_forms([sentence.tokens for sentence in out.sentences])
    # A word that is not annotated is the only one of its form: it says nothing about other places.
    words[unknown] = words.max(initial=0) + 1 + np.arange(np.count_nonzero(unknown))
    differing = [each for each in _differing(out, gold_spans, found) if not unknown[_tokens(out, each)].any()]
    unusual = _unusual(out, gold_spans, words, differing)
    suggested = suggested_tags(out.gold, unusual, found.astype(out.gold.dtype))
    regions = [*differing, *_agreed(out, suggested, unusual)]
    if not regions:
        return []
    places = np.array([region[:3] for region in regions], dtype=np.intp)
    starts, ends = (out.offsets[places[:, 0]] + places[:, side] for side in (1, 2))
    labellings = np.stack([out.gold, suggested])
    log_p = np.stack([least_log_probabilities(out.log_marginals, tags, starts, ends) for tags in labellings])
    total, same = _count(words, labellings, out.offsets, (starts, ends))
    ranked = scores(log_p, same)
    order = np.argsort(-ranked, kind="stable")
    numbers = _numbers_in_files(out.files)
    return [
        Suspect(
            region=regions[i],
            file=out.files[regions[i].sentence],
            number=numbers[regions[i].sentence],
            line=out.sentences[regions[i].sentence].line_of(regions[i].start),
            tokens=out.sentences[regions[i].sentence].tokens,
            entities=gold_spans[regions[i].sentence],
            p_gold=float(np.exp(log_p[0, i])),
            p_suggested=float(np.exp(log_p[1, i])),
            elsewhere=Elsewhere(int(total[i]), *same[:, i].tolist()),
            score=float(ranked[i]),
        )
        for i in order.tolist()
    ]


def _tokens(out: OutOfFold, region: Region) -> slice:
    """Return the tokens of a region, as places in the corpus."""
    first = int(out.offsets[region.sentence])
    return slice(first + region.start, first + region.end)


def _differing(out: OutOfFold, gold: Sequence[Sequence[TokenSpan]], found: Indices) -> Iterator[Region]:
    """Yield the regions where the tagger and gold differ, in order."""
    names = np.array(out.tags.names, dtype=object)[found]
    sides = sentence_spans([names[start:end].tolist() for start, end in pairwise(out.offsets.tolist())])
    for number, (labelled, tagged) in enumerate(zip(gold, sides, strict=True)):
        if labelled != tagged:
            yield from differing_regions(number, labelled, tagged)


def _unusual(
    out: OutOfFold, gold: Sequence[Sequence[TokenSpan]], words: Ids, differing: Sequence[Region]
) -> list[tuple[int, int, int]]:
    """Return the places outside of the regions whose words are labelled otherwise in most other places."""
    offsets = out.offsets.tolist()
    spans = [(offsets[n] + span.start, offsets[n] + span.end) for n, each in enumerate(gold) for span in each]
    starts, ends = np.array(spans, dtype=np.intp).reshape(-1, 2).T
    excluded = np.zeros(len(words), dtype=np.bool_)
    for region in differing:
        excluded[_tokens(out, region)] = True
    return unusual_places(words, out.gold, out.offsets, (starts, ends), excluded)


def _agreed(out: OutOfFold, suggested: Ids, unusual: Sequence[tuple[int, int, int]]) -> Iterator[Region]:
    """Yield the regions of unusual places."""
    names = np.array(out.tags.names, dtype=object)
    for place, length, _ in unusual:
        sentence = int(np.searchsorted(out.offsets, place, side="right")) - 1
        start = place - int(out.offsets[sentence])
        run = slice(place, place + length)
        sides = sentence_spans([names[out.gold[run]].tolist(), names[suggested[run]].tolist()])
        gold, usual = (
            tuple(span._replace(start=span.start + start, end=span.end + start) for span in side) for side in sides
        )
        yield Region(sentence, start, start + length, gold, usual, agreed=True)


def _count(words: Ids, labellings: Ids, offsets: Indices, regions: tuple[Indices, Indices]) -> tuple[Indices, Indices]:
    """Return the number of other places with the same words, (regions,), and with each side's tags, (2, regions)."""
    starts, lengths = regions[0], regions[1] - regions[0]
    total, same = np.zeros(len(starts), dtype=np.intp), np.zeros((2, len(starts)), dtype=np.intp)
    for runs in number_runs(words, labellings, offsets, int(lengths.max())):
        chosen = np.flatnonzero(lengths == runs.length)
        if len(chosen):
            total[chosen], same[:, chosen] = count_elsewhere(runs, starts[chosen])
    return total, same


def _finite(log_marginals: Float64) -> Float64:
    """Return log marginals without minus infinity, which no sum of scores could be compared with."""
    return np.maximum(log_marginals, np.finfo(np.float32).min / 1e6)


def _numbers_in_files(files: Sequence[str]) -> list[int]:
    """Return the number of each sentence in its file, from 0; the sentences of a file stand together, in order."""
    met: dict[str, int] = {}
    numbers = []
    for file in files:
        numbers.append(met.get(file, 0))
        met[file] = numbers[-1] + 1
    return numbers
