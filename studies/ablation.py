"""What each option is worth: entity F1 on dev with one thing changed. `make ablation`.

All four bundled corpora are trained with the same keys and seeds; test is never read. Epoch and threshold are chosen on
one half of dev, and F1 is that on the other (`halves.py`). The change against the base is taken seed by seed, as the
mean over corpora, and its interval is Student's over seeds. Prints a Markdown table.
"""

from itertools import chain, product
from pathlib import Path
from statistics import mean, stdev

import click
import numpy as np
from scipy.stats import t as student

from studies.halves import outcome
from studies.trainings import CORPORA, ROOT, Outcome, Training, Trainings
from windowner.vectors.exchange import write_vectors
from windowner.vectors.skip_gram import SkipGram, TokenizedFiles, train_skip_gram

OWN_VECTORS = str(ROOT / "runs" / "skip-gram" / "{corpus}.vec")
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
    "`features.ngrams = 30`": ("features.ngrams=30",),
    "`model.radius = 3`": ("model.radius=3",),
    "`train.average = 0.5`": ("train.average=0.5",),
    "fine-tuned beside a frozen copy": ('vectors.more=[{source="glove-6b-50d"}]',),
    "GloVe beside skip-gram vectors of the own text": (f'vectors.more=[{{source="{OWN_VECTORS}"}}]',),
    "`train.word_rate = 0.1`": ("train.word_rate=0.1",),
    "`vectors.unk_count = 1`, `unk_rate = 0.5`": ("vectors.unk_count=1", "vectors.unk_rate=0.5"),
    "`features.gazetteer_train = 2`": ("features.gazetteer_train=2",),
    "`features.sentence_casing = 5`": ("features.sentence_casing=5",),
    '`train.schedule = "cosine"`': ("train.schedule=cosine",),
    '`train.optimizer = "adamw"`': ("train.optimizer=adamw",),
    "affixes of 1 to 4 characters": ("features.prefixes=[1,2,3,4]", "features.suffixes=[1,2,3,4]"),
    "`vectors.tune_count = 5`": ("vectors.tune_count=5",),
    '`model.loss = "word"`, `label_smoothing = 0.1`': ("model.loss=word", "model.label_smoothing=0.1"),
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
    "`features.ngrams = 30`, no affixes": ("features.ngrams=30", "features.prefixes=[]", "features.suffixes=[]"),
}


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Trainings a cell.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
@click.option("--preset", help="Preset that rows change, in place of the defaults.")
@click.option("--only", multiple=True, help="Only rows whose name holds this; repeatable.")
@click.option("--fresh", is_flag=True, help="Train anew what is kept from an earlier time.")
@click.option("--finished", is_flag=True, help="Train nothing: print the rows that are kept from an earlier time.")
@click.option(
    "--kept", type=click.Path(path_type=Path), default=ROOT / "runs" / "ablation.jsonl", help="Where outcomes are kept."
)
def main(
    seeds: int, jobs: int, preset: str | None, only: tuple[str, ...], fresh: bool, finished: bool, kept: Path
) -> None:
    """Train, and print the table."""
    base = (f"preset={preset}",) if preset else ()
    changes = {name: keys for name, keys in ROWS.items() if not only or any(word in name for word in only)}
    rows = {preset or "defaults": base, **{name: (*base, *keys) for name, keys in changes.items()}}
    trainings = Trainings(kept, fresh)
    cells = {
        name: [Training(corpus, keys, seed) for seed, corpus in product(range(seeds), CORPORA)]
        for name, keys in rows.items()
    }
    if finished:
        rows = {name: keys for name, keys in rows.items() if all(cell.key in trainings for cell in cells[name])}
    else:
        if any(OWN_VECTORS in key for keys in rows.values() for key in keys):
            train_own_vectors()
        trainings.train(chain.from_iterable(cells.values()), jobs, outcome)
    # A row that says what holds anyway is the base once more.
    named = {name: [trainings.of(keys, corpus, range(seeds)) for corpus in CORPORA] for name, keys in rows.items()}
    first, *others = named
    click.echo(f"| | {' | '.join(CORPORA)} | mean | change (95 %) | CPU s |")
    click.echo("| --- |" + " ---: |" * (len(CORPORA) + 3))
    for name in (first, *(name for name in others if named[name] != named[first])):
        click.echo(row(name, named[name], named[first] if name != first else None))


def train_own_vectors() -> None:
    """Train skip-gram vectors on the text of each corpus's training data, its labels unread."""
    for corpus in CORPORA:
        path = Path(OWN_VECTORS.format(corpus=corpus))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = TokenizedFiles([ROOT / "data" / corpus / "train.conll"], "columns")
            vectors = train_skip_gram(text, SkipGram())
            write_vectors(path, vectors.words, vectors.array)


def row(name: str, outcomes: list[list[Outcome]], base: list[list[Outcome]] | None) -> str:
    """Return a line of the table; outcomes by corpus and seed."""
    f1 = dev_f1(outcomes)
    change = "" if base is None else interval(f1.mean(axis=0) - dev_f1(base).mean(axis=0))
    seconds = mean(one.seconds for of_corpus in outcomes for one in of_corpus)
    cells = [*(spread(of_corpus) for of_corpus in f1.tolist()), f"{f1.mean():.1f}", change, f"{seconds:.1f}"]
    return f"| {name} | {' | '.join(cells)} |"


def dev_f1(outcomes: list[list[Outcome]]) -> np.ndarray:
    """Return F1 on dev, (corpora, seeds)."""
    return np.array([[one.dev for one in of_corpus] for of_corpus in outcomes])


def interval(differences: np.ndarray) -> str:
    """Return the mean of paired differences and the half width of its 95 % interval."""
    n = len(differences)
    if n < 2:
        return f"{differences.mean():+.1f}"
    half = student.ppf(0.975, n - 1) * differences.std(ddof=1) / n**0.5
    return f"{differences.mean():+.1f} ± {half:.1f}"


def spread(values: list[float]) -> str:
    """Return mean and standard deviation."""
    return f"{mean(values):.1f} ± {stdev(values):.1f}" if len(values) > 1 else f"{values[0]:.1f}"


if __name__ == "__main__":
    main()
