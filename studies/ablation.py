"""What each option is worth: entity F1 on dev with one thing changed. `make ablation`.

All corpora are trained with the same keys and seeds; test is never read. Epoch and threshold are chosen on one half of
dev, and F1 is measured on the other half (`halves.py`). The change against the base is the mean over corpora, seed by
seed. Its interval is Student's over seeds. Prints a Markdown table.
"""

from itertools import chain, product
from pathlib import Path
from statistics import mean

import click
import numpy as np
from scipy.stats import t as student

from docs.pages import spread, table
from studies.halves import outcome
from studies.own_vectors import own_vectors, train_missing
from studies.trainings import Outcome, Training, Trainings, options_of_rows, wanted
from windowner.arrays import Array
from windowner.vectors.skip_gram import SkipGram

OWN_VECTORS = own_vectors()
ROWS: dict[str, tuple[str, ...]] = {
    '`model.loss = "word"`': ("model.loss=word",),
    '`model.decoding = "viterbi"`': ("model.decoding=viterbi",),
    '`preset = "best"`': ("preset=best",),
    "`train.batch = 128`": ("train.batch=128",),
    "`train.learning_rate = 0.003`": ("train.learning_rate=0.003",),
    "`train.ensemble = 2`": ("train.ensemble=2",),
    "`train.fit_threshold = false`": ("train.fit_threshold=false",),
    "`features.min_count = 2`, `train.feature_rate = 1`": ("features.min_count=2", "train.feature_rate=1.0"),
    "`train.epochs = 15`": ("train.epochs=15",),
    '`train.epochs = "long"`': ("train.epochs=long",),
    '`train.epochs = "long"`, `model.hidden = 300`': ("train.epochs=long", "model.hidden=300"),
    '`model.document = "off"`': ("model.document=off",),
    '`model.document = "on"`': ("model.document=on",),
    "`features.characters = 30`": ("features.characters=30",),
    "`model.radius = 3`": ("model.radius=3",),
    "fine-tuned beside a frozen copy": ('vectors.more=[{source="glove-6b-50d"}]',),
    "GloVe beside skip-gram vectors of the own text": (f'vectors.more=[{{source="{OWN_VECTORS}"}}]',),
    "`train.word_rate = 0.1`": ("train.word_rate=0.1",),
    "`vectors.unk_count = 1`, `unk_rate = 0.5`": ("vectors.unk_count=1", "vectors.unk_rate=0.5"),
    "`features.gazetteer_train = 2`": ("features.gazetteer_train=2",),
    '`train.schedule = "cosine"`': ("train.schedule=cosine",),
    '`train.optimizer = "adamw"`': ("train.optimizer=adamw",),
    "affixes of 1 to 4 characters": ("features.prefixes=[1,2,3,4]", "features.suffixes=[1,2,3,4]"),
    "vectors frozen": ("vectors.mode=frozen",),
    "form features off": ("features.capitals=0", "features.shape=0", "features.prefixes=[]", "features.suffixes=[]"),
    "skip-gram vectors of the corpus's own text": (f"vectors.source={OWN_VECTORS}",),
    "random vectors": ("vectors.source=",),
    "`model.hidden = 300`": ("model.hidden=300",),
    "`model.radius = 1`": ("model.radius=1",),
    '`model.nonlinearity = "tanh"`': ("model.nonlinearity=tanh",),
    '`train.optimizer = "adagrad"`, `learning_rate = 0.05`': ("train.optimizer=adagrad", "train.learning_rate=0.05"),
    "`train.dropout_input = 0`": ("train.dropout_input=0",),
    "`train.dropout_hidden = 0.3`": ("train.dropout_hidden=0.3",),
}


@click.command()
@options_of_rows("ablation.jsonl", seeds=5)
@click.option("--finished", is_flag=True, help="Train nothing: print the rows that an earlier run has kept.")
def main(
    seeds: int,
    jobs: int,
    corpora: tuple[str, ...],
    keys: tuple[str, ...],
    only: tuple[str, ...],
    fresh: bool,
    finished: bool,
    kept: Path,
) -> None:
    """Train, and print the table."""
    base = ", ".join(keys) or "defaults"
    rows = {base: keys, **{name: (*keys, *row) for name, row in wanted(ROWS, only).items()}}
    trainings = Trainings(kept, fresh)
    cells = {
        name: [Training(corpus, row, seed) for seed, corpus in product(range(seeds), corpora)]
        for name, row in rows.items()
    }
    if finished:
        rows = {name: row for name, row in rows.items() if all(cell.key in trainings for cell in cells[name])}
    else:
        train_missing(OWN_VECTORS, corpora, tuple(chain.from_iterable(rows.values())), SkipGram())
        trainings.train(chain.from_iterable(cells.values()), jobs, outcome)
    found = {name: [trainings.outcomes(row, corpus, range(seeds)) for corpus in corpora] for name, row in rows.items()}
    # A row that changes nothing, because the base has its keys, would be the base once more.
    found = {name: outcomes for name, outcomes in found.items() if name == base or outcomes != found[base]}
    cells_of = [line(name, outcomes, found[base] if name != base else None) for name, outcomes in found.items()]
    click.echo(table(["", *corpora, "mean", "change (95 %)", "CPU s"], cells_of))


def line(name: str, outcomes: list[list[Outcome]], base: list[list[Outcome]] | None) -> list[str]:
    """Return the cells of a row; outcomes by corpus and seed."""
    f1 = dev_f1(outcomes)
    change = "" if base is None else interval(f1.mean(axis=0) - dev_f1(base).mean(axis=0))
    seconds = mean(outcome.seconds for outcome in chain.from_iterable(outcomes))
    return [name, *map(spread, f1.tolist()), f"{f1.mean():.1f}", change, f"{seconds:.1f}"]


def dev_f1(outcomes: list[list[Outcome]]) -> Array:
    """Return F1 on dev, (corpora, seeds)."""
    return np.array([[outcome.dev for outcome in row] for row in outcomes])


def interval(differences: Array) -> str:
    """Return the mean of paired differences and the half width of its 95 % interval."""
    n = len(differences)
    if n < 2:
        return f"{differences.mean():+.1f}"
    half = student.ppf(0.975, n - 1) * differences.std(ddof=1) / n**0.5
    return f"{differences.mean():+.1f} ± {half:.1f}"


if __name__ == "__main__":
    main()
