"""What is reported about the sentences of a file: ill-formed tags, and a sentence that is too long to be one."""

from collections.abc import Iterator, Sequence

import numpy as np

from windowner.formats.options import ReadOptions
from windowner.text.detection import detect, find_ill_formed
from windowner.text.schemes import Scheme
from windowner.text.sentence import Sentence
from windowner.text.spans import EncodedTags, encode_tags, start_tokens
from windowner.text.wording import count_of

LONG, LONG_ALONE = 500, 50
"""A sentence of more tokens, or of more where it is the only one, is reported."""


def describe_no_tokens(path: str, options: ReadOptions) -> str:
    """Say that a file holds no tokens, and what was left out of it."""
    return "; ".join([f"{path}:1: no tokens, expected labelled sentences", *options.all_notes()])


def describe_long_sentence(sentences: Sequence[Sentence]) -> str:
    """Say where the longest sentence is, if it is so long that blank lines may be missing; "" otherwise."""
    longest = max(sentences, key=lambda sentence: len(sentence.tokens))
    if len(longest.tokens) <= (LONG_ALONE if len(sentences) == 1 else LONG):
        return ""
    return f"a sentence of {len(longest.tokens):,} tokens at line {longest.line}: are blank lines missing?"


def describe_sentences(path: str, sentences: list[Sentence]) -> list[str]:
    """Describe a sentence that is too long to be one, and how many tags are ill-formed, with the first one."""
    if not sentences:
        return []
    long = describe_long_sentence(sentences)
    encoded = encode_tags([sentence.tags or [] for sentence in sentences])
    try:
        scheme = detect(encoded)
    except ValueError as error:
        return [note for note in (long, str(error)) if note]
    notes = [long] if long else []
    if total := find_ill_formed(encoded, scheme).total:
        first = next(report_ill_formed(path, sentences, encoded, scheme)).removeprefix(f"{path}:")
        notes.append(f"{count_of(total, f'ill-formed {scheme.name} tag')}, the first one at line {first}")
    return notes


def report_ill_formed(path: str, sentences: list[Sentence], encoded: EncodedTags, scheme: Scheme) -> Iterator[str]:
    """Describe each ill-formed tag, in order, and how it is read."""
    tokens, ends = find_ill_formed(encoded, scheme)
    starts = start_tokens(encoded.prefixes, encoded.type_ids, encoded.first)
    sentence_starts = np.flatnonzero(encoded.first)
    for token, at_end in sorted([(int(token), False) for token in tokens] + [(int(token), True) for token in ends]):
        index = int(np.searchsorted(sentence_starts, token, side="right")) - 1
        place = token - int(sentence_starts[index])
        tags = sentences[index].tags or []
        reading = "start" if starts[token] and not at_end else "end"
        yield (
            f"{path}:{sentences[index].line_of(place)}: {tags[place]} {_position(tags, place, at_end)} "
            f"is not {scheme.name}, read as the {reading} of an entity"
        )


def _position(tags: list[str], place: int, at_end: bool) -> str:
    """Describe the neighbour that makes a tag ill-formed."""
    if at_end:
        return "at the end of a sentence"
    return f"after {tags[place - 1]}" if place else "at the start of a sentence"
