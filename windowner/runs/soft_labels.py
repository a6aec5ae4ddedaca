"""From tag probabilities and weights of sentences, as files hold them, to arrays."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NoReturn

import numpy as np

from windowner.arrays import Array, Ids
from windowner.errors import DataError
from windowner.inputs.labels import NO_TAG, SoftLabels
from windowner.text.schemes import SCHEMES, TYPELESS, split_tag
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable


def encode_labels(corpus: Corpus, table: TagTable, scheme: str, numbers: Ids) -> tuple[Ids, SoftLabels | None]:
    """Return the tag numbers of a corpus, (T,), and its soft labels; None if all tags are sure and all weights are 1.

    Parameters
    ----------
    corpus
        Labelled sentences, some with tag probabilities or weights.
    table
        The tags of the network.
    scheme
        Their scheme.
    numbers
        Tag numbers of the tags as they were read, (T,). A word with probabilities gets that of its likeliest tag.

    Raises
    ------
    DataError
        If probabilities name a tag that is not of the scheme.
    """
    sentences = corpus.sentences
    weights = np.array([sentence.weight for sentence in sentences], dtype=np.float32)
    if not any(sentence.probabilities for sentence in sentences) and (weights == 1).all():
        return numbers, None
    check_scheme(corpus, scheme)
    shares = np.zeros((len(numbers), len(table.names)), dtype=np.float32)
    known = np.flatnonzero(numbers != NO_TAG)
    shares[known, numbers[known]] = 1
    places = {tag: place for place, tag in enumerate(table.names)}
    lengths = [len(sentence.tokens) for sentence in sentences]
    first = 0
    for sentence, length in zip(sentences, lengths, strict=True):
        if sentence.probabilities is not None:
            _fill(shares[first : first + length], sentence.probabilities, places)
        first += length
    soft = np.repeat([sentence.probabilities is not None for sentence in sentences], lengths)
    likeliest = np.where(soft, shares.argmax(axis=1), numbers).astype(numbers.dtype)
    return likeliest, SoftLabels(shares, np.repeat(weights, lengths))


def check_scheme(corpus: Corpus, scheme: str) -> None:
    """Refuse probabilities of tags of another scheme than the one that is trained.

    The tags B-X and I-X belong to IOB2 and to BIOES, with other meanings. So probabilities that name no one-word entity
    and no last word of one are refused where the scheme has such tags.

    Raises
    ------
    DataError
        If there are some.
    """
    used: set[str] = set()
    for sentence in corpus.sentences:
        tags = set(chain.from_iterable(sentence.probabilities or ())) - TYPELESS
        prefixes = {split_tag(tag)[0] for tag in tags}
        used |= prefixes
        if not prefixes <= set(SCHEMES[scheme].prefixes):
            _refuse(corpus, sentence.line, prefixes - set(SCHEMES[scheme].prefixes), scheme)
    single = {SCHEMES[scheme].single, SCHEMES[scheme].last} - {SCHEMES[scheme].first, SCHEMES[scheme].inside}
    if used and single and used.isdisjoint(single):
        _refuse(corpus, next(each.line for each in corpus.sentences if each.probabilities), used, scheme)


def _refuse(corpus: Corpus, line: int, prefixes: set[str], scheme: str) -> NoReturn:
    raise DataError(
        f"{corpus.path}:{line}: tag_probabilities with the prefixes {', '.join(sorted(prefixes))}, expected tags of "
        f"{scheme}; set data.scheme to the scheme of the probabilities"
    )


def _fill(shares: Array, probabilities: Sequence[Mapping[str, float]], places: dict[str, int]) -> None:
    """Write the probabilities of a sentence into its rows, (tokens, K), each token's divided by their sum."""
    shares[:] = 0
    totals = [sum(token.values()) for token in probabilities]
    cells = [(row, places[tag], p / totals[row]) for row, token in enumerate(probabilities) for tag, p in token.items()]
    rows, columns, values = zip(*cells, strict=True)
    shares[list(rows), list(columns)] = values
