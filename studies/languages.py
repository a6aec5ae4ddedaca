"""What helps where no vectors of the language are at hand: entity F1 on dev, by what is changed. `make languages`.

The corpora are Danish and Russian. No row uses other text than the corpus. *Skip-gram vectors* are those that
`windowner vectors train --epochs 40` makes of the training text, without its labels. Test is never read. Prints a
Markdown table.
"""

from itertools import chain, product
from pathlib import Path
from statistics import mean

import click

from docs.pages import spread, table
from studies.own_vectors import own_vectors, train_missing
from studies.trainings import Training, Trainings, options_of_rows, wanted
from windowner.vectors.skip_gram import SkipGram

CORPORA = ("danish-ddt", "factrueval")
OWN_VECTORS = own_vectors("-40")
SETTINGS = SkipGram(epochs=40)
DEFAULTS = (  # all keys in all rows, so that those of a config do not count
    "features.prefixes=[2,3]",
    "features.suffixes=[2,3]",
    "features.characters=0",
    "vectors.unk_rate=0.3",
    "train.feature_rate=0.3",
    "model.document=off",
)
FORMS = ("features.prefixes=[1,2,3,4]", "features.suffixes=[1,2,3,4]", "vectors.unk_rate=0.5")
CHARACTERS = ("features.characters=auto", "train.feature_rate=1.0")
DOCUMENTS = ("model.document=on",)
ROWS: dict[str, tuple[str, ...]] = {  # of two values of a key, the last one counts
    "defaults": DEFAULTS,
    "skip-gram vectors of the training text": (*DEFAULTS, f"vectors.source={OWN_VECTORS}"),
    "affixes of 1 to 4 characters, `vectors.unk_rate = 0.5`": (*DEFAULTS, *FORMS),
    "the same with characters, `train.feature_rate = 1.0`": (*DEFAULTS, *FORMS, *CHARACTERS),
    'the same, `model.document = "on"`': (*DEFAULTS, *FORMS, *CHARACTERS, *DOCUMENTS),
    'the same, `preset = "best"`': (*DEFAULTS, *FORMS, *CHARACTERS, *DOCUMENTS, "preset=best"),
}


@click.command()
@options_of_rows("languages.jsonl", seeds=3, corpora=CORPORA)
def main(
    seeds: int,
    jobs: int,
    corpora: tuple[str, ...],
    keys: tuple[str, ...],
    only: tuple[str, ...],
    fresh: bool,
    kept: Path,
) -> None:
    """Train, and print the table."""
    rows = {name: (*keys, *row) for name, row in wanted(ROWS, only).items()}
    train_missing(OWN_VECTORS, corpora, tuple(chain.from_iterable(rows.values())), SETTINGS)
    trainings = Trainings(kept, fresh)
    for row in rows.values():  # row by row, so that an interrupted run has whole rows
        trainings.train([Training(corpus, row, seed) for seed, corpus in product(range(seeds), corpora)], jobs)
    lines = []
    for name, row in rows.items():
        outcomes = [trainings.outcomes(row, corpus, range(seeds)) for corpus in corpora]
        scores = [spread([outcome.dev for outcome in of_corpus]) for of_corpus in outcomes]
        seconds = mean(outcome.seconds for of_corpus in outcomes for outcome in of_corpus)
        lines.append([name, *scores, f"{seconds:.1f}"])
    click.echo(table(["", *corpora, "CPU s"], lines))


if __name__ == "__main__":
    main()
