"""Folds of cross-validation: the labelled text of a config, cut into parts that are held out in turn.

The labelled text is train and, where the config names it, dev. Test is never part of it. A fold consists of units:
whole documents where enough of them are marked, otherwise sentences. The folds have about the same number of words, and
about the same number of entities of each type:

    v_u  = shares of unit u: of all words, and of the entities of each type                    (types + 1,)
    L_f  = sum of v_u over the units of fold f                                                 (types + 1,)

Units are placed one after the other, those with the largest sum of shares first, so that rare types are spread while
all folds still have room. A unit goes where it raises sum_f |L_f|^2 least. That is the fold with the smallest
L_f . v_u, because |L + v|^2 - |L|^2 = 2 L . v + |v|^2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, repeat
from pathlib import Path

import numpy as np

from windowner.arrays import Float64, Indices
from windowner.config.config import Config
from windowner.errors import ConfigError, DataError
from windowner.links import resolved
from windowner.runs.annotation import annotated_as
from windowner.runs.drawing import draws_documents, list_units, take
from windowner.runs.readers import READERS, Readers
from windowner.text.schemes import SCHEMES
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.text.wording import count_of

FOLD = "fold"
"""Name of the split that is held out: not trained on, and not used to choose the epoch."""


@dataclass(frozen=True)
class FoldedText:
    """The labelled text of a config, cut into folds.

    Parameters
    ----------
    corpus
        All sentences, those of train first.
    files
        The file of each sentence.
    folds
        The fold of each sentence, from 1, (sentences,).
    """

    corpus: Corpus
    files: Sequence[str]
    folds: Indices

    def places(self, fold: int) -> Indices:
        """Return the places of a fold's sentences among all sentences."""
        return np.flatnonzero(self.folds == fold)

    def fold(self, number: int) -> Corpus:
        """Return the sentences of a fold."""
        return take(self.corpus, self.places(number))

    def rest(self, number: int) -> Corpus:
        """Return the sentences outside of a fold."""
        return take(self.corpus, np.flatnonzero(self.folds != number))


def read_fold(value: str) -> tuple[int, int]:
    """Return the number of a fold, from 1, and the number of all folds, given `data.fold`.

    Raises
    ------
    ConfigError
        There are fewer folds than that.
    """
    number, count = map(int, value.split("/"))
    if not 1 <= number <= count or count < 2:
        raise ConfigError(f"data.fold = {value!r}: expected two or more folds, and one of them, such as 1/5 to 5/5")
    return number, count


def labelled_files(config: Config) -> list[str]:
    """Return the files of the labelled text that a config names, as the config names them."""
    return [value for value in (config.data.train, config.data.dev) if value]


def read_labelled(config: Config, count: int, readers: Readers = READERS) -> FoldedText:
    """Read the labelled text of a config, and cut it into folds with the seed of the config."""
    reading = config.data.reading()
    corpora: list[Corpus] = []
    for value in labelled_files(config):
        name = "dev" if corpora else "train"
        corpora.append(annotated_as(name, readers.corpus(config.path(value), **reading), config.data.unlabelled_as))
        reading["tokenizer"] = corpora[0].tokenizer or reading["tokenizer"]  # all parts are tokenized alike
    return cut_into_folds(corpora, count, config.train.seed)


def cut_into_folds(corpora: Sequence[Corpus], count: int, seed: int) -> FoldedText:
    """Join labelled text, and cut it into folds.

    Raises
    ------
    DataError
        There are fewer sentences than folds, or one file is listed twice.
    """
    if len({resolved(Path(corpus.path)) for corpus in corpora}) < len(corpora):
        # Each sentence would be held out and trained on at once.
        raise DataError(f"{corpora[0].path}: both data.train and data.dev, expected two files")
    joined = join(corpora)
    files = list(chain.from_iterable(repeat(corpus.path, len(corpus.sentences)) for corpus in corpora))
    return FoldedText(joined, files, assign_folds(joined, count, seed))


def leave_out(corpora: Sequence[Corpus], fold: str, seed: int) -> tuple[Corpus, Corpus]:
    """Return the sentences outside of a fold, and those of the fold, given `data.fold`."""
    number, count = read_fold(fold)
    labelled = cut_into_folds(corpora, count, seed)
    return labelled.rest(number), labelled.fold(number)


def join(corpora: Sequence[Corpus]) -> Corpus:
    """Return the sentences of several corpora as one corpus.

    Its documents are theirs. Where one corpus marks documents and another does not, each sentence of the latter is a
    document.
    """
    first = corpora[0]
    if len(corpora) == 1:
        return first
    starts: list[int] = []
    if any(map(draws_documents, corpora)):
        offsets = accumulate((len(corpus.sentences) for corpus in corpora), initial=0)
        for corpus, offset in zip(corpora, offsets, strict=False):
            units = list_units(corpus)
            starts += [offset + unit.start for unit in units]
    schemes = {corpus.scheme.name for corpus in corpora}
    return replace(
        first,
        sentences=list(chain.from_iterable(corpus.sentences for corpus in corpora)),
        document_starts=starts,
        scheme=first.scheme if len(schemes) == 1 else SCHEMES["IOB2"],
        ill_formed=sum(corpus.ill_formed for corpus in corpora),
        ill_formed_examples=list(chain.from_iterable(corpus.ill_formed_examples for corpus in corpora)),
        notes=(),
    )


def assign_folds(corpus: Corpus, count: int, seed: int) -> Indices:
    """Return the fold of each sentence, from 1, (sentences,).

    Raises
    ------
    DataError
        There are fewer sentences than folds.
    """
    units = list_units(corpus)
    if len(units) < count:  # documents
        units = [range(place, place + 1) for place in range(len(corpus.sentences))]
    if len(units) < count:
        raise DataError(
            f"{corpus.path}: {count_of(len(units), 'sentence')}, expected at least {count}, one for each fold"
        )
    shares = unit_shares(corpus, units)
    order = np.random.default_rng((seed, count)).permutation(len(units))
    order = order[np.argsort(-shares[order].sum(axis=1), kind="stable")]
    loads = np.zeros((count, shares.shape[1]))
    folds = np.empty(len(corpus.sentences), dtype=np.intp)
    for unit in order.tolist():
        fold = int((loads * shares[unit]).sum(axis=1).argmin())
        loads[fold] += shares[unit]
        folds[units[unit].start : units[unit].stop] = fold + 1
    return folds


def unit_shares(corpus: Corpus, units: Sequence[range]) -> Float64:
    """Return each unit's share of all words, and of the entities of each type, (units, types + 1)."""
    lengths = np.fromiter(map(len, corpus.tokens), dtype=np.intp)
    unit_of_sentence = np.repeat(np.arange(len(units)), [len(unit) for unit in units])
    unit_of_token = np.repeat(unit_of_sentence, lengths)
    tags = encode_tags(corpus.tags)
    spans, columns = tags.spans(), len(tags.types) + 1
    cells = np.concatenate([unit_of_token * columns, unit_of_token[spans.start] * columns + spans.type_id + 1])
    counts = np.bincount(cells, minlength=len(units) * columns).reshape(len(units), columns).astype(np.float64)
    shares: Float64 = counts / np.maximum(counts.sum(axis=0), 1)
    return shares
