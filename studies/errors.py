"""Where the remaining errors lie, on dev: by kind, by how well the words are known, by length and type. `make results`.

Each corpus is trained with a preset and several seeds, and all that is counted is counted over the seeds together.
Prints Markdown tables; test is not read.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, product
from statistics import mean
from tempfile import TemporaryDirectory

import click
from tqdm import tqdm

import windowner
from studies.trainings import CORPORA, Training
from windowner.inputs.tables import UNK
from windowner.report.mistakes import CORRECT, MISTAKES, Span, kinds_of, sentence_spans
from windowner.scoring.entities import PRF
from windowner.scoring.familiarity import GROUPS, familiarity, score_groups
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags

LONGEST = 3  # tokens; longer entities are counted with those


@dataclass(frozen=True)
class Errors:
    """Entities of dev, gold and predicted, counted: by kind, familiarity, length and type; and what was measured."""

    kinds: Counter[str] = field(default_factory=Counter)
    groups: dict[str, PRF] = field(default_factory=dict)
    lengths: dict[str, PRF] = field(default_factory=dict)
    types: dict[str, PRF] = field(default_factory=dict)
    calibration: float = 0.0


def errors_of(training: Training) -> Errors:
    """Train once, and count."""
    with TemporaryDirectory() as folder:
        run = windowner.train(training.config, folder)
    data = training.config.data
    train, dev = (windowner.read_corpus(training.config.path(file)) for file in (data.train, data.dev))
    gold, found = sentence_spans(dev.tags), sentence_spans(run.tagger.tag(dev.tokens))
    kinds: Counter[str] = Counter()
    for of_gold, of_found in zip(gold, found, strict=True):
        kinds.update(kinds_of(of_gold, of_found, "missed"))
        kinds.update(kind for kind in kinds_of(of_found, of_gold, "spurious") if kind == "spurious")
    return Errors(
        kinds,
        by_familiarity(run.tagger, train, dev),
        by(gold, found, lambda span: length_name(span.end - span.start)),
        by(gold, found, lambda span: span.type),
        run.metrics["calibration"]["dev_ece"],
    )


def by_familiarity(tagger: windowner.Tagger, train: Corpus, dev: Corpus) -> dict[str, PRF]:
    """Count by how well the words are known."""
    words = (chain.from_iterable(corpus.tokens) for corpus in (dev, train))
    groups = familiarity(*words, tagger.encoder.word_row, UNK)
    gold = encode_tags(dev.tags, tagger.tags.types)
    return score_groups(gold.spans(), tagger.spans(tagger.predict(dev.tokens)), groups)


def length_name(tokens: int) -> str:
    """Return how a length is called."""
    return f"{LONGEST} or more" if tokens >= LONGEST else str(tokens)


def by(gold: list[list[Span]], found: list[list[Span]], name: Callable[[Span], str]) -> dict[str, PRF]:
    """Count entities of both sides, and those in both, by what each is called."""
    both = [sorted(set(one) & set(other)) for one, other in zip(gold, found, strict=True)]
    counts = [Counter(name(span) for spans in side for span in spans) for side in (gold, found, both)]
    return {key: PRF(*(count[key] for count in counts)) for key in sorted(counts[0] | counts[1])}


def total(parts: Iterable[PRF]) -> PRF:
    """Add counts up."""
    counts = [(one.support, one.predicted, one.correct) for one in parts]
    return PRF(*map(sum, zip(*counts, strict=True)))


@click.command()
@click.option("--preset", default="fast", show_default=True, help="What is trained.")
@click.option("--seeds", default=3, show_default=True, help="Trainings a corpus.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
def main(preset: str, seeds: int, jobs: int) -> None:
    """Train, and print the tables."""
    cells = [Training(corpus, (f"preset={preset}",), seed) for corpus, seed in product(CORPORA, range(seeds))]
    with ProcessPoolExecutor(jobs) as pool:
        counted = list(tqdm(pool.map(errors_of, cells), total=len(cells), unit=" trainings", disable=None))
    of = {corpus: [e for cell, e in zip(cells, counted, strict=True) if cell.corpus == corpus] for corpus in CORPORA}
    click.echo(
        f"Preset *{preset}*, dev, {seeds} seeds together. Of 100 gold entities, those that are found, and those that\n"
        "are not, by kind; *spurious* are of 100 predicted ones:\n"
    )
    click.echo("| corpus | found | " + " | ".join(MISTAKES) + " | ECE |")
    click.echo("| --- |" + " ---: |" * (len(MISTAKES) + 2))
    for corpus, errors in of.items():
        click.echo(f"| {corpus} | {' | '.join(shares(errors))} | {mean(e.calibration for e in errors):.3f} |")
    lengths = [*map(str, range(1, LONGEST)), length_name(LONGEST)]
    click.echo("\nF1, and in parentheses the share of gold entities, by familiarity of the words and by tokens:\n")
    click.echo(f"| corpus | {' | '.join([*GROUPS, *lengths])} |")
    click.echo("| --- |" + " ---: |" * (len(GROUPS) + LONGEST))
    for corpus, errors in of.items():
        cells_of = [*told([e.groups for e in errors], GROUPS), *told([e.lengths for e in errors], lengths)]
        click.echo(f"| {corpus} | {' | '.join(cells_of)} |")
    click.echo("\nThe same by type:\n")
    for corpus, errors in of.items():
        names = sorted(errors[0].types)
        parts = zip(names, told([e.types for e in errors], names), strict=True)
        click.echo(f"- {corpus}: " + ", ".join(f"{name} {part}" for name, part in parts))


def shares(errors: list[Errors]) -> list[str]:
    """Return the shares of each kind: of gold entities, but of what is spurious of the predicted ones."""
    kinds = sum((e.kinds for e in errors), Counter())
    gold = sum(count for kind, count in kinds.items() if kind != "spurious")
    predicted = sum(prf.predicted for e in errors for prf in e.types.values())
    return [f"{100 * kinds[kind] / (predicted if kind == 'spurious' else gold):.1f}" for kind in (CORRECT, *MISTAKES)]


def told(counts: list[dict[str, PRF]], names: Iterable[str]) -> list[str]:
    """Return F1 and share of the gold entities of each name."""
    empty = PRF(0, 0, 0)
    everything = total(prf for one in counts for prf in one.values()).support
    sums = [total(one.get(name, empty) for one in counts) for name in names]
    return [f"{100 * prf.f1:.1f} ({prf.support / everything:.0%})" for prf in sums]


if __name__ == "__main__":
    main()
