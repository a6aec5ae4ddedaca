"""Likely label errors: places where taggers that have not seen a sentence contradict its labels.

Every labelled sentence is tagged by a tagger that was trained without it. Where its most probable labels differ from
gold, one of the two is wrong (`regions`). So may be a place whose words are labelled otherwise in most other places
(`inconsistent`), whether the tagger agrees with gold or not. A place with both suggestions keeps the better one.
`ranking` sorts them all, the most suspicious one first.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools, Float64, Ids, Indices
from windowner.experiments.out_of_fold import OutOfFold
from windowner.labels.elsewhere import count_elsewhere, number_forms, number_runs
from windowner.labels.inconsistent import Place, suggested_tags, unusual_places
from windowner.labels.ranking import least_of_runs, scores, tagger_log_probabilities
from windowner.labels.regions import Region, differing_regions
from windowner.labels.suspects import Elsewhere, Suspect
from windowner.labels.words import word_log_frequencies
from windowner.network.chain.decoding import decode
from windowner.text.legal import legal_transitions
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.token_spans import TokenSpan, sentence_spans

Spans = Sequence[Sequence[TokenSpan]]


class Scored(NamedTuple):
    """A region with what speaks for its suggestion: P of both sides, the same words elsewhere, and the score."""

    region: Region
    p_gold: float
    p_suggested: float
    elsewhere: Elsewhere
    score: float


def review(out: OutOfFold, scheme: str) -> list[Suspect]:
    """Return all suspects of labelled text, the most suspicious one first.

    Parameters
    ----------
    out
        Out-of-fold predictions of the text.
    scheme
        Scheme of their tags.
    """
    tagged = decode(_finite(out.log_marginals), out.offsets, legal_transitions(out.tags.names, scheme))
    found = tagged.astype(np.int32)
    gold = sentence_spans([sentence.tags or [] for sentence in out.sentences])
    untagged = _not_annotated(out)
    words = number_forms([sentence.tokens for sentence in out.sentences])
    # A word that is not annotated is the only one of its form: it says nothing about other places.
    words[untagged] = words.max(initial=0) + 1 + np.arange(np.count_nonzero(untagged))
    differing = [each for each in _differing(out, gold, found) if not untagged[_tokens(out, each)].any()]
    places = unusual_places(words, out.gold, out.offsets, _entities(out, gold), _places(out, differing))
    usual = suggested_tags(out.gold, places)
    unusual = list(_unusual(out, usual, places, {region[:3] for region in differing}))
    scored = [*_scored(out, words, found, differing), *_scored(out, words, usual, unusual)]
    best: dict[tuple[int, ...], Scored] = {}
    for each in sorted(scored, key=lambda each: -each.score):
        best.setdefault(each.region[:3], each)
    numbers = _numbers_in_files(out.files)
    return [_suspect(out, each, numbers, gold) for each in best.values()]


def _not_annotated(out: OutOfFold) -> Bools:
    """Return whether each token is not annotated, (T,)."""
    tags = chain.from_iterable(sentence.tags or [] for sentence in out.sentences)
    return np.array([tag == NOT_ANNOTATED for tag in tags], dtype=np.bool_)


def _tokens(out: OutOfFold, region: Region) -> slice:
    """Return the tokens of a region, as places in the corpus."""
    first = int(out.offsets[region.sentence])
    return slice(first + region.start, first + region.end)


def _differing(out: OutOfFold, gold: Spans, found: Ids) -> Iterator[Region]:
    """Yield the regions where the tagger and gold differ, in order."""
    names = np.array(out.tags.names, dtype=object)[found]
    sides = sentence_spans([names[start:end].tolist() for start, end in pairwise(out.offsets.tolist())])
    for number, (labelled, tagged) in enumerate(zip(gold, sides, strict=True)):
        if labelled != tagged:
            yield from differing_regions(number, labelled, tagged)


def _entities(out: OutOfFold, gold: Spans) -> tuple[Indices, Indices]:
    """Return the first token of each labelled entity, and the one behind its last."""
    offsets = out.offsets.tolist()
    spans = [(offsets[n] + span.start, offsets[n] + span.end) for n, each in enumerate(gold) for span in each]
    starts, ends = np.array(spans, dtype=np.intp).reshape(-1, 2).T
    return starts, ends


def _places(out: OutOfFold, regions: Sequence[Region]) -> list[Place]:
    """Return the first token and the length of regions."""
    return [Place(int(out.offsets[r.sentence]) + r.start, r.end - r.start) for r in regions]


def _unusual(out: OutOfFold, usual: Ids, places: Iterable[Place], differing: set[tuple[int, ...]]) -> Iterator[Region]:
    """Yield the regions of unusual places; the tagger agrees with gold where it has no region of its own."""
    names = np.array(out.tags.names, dtype=object)
    for place, length in places:
        sentence = int(np.searchsorted(out.offsets, place, side="right")) - 1
        start = place - int(out.offsets[sentence])
        run = slice(place, place + length)
        gold = (out.sentences[sentence].tags or [])[start : start + length]  # may have a type that no tagger knows
        sides = sentence_spans([gold, names[usual[run]].tolist()])
        here, there = (
            tuple(span._replace(start=span.start + start, end=span.end + start) for span in side) for side in sides
        )
        extent = sentence, start, start + length
        yield Region(*extent, here, there, agreed=extent not in differing)


def _scored(out: OutOfFold, words: Ids, suggested: Ids, regions: Sequence[Region]) -> Iterator[Scored]:
    """Yield regions with their scores, given the suggested tags."""
    if not regions:
        return
    starts, lengths = np.array(_places(out, regions), dtype=np.intp).T
    labellings = np.stack([out.gold, suggested])
    own = np.stack([tagger_log_probabilities(out.log_marginals, tags) for tags in labellings])
    log_p = least_of_runs(own, starts, starts + lengths)
    frequencies = word_log_frequencies(words, out.tags, labellings, out.offsets)
    total, same = _count(words, labellings, out.offsets, (starts, lengths))
    ranked = scores(log_p, same, least_of_runs(frequencies, starts, starts + lengths))
    rows = zip(np.exp(log_p).T.tolist(), total.tolist(), same.T.tolist(), ranked.tolist(), strict=True)
    for region, ((p_gold, p_suggested), all_places, same_places, score) in zip(regions, rows, strict=True):
        yield Scored(region, p_gold, p_suggested, Elsewhere(all_places, *same_places), score)


def _count(words: Ids, labellings: Ids, offsets: Indices, places: tuple[Indices, Indices]) -> tuple[Indices, Indices]:
    """Return the number of other places with the same words, (places,), and with each side's tags, (2, places)."""
    starts, lengths = places
    total, same = np.zeros(len(starts), dtype=np.intp), np.zeros((2, len(starts)), dtype=np.intp)
    for runs in number_runs(words, labellings, offsets, int(lengths.max())):
        chosen = np.flatnonzero(lengths == runs.length)
        if len(chosen):
            total[chosen], same[:, chosen] = count_elsewhere(runs, starts[chosen])
    return total, same


def _suspect(out: OutOfFold, scored: Scored, numbers: Sequence[int], gold: Spans) -> Suspect:
    """Return a region as a suspect, with its place in the files."""
    place = scored.region.sentence
    sentence = out.sentences[place]
    return Suspect(
        region=scored.region,
        file=out.files[place],
        number=numbers[place],
        line=sentence.line_of(scored.region.start),
        tokens=sentence.tokens,
        entities=gold[place],
        p_gold=scored.p_gold,
        p_suggested=scored.p_suggested,
        elsewhere=scored.elsewhere,
        score=scored.score,
    )


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
