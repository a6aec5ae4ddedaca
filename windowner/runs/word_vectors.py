"""The word vectors that a config names: frozen or fine-tuned, read, and how many words of the text they cover."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from windowner.config.config import Config
from windowner.errors import ConfigError
from windowner.runs.readers import READERS, Readers
from windowner.text.wording import count_of
from windowner.training.observer import Observer
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import RUNGS, Coverage, look_up
from windowner.vectors.settings import NEEDS_SOURCE

FREEZE_BELOW = 200_000  # training words, the lecture's rule of thumb
FINE_TUNE_ABOVE = 1_000_000


def choose_mode(config: Config, training_words: int, observer: Observer) -> Config:
    """Return the config with `vectors.mode = "auto"` resolved by the lecture's rule of thumb, and report why."""
    if config.vectors.mode != "auto":
        return config
    mode: Literal["frozen", "fine-tuned"]
    if not config.vectors.source:
        mode, reason = "fine-tuned", "random vectors have to be trained"
    elif training_words < FREEZE_BELOW:
        mode, reason = "frozen", f"{count_of(training_words, 'training word')}, fewer than {FREEZE_BELOW:,}"
    elif training_words > FINE_TUNE_ABOVE:
        mode, reason = "fine-tuned", f"{count_of(training_words, 'training word')}, more than {FINE_TUNE_ABOVE:,}"
    else:
        between = f"between {FREEZE_BELOW:,} and {FINE_TUNE_ABOVE:,}"
        mode, reason = "fine-tuned", f"{count_of(training_words, 'training word')}, {between}"
    observer.note(f'vectors.mode = "auto": {mode} ({reason})')
    if config.vectors.source:
        other = "fine-tuned" if mode == "frozen" else "frozen"
        observer.note(
            "  A rule of thumb; trying both is better: run the same command with "
            f"--{other} --out runs/{config.name}-{other}"
        )
    return replace(config, vectors=replace(config.vectors, mode=mode))


def read_sources(config: Config, observer: Observer, readers: Readers = READERS) -> list[Vectors]:
    """Return the vectors that a config names: the first ones, if it names any, then the further ones.

    A source that is listed twice is read once.
    """
    settings = config.vectors
    if not settings.source:
        if settings.mode in NEEDS_SOURCE:
            raise ConfigError(
                f'vectors.mode = "{settings.mode}" without vectors.source: random vectors must be trained'
            )
        observer.note(
            "vectors.source is empty: word vectors start at random, so the tagger knows only words of the training\n"
            "  data. That costs points of entity F1, most where entities are new (docs/languages.md says what helps)"
        )
    read = {name: readers.vectors(name, directory=config.directory) for name in dict.fromkeys(settings.sources)}
    return [read[name] for name in settings.sources]


def compose_missing(vectors: Vectors, forms: Sequence[str], keep: int | Literal["all"], observer: Observer) -> Vectors:
    """Return vectors in which all forms of the corpora have a vector, where n-grams give one; report how many."""
    if vectors.ngrams is None:
        return vectors
    missing = sum(look_up(form, vectors.key_to_index)[0] < 0 for form in set(forms))
    observer.note(
        f"{vectors.source}: vectors from character n-grams for {count_of(missing, 'form')} of the corpora.\n"
        "  The model keeps vectors, not n-grams. Forms that it first meets when tagging are UNK, unless they are\n"
        "  among the vectors.keep most frequent words (docs/languages.md)"
    )
    return vectors.for_forms(forms, keep)


def describe_coverage(found: Mapping[str, Coverage]) -> str:
    """Return a table of how many types and tokens were found on which rung of the look-up ladder."""
    lines = ["words with a pretrained vector, as written, lower-cased, or with digits as 0; % of types / % of tokens"]
    lines.append(f"  {'':8}" + "".join(f"{rung:>16}" for rung in RUNGS))
    for name, cover in found.items():
        types, tokens = sum(cover.types.values()) or 1, sum(cover.tokens.values()) or 1
        cells = (f"{cover.types[rung] / types:8.1%} /{cover.tokens[rung] / tokens:6.1%}" for rung in RUNGS)
        lines.append(f"  {name:8}" + "".join(cells))
    return "\n".join(lines)
