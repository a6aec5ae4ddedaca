"""Which lookup tables a config's network has: their values from the training text, and their first rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.inputs.alphabet import Alphabet, make_alphabet
from windowner.inputs.features import Feature, feature_values, sized_features
from windowner.inputs.gazetteer import Entry, Gazetteer, read_gazetteer_file
from windowner.inputs.tables import FIRST, Table
from windowner.inputs.words import Mode, WordLayout, further_table, lay_out_words
from windowner.network.building import draw_characters, new_rows
from windowner.network.characters import CharacterNetwork
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.vectors.loading import Vectors


@dataclass(frozen=True)
class TableLayout:
    """All that is known of a network's tables before their new rows are drawn.

    Parameters
    ----------
    words
        Layout of the first table of word vectors.
    vectors
        Its pretrained vectors, or None.
    size
        Its dimensions.
    mode
        Whether training may move its pretrained rows.
    further
        Tables of further vectors. They have no new rows, so that nothing is drawn for them.
    features
        Each feature, the values of its table, and its dimensions.
    alphabet, filters
        The characters that have rows, and the number of filters. None and 0 if no characters are read.
    """

    words: WordLayout
    vectors: Vectors | None
    size: int
    mode: Mode
    further: Sequence[Table]
    features: Sequence[tuple[Feature, Sequence[str], int]]
    alphabet: Alphabet | None
    filters: int

    def draw(self, rng: np.random.Generator) -> list[Table]:
        """Return the tables with their first rows: word vectors, further ones, features, in this order."""
        words = self.words.table("words", new_rows(rng, self.words.own, self.size), self.vectors, self.mode)
        features = [
            Table(feature.name, new_rows(rng, FIRST + len(values), size), FIRST + len(values), values, feature)
            for feature, values, size in self.features
        ]
        further = [table.with_rows(table.E.copy()) for table in self.further]  # each network trains its own
        return [words, *further, *features]

    def draw_characters(self, rng: np.random.Generator) -> CharacterNetwork | None:
        """Return the character network with its first values. None if no characters are read."""
        return None if self.alphabet is None else draw_characters(rng, self.alphabet, self.filters)


def lay_out_tables(
    config: Config,
    training: Iterable[str],
    others: Iterable[str],
    sources: Sequence[Vectors],
    gazetteer: Gazetteer | None,
) -> TableLayout:
    """Return the layout of the tables of a config's network.

    Parameters
    ----------
    config
        The config; its `vectors.mode` is resolved.
    training, others
        Distinct forms of the training text, and of all text that is known to be tagged.
    sources
        The vectors that the config names: the first ones, if it names any, then the further ones.
    gazetteer
        Names whose matches are features, or None.
    """
    settings = config.vectors
    training = list(training)
    vectors, further = (sources[0], sources[1:]) if settings.source else (None, sources)
    mode: Mode = "fine-tuned" if settings.mode == "auto" else settings.mode
    filters = int(config.features.characters)
    features = sized_features(config.features, gazetteer.types if gazetteer else ())
    tables = [
        further_table(f"words{number}", source, training, others, each.mode, settings.keep)
        for number, (source, each) in enumerate(zip(further, settings.more, strict=True), start=2)
    ]
    return TableLayout(
        words=lay_out_words(training, others, vectors, settings.keep),
        vectors=vectors,
        size=settings.size if vectors is None else vectors.vector_size,
        mode=mode,
        further=tables,
        features=[
            (feature, feature_values(feature, training, config.features.min_count), size)
            for feature, size in features.items()
        ],
        alphabet=make_alphabet(training, config.features.min_count) if filters else None,
        filters=filters,
    )


def read_gazetteer(config: Config, train: Corpus) -> Gazetteer | None:
    """Return the names of the files that a config lists and of the training data, or None where it wants none.

    Raises
    ------
    DataError
        A file cannot be read, or a type of the training data cannot be one of names.
    """
    settings = config.features
    if not (settings.gazetteers or settings.gazetteer_train):
        return None
    entries = [entry for file in settings.gazetteers for entry in read_gazetteer_file(config.path(file))]
    entries += training_names(train, settings.gazetteer_train) if settings.gazetteer_train else ()
    try:
        return Gazetteer(entries)
    except ValueError as error:
        raise DataError(f"{train.path}: {error}; or set features.gazetteer_train = 0") from None


def training_names(train: Corpus, least: int) -> list[Entry]:
    """Return the entities that a corpus holds at least `least` times, without those with a space inside of a token."""
    tags = encode_tags(train.tags)
    spans = tags.spans()
    tokens = list(chain.from_iterable(train.tokens))
    counts = Counter(
        (tuple(tokens[start:end]), tags.types[type_id])
        for start, end, type_id in zip(*(array.tolist() for array in spans), strict=True)
    )
    return [entry for entry, count in counts.items() if count >= least and not any(" " in token for token in entry[0])]
