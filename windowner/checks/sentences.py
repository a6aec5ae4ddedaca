"""Checks of whole sentences: repeated in dev or test, labelled twice in different ways, of suspicious length."""

from collections import defaultdict
from collections.abc import Iterator

from windowner.checks.findings import Finding, quote
from windowner.checks.labelled import TRAIN, Labelled, Split

SHORTEST_REPEATED = 3
"""Sentences with fewer tokens, such as `Thanks !`, are repeated in any text."""

LONGEST = 200
"""Tokens of a sentence that is not suspicious; the longest sentence of the bundled corpora has 144."""

LONGEST_ALONE = 50
"""Tokens of a sentence that is not suspicious where it is the only one of its file."""

ONE_TOKEN_COUNT, ONE_TOKEN_SHARE = 100, 0.05
"""Sentences of one token are suspicious if they are this many, and this share of their split."""

Occurrence = tuple[Split, int]  # a split, and the number of a sentence there


def repeated_sentences(data: Labelled) -> Iterator[Finding]:
    """Find sentences of dev and test that are also in train."""
    for tokens, occurrences in _repetitions(data, SHORTEST_REPEATED).items():
        names = {split.name for split, _ in occurrences}
        if TRAIN in names and len(names) > 1:
            # Those of dev and test first: they are what makes scores too high.
            ordered = sorted(occurrences, key=lambda occurrence: occurrence[0].name == TRAIN)
            places = [split.place(number) for split, number in ordered]
            yield Finding(f"{quote(tokens)} is in {' and '.join(_in_order(data, names))}", places)


def sentence_labels(data: Labelled) -> Iterator[Finding]:
    """Find sentences that occur several times with different entities."""
    entities = {split.name: _entities_by_sentence(split) for split in data.splits}
    for tokens, occurrences in _repetitions(data, 1).items():
        readings = {tuple(entities[split.name].get(number, ())) for split, number in occurrences}
        if len(readings) > 1:
            places = [split.place(number) for split, number in occurrences]
            yield Finding(f"{quote(tokens)} is labelled in {len(readings)} ways", places)


def long_sentences(data: Labelled) -> Iterator[Finding]:
    """Find sentences so long that blank lines between sentences are probably missing."""
    for split in data.splits:
        lengths = list(map(len, split.corpus.tokens))
        limit = LONGEST if len(lengths) > 1 else LONGEST_ALONE
        for number, length in enumerate(lengths):
            if length > limit:
                yield Finding(f"a sentence of {length:,} tokens: are blank lines missing?", [split.place(number)])


def one_token_sentences(data: Labelled) -> Iterator[Finding]:
    """Find splits where many sentences have one token: blank lines probably stand between tokens."""
    for split in data.splits:
        numbers = [number for number, tokens in enumerate(split.corpus.tokens) if len(tokens) == 1]
        whole = len(split.corpus.tokens)
        if len(numbers) >= max(ONE_TOKEN_COUNT, ONE_TOKEN_SHARE * whole):
            found = f"{len(numbers):,} of {whole:,} sentences of {split.name} have one token"
            yield Finding(found, [split.place(number) for number in numbers])


def _repetitions(data: Labelled, shortest: int) -> dict[tuple[str, ...], list[Occurrence]]:
    """Return the sentences that occur more than once and have at least `shortest` tokens, with all occurrences."""
    occurrences: dict[tuple[str, ...], list[Occurrence]] = defaultdict(list)
    for split in data.splits:
        for number, tokens in enumerate(split.corpus.tokens):
            if len(tokens) >= shortest:
                occurrences[tuple(tokens)].append((split, number))
    return {tokens: places for tokens, places in occurrences.items() if len(places) > 1}


def _entities_by_sentence(split: Split) -> dict[int, list[tuple[int, int, str]]]:
    """Return the first token, the length and the type of each entity, by sentence."""
    entities: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for entity in split.entities:
        entities[entity.sentence].append((entity.start, len(entity.words), entity.type))
    return entities


def _in_order(data: Labelled, names: set[str]) -> list[str]:
    return [split.name for split in data.splits if split.name in names]
