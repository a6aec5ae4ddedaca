"""What a network will know: words with their vectors, values of features, characters, entity types."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from windowner.config.config import Config
from windowner.inputs.gazetteer import Gazetteer
from windowner.runs.carrying import known_words, lay_out_more, more_types
from windowner.runs.readers import Readers
from windowner.runs.starting import Start, check_sources
from windowner.runs.tables import TableLayout, lay_out_tables, read_gazetteer
from windowner.runs.word_vectors import compose_missing, describe_coverage, read_sources
from windowner.text.sentence import Corpus
from windowner.training.observer import Observer
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import Coverage, coverage


@dataclass(frozen=True)
class Vocabulary:
    """What a network will know.

    Parameters
    ----------
    layout
        The layout of its tables.
    types
        Its entity types.
    gazetteer
        Its lists of names. None without any.
    sources
        The pretrained vectors, with those that were composed for the corpora's words.
    coverage
        How many words of each corpus have a pretrained vector; empty without vectors.
    """

    layout: TableLayout
    types: list[str]
    gazetteer: Gazetteer | None
    sources: Sequence[Vectors]
    coverage: Mapping[str, Coverage]


def find_vocabulary(
    config: Config, corpora: Mapping[str, Corpus], observer: Observer, readers: Readers, start: Start | None
) -> Vocabulary:
    """Return what a network will know, given its corpora and the model that it starts from, if any."""
    train = corpora["train"]
    sources = read_sources(config, observer, readers)
    counts = {name: Counter(chain.from_iterable(corpus.tokens)) for name, corpus in corpora.items()}
    covered = {}
    if config.vectors.source:
        covered = {name: coverage(forms, sources[0].key_to_index) for name, forms in counts.items()}
        observer.note(describe_coverage(covered))
    known = list(chain.from_iterable(counts.values()))
    met = known if start is None else [*known, *known_words(start.model)]
    composed = [compose_missing(source, met, config.vectors.keep, observer) for source in sources]
    if start is None:
        gazetteer, types = read_gazetteer(config, train), train.entity_types
        layout = lay_out_tables(config, counts["train"], known, composed, gazetteer)
    else:
        check_sources(start, sources)
        gazetteer, types = start.model.gazetteer, more_types(start.model, train.entity_types)
        layout = lay_out_more(start.model, config, counts["train"], known, composed)
    return Vocabulary(layout, types, gazetteer, composed, covered)
