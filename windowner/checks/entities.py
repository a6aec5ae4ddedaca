"""Checks of entities: labelled in different ways, forgotten, of rare or unknown types, with punctuation at an end."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from windowner.checks.findings import Finding, Place, quote
from windowner.checks.labelled import TRAIN, Labelled, Split
from windowner.checks.punctuation import has_partner, is_punctuation, is_separator
from windowner.text.wording import type_name

Words = tuple[str, ...]

FEW = 20
"""A type with fewer entities in train is rare."""


def entity_labels(data: Labelled) -> Iterator[Finding]:
    """Find words that are entities of several types. Those with the clearest majority and the rarest type come first.

    Clear majorities are more often mistakes than ambiguous words are.
    """
    several = [(words, places) for words, places in _labelled_places(data).items() if len(places) > 1]
    for words, places in sorted(several, key=lambda item: _majority(item[1]), reverse=True):
        rarest_first = sorted(places.items(), key=lambda item: len(item[1]))
        counts = ", ".join(f"{type_name(name)} {len(found):,}" for name, found in reversed(rarest_first))
        yield Finding(f"{quote(words)}: {counts}", list(chain.from_iterable(found for _, found in rarest_first)))


def _majority(places: Mapping[str, Sequence[Place]]) -> float:
    """Return how many times more often the most frequent type stands than all others together."""
    counts = list(map(len, places.values()))
    return max(counts) / (sum(counts) - max(counts))


def forgotten_entities(data: Labelled) -> Iterator[Finding]:
    """Find words without a label that are an entity at least as often as not. Those that are most often come first."""
    labelled = {words: sum(map(len, places.values())) for words, places in _labelled_places(data).items()}
    unlabelled = _unlabelled_places(data, labelled)
    most_often = sorted(unlabelled.items(), key=lambda item: labelled[item[0]] / len(item[1]), reverse=True)
    for words, places in most_often:
        if labelled[words] >= len(places):
            yield Finding(f"{quote(words)}: labelled {labelled[words]:,}, not labelled {len(places):,}", places)


def rare_types(data: Labelled) -> Iterator[Finding]:
    """Find types with few entities in train."""
    for split in data.splits:
        if split.name == TRAIN:
            for name, places in sorted(_places_by_type(split).items()):
                if len(places) < FEW:
                    yield Finding(f"{type_name(name)}: {len(places)} in {split.name}", places)


def unknown_types(data: Labelled) -> Iterator[Finding]:
    """Find types of dev and test that train lacks."""
    if all(split.name != TRAIN for split in data.splits):
        return
    known = {entity.type for split in data.splits if split.name == TRAIN for entity in split.entities}
    for split in data.splits:
        for name, places in sorted(_places_by_type(split).items()):
            if name not in known:
                yield Finding(f"{type_name(name)}: {len(places)} in {split.name}, none in {TRAIN}", places)


def entity_ends(data: Labelled) -> Iterator[Finding]:
    """Find entities that start or end in punctuation."""
    places: dict[Words, list[Place]] = defaultdict(list)
    for split in data.splits:
        for entity in split.entities:
            places[entity.words].append(split.place_of(entity))
    for words, found in places.items():
        ends = [name for name, bad in (("starts", _starts_badly(words)), ("ends", _ends_badly(words))) if bad]
        if ends:
            yield Finding(f"{quote(words)} {' and '.join(ends)} in punctuation", found)


def _starts_badly(words: Words) -> bool:
    first, text = words[0], "".join(words)
    if not (is_punctuation(first) or is_separator(first[:1])):
        return False
    return not has_partner(first[:1], text[1:])


def _ends_badly(words: Words) -> bool:
    """Say whether the last token is punctuation; `U . S .` and `( USA )` are names as a whole."""
    last, text = words[-1], "".join(words)
    if not (is_punctuation(last) or is_separator(last[-1:])):
        return False
    if last[-1:] == "." and "." in text[:-1]:
        return False
    return not has_partner(last[-1:], text[:-1])


def _places_by_type(split: Split) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = defaultdict(list)
    for entity in split.entities:
        places[entity.type].append(split.place_of(entity))
    return places


def _labelled_places(data: Labelled) -> dict[Words, dict[str, list[Place]]]:
    """Return the places of all entities, by their words and by their type."""
    places: dict[Words, dict[str, list[Place]]] = {}
    for split in data.splits:
        for entity in split.entities:
            by_type = places.setdefault(entity.words, {})
            by_type.setdefault(entity.type, []).append(split.place_of(entity))
    return places


def _unlabelled_places(data: Labelled, labelled: Mapping[Words, int]) -> dict[Words, list[Place]]:
    """Return the places outside of entities where words stand that are an entity elsewhere; longest words first."""
    lengths: dict[str, set[int]] = defaultdict(set)  # of the entities that a word begins
    for words in labelled:
        lengths[words[0]].add(len(words))
    longest_first = {word: sorted(found, reverse=True) for word, found in lengths.items()}
    places: dict[Words, list[Place]] = defaultdict(list)
    for split in data.splits:
        for number, (tokens, tags) in enumerate(zip(split.corpus.tokens, split.corpus.tags, strict=True)):
            taken = 0  # tokens before this one
            for start, token in enumerate(tokens):
                if start < taken or tags[start] != "O" or token not in longest_first:
                    continue
                for length in longest_first[token]:
                    words, end = tuple(tokens[start : start + length]), start + length
                    if words in labelled and set(tags[start:end]) == {"O"}:
                        places[words].append(split.place(number, start))
                        taken = end
                        break
    return places
