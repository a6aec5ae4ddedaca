"""The labelled files of a config, each whole, as review and correction need them."""

from typing import Any

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.text.sentence import Corpus


def read_labelled_files(config: Config) -> tuple[dict[str, Corpus], dict[str, Any]]:
    """Return train and, where the config names it, dev, by path; and the arguments that they were read with.

    Raises
    ------
    DataError
        A file cannot be read, or train and dev are the same file.
    """
    config = config.with_absolute_paths()  # as cross-validation names them
    reading = config.data.reading()
    corpora: dict[str, Corpus] = {}
    for value in filter(None, (config.data.train, config.data.dev)):
        corpus = read_corpus(config.path(value), **reading)
        if corpus.path in corpora:
            raise DataError(f"{corpus.path}: both data.train and data.dev, expected two files")
        corpora[corpus.path] = corpus
        reading["tokenizer"] = corpus.tokenizer or reading["tokenizer"]  # all parts are tokenized alike
    return corpora, reading
