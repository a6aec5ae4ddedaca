"""Out-of-fold predictions: what is said of each labelled sentence by the tagger that was trained without its fold.

out = read_out_of_fold(trials, folder)
for place, sentence in enumerate(out.sentences):
    out.location(place)                # train.conll:812
    sentence.tags                      # gold, in the scheme of the file
    out.marginals_of(place)            # (tokens, K), logarithms
out.tags                               # names of the K tags
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.errors import DataError
from windowner.experiments.held_out import HeldOut, read_held_out
from windowner.experiments.manifest_file import check_texts_stay
from windowner.experiments.trials import Trial
from windowner.runs.encoded import number_tags
from windowner.runs.folds import read_labelled
from windowner.runs.readers import READERS, Readers
from windowner.text.sentence import Sentence
from windowner.text.spans import TagTable


@dataclass(frozen=True)
class OutOfFold:
    """All labelled sentences of a config in the order of its files, train before dev, with what others say of them.

    Parameters
    ----------
    sentences
        The sentences: tokens, gold tags in the scheme of the file, line.
    files
        The file of each sentence.
    folds
        The fold of each sentence, from 1, (S,).
    log_marginals
        Logarithm of each tag's probability, by the tagger that was trained without the sentence's fold, with its
        threshold and its calibrated temperature, (T, K), float32. -inf for a tag that this tagger does not know.
    tags
        The K tags.
    gold
        Number of each token's gold tag among the K tags, (T,). -1 for a type that no tagger knows.
    offsets
        First token of each sentence, and T at the end, (S+1,).
    """

    sentences: Sequence[Sentence]
    files: Sequence[str]
    folds: Indices
    log_marginals: Array
    tags: TagTable
    gold: Ids
    offsets: Indices

    def __len__(self) -> int:
        return len(self.sentences)

    def __iter__(self) -> Iterator[tuple[str, Sentence, Array]]:
        """Yield file, sentence and log marginals, (tokens, K), of each sentence."""
        for place, (file, sentence) in enumerate(zip(self.files, self.sentences, strict=True)):
            yield file, sentence, self.marginals_of(place)

    def marginals_of(self, place: int) -> Array:
        """Return the log marginals of a sentence, (tokens, K)."""
        return self.log_marginals[self.offsets[place] : self.offsets[place + 1]]

    def location(self, place: int, token: int = 0) -> str:
        """Return file and line of a token of a sentence."""
        return f"{self.files[place]}:{self.sentences[place].line_of(token)}"


def read_out_of_fold(trials: Sequence[Trial], folder: Path, readers: Readers = READERS) -> OutOfFold:
    """Put the predictions of all folds together.

    Parameters
    ----------
    trials
        The trials of one setting, one per fold, all of which are done.
    folder
        The experiment's folder.
    readers
        What reads the labelled text.

    Raises
    ------
    DataError
        A fold is missing or damaged, or the labelled text has changed since.
    """
    config = trials[0].config
    labelled = read_labelled(config, len(trials), readers)
    check_texts_stay(folder, config)
    held = [read_held_out(trial.folder(folder)) for trial in trials]
    names = list(dict.fromkeys(name for fold in held for name in fold.tags))
    offsets = np.cumsum([0, *map(len, labelled.corpus.tokens)], dtype=np.intp)
    marginals = np.full((offsets[-1], len(names)), -np.inf, dtype=np.float32)
    for trial, fold in zip(trials, held, strict=True):
        _check(fold, labelled.places(trial.fold), offsets, trial.folder(folder))
        columns = np.array([names.index(name) for name in fold.tags])
        marginals[np.ix_(_tokens(fold.places, offsets), columns)] = fold.log_marginals
    tags = TagTable.of(names)
    return OutOfFold(
        sentences=labelled.corpus.sentences,
        files=labelled.files,
        folds=labelled.folds,
        log_marginals=marginals,
        tags=tags,
        gold=number_tags(labelled.corpus.tags, tags, config.data.scheme),
        offsets=offsets,
    )


def _tokens(places: Indices, offsets: Indices) -> Indices:
    """Return the tokens of the sentences at these places, in order."""
    inside = np.zeros(len(offsets) - 1, dtype=np.bool_)
    inside[places] = True
    return np.flatnonzero(np.repeat(inside, np.diff(offsets)))


def _check(fold: HeldOut, places: Indices, offsets: Indices, folder: Path) -> None:
    """Refuse predictions of other sentences than those of the fold."""
    if not np.array_equal(fold.places, places) or not np.array_equal(np.diff(fold.offsets), np.diff(offsets)[places]):
        raise DataError(
            f"{folder}: predictions of {len(fold.places):,} sentences that are not those of the fold now: the labelled "
            f"text has changed. Remove the folder and start the command again"
        )
