"""What helps where no vectors of the language are at hand: entity F1 on dev, by what is changed. `make languages`.

The corpora are Danish and Russian. No row uses other text than the corpus. *Skip-gram vectors* are those that
`windowner vectors train --epochs 40` makes of the training text, without its labels. Test is never read. Prints a
Markdown table.
"""

from itertools import product
from pathlib import Path
from statistics import mean

import click

from docs.pages import ROOT, spread, table
from studies.trainings import Training, Trainings, options
from windowner.formats.token_files import TokenizedFiles
from windowner.vectors.exchange import write_vectors
from windowner.vectors.skip_gram import SkipGram, train_skip_gram

CORPORA = ("danish-ddt", "factrueval")
OWN_VECTORS = str(ROOT / "runs" / "skip-gram" / "{corpus}-40.vec")
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
@options(seeds=3, corpora=CORPORA)
@click.option("--only", multiple=True, help="Only rows whose name holds this text; repeatable.")
@click.option("--fresh", is_flag=True, help="Train again what an earlier run has kept.")
@click.option(
    "--kept", type=click.Path(path_type=Path), default=ROOT / "runs" / "languages.jsonl", help="File of the outcomes."
)
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
    wanted = {name: row for name, row in ROWS.items() if not only or any(text in name for text in only)}
    rows = {name: (*keys, *row) for name, row in wanted.items()}
    if any(OWN_VECTORS in key for row in rows.values() for key in row):
        for corpus in corpora:
            train_own_vectors(Training(corpus, keys, seed=0))
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


def train_own_vectors(training: Training) -> None:
    """Train skip-gram vectors on a corpus's training text, unless they are there."""
    path = Path(OWN_VECTORS.format(corpus=training.corpus))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        vectors = train_skip_gram(TokenizedFiles([training.config.path(training.config.data.train)]), SETTINGS)
        write_vectors(path, vectors.words, vectors.array)


if __name__ == "__main__":
    main()
