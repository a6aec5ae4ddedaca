"""The remaining errors on dev, by kind, by how well the words are known, by length and by type: `make results`.

Each corpus is trained with a preset and several seeds, and errors are counted over the seeds together. Prints Markdown
tables; test is not read.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, product
from statistics import mean
from tempfile import TemporaryDirectory

import click

import windowner
from docs.pages import table
from studies.trainings import Training, options, side_by_side
from windowner.inputs.tables import UNK
from windowner.report.mistakes import CORRECT, MISTAKES, kinds_of
from windowner.runs.calibration import encode_gold
from windowner.scoring.entities import PRF
from windowner.scoring.familiarity import GROUPS, familiarity, score_groups
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, sentence_spans

LONGEST = 3  # tokens; longer entities are counted with these


@dataclass(frozen=True)
class Errors:
    """Counts of the entities of dev, gold and predicted, and the expected calibration error."""

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
    gold, found = (
        sentence_spans(dev.tags),
        sentence_spans(run.tagger.tag(dev.tokens, document_starts=dev.document_starts)),
    )
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
    words, known = (chain.from_iterable(corpus.tokens) for corpus in (dev, train))
    groups = familiarity(words, known, tagger.model.words.word_row, UNK)
    return score_groups(encode_gold(tagger.model, dev.tags), tagger.predict(dev.tokens).spans, groups)


def length_name(tokens: int) -> str:
    """Return the name of a length."""
    return f"{LONGEST} or more" if tokens >= LONGEST else str(tokens)


def by(gold: list[list[TokenSpan]], found: list[list[TokenSpan]], name: Callable[[TokenSpan], str]) -> dict[str, PRF]:
    """Count entities of both sides, and those in both, by the name of each."""
    both = [sorted({*right} & {*predicted}) for right, predicted in zip(gold, found, strict=True)]
    counts = [Counter(name(span) for spans in side for span in spans) for side in (gold, found, both)]
    return {key: PRF(*(count[key] for count in counts)) for key in sorted(counts[0] | counts[1])}


def total(parts: Iterable[PRF]) -> PRF:
    """Return the sum of counts."""
    counts = [(part.support, part.predicted, part.correct) for part in parts]
    return PRF(*map(sum, zip(*counts, strict=True)))


@click.command()
@options(seeds=3)
@click.option("--preset", default="fast", show_default=True, help="Preset that is trained.")
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...], preset: str) -> None:
    """Train, and print the tables."""
    cells = [Training(corpus, (f"preset={preset}", *keys), seed) for corpus, seed in product(corpora, range(seeds))]
    counted = dict(side_by_side(errors_of, cells, jobs))
    errors = {corpus: [counted[cell] for cell in cells if cell.corpus == corpus] for corpus in corpora}
    click.echo(
        f"Preset *{preset}*, dev, {seeds} seeds together. Of 100 gold entities, those that are found, and those that\n"
        "are not, by kind; *spurious* are of 100 predicted ones:\n"
    )
    click.echo(kinds_table(errors))
    click.echo("\nF1, and in parentheses the share of gold entities, by familiarity of the words and by tokens:\n")
    click.echo(groups_table(errors))
    click.echo("\nThe same by type:\n")
    for corpus, of_seeds in errors.items():
        names = sorted(of_seeds[0].types)
        parts = zip(names, with_shares([e.types for e in of_seeds], names), strict=True)
        click.echo(f"- {corpus}: " + ", ".join(f"{name} {part}" for name, part in parts))


def kinds_table(errors: dict[str, list[Errors]]) -> str:
    """Return the shares of each kind of error, by corpus."""
    rows = [
        [corpus, *shares(of_seeds), f"{mean(e.calibration for e in of_seeds):.3f}"]
        for corpus, of_seeds in errors.items()
    ]
    return table(["corpus", "found", *MISTAKES, "ECE"], rows)


def groups_table(errors: dict[str, list[Errors]]) -> str:
    """Return F1 by familiarity and by length, by corpus."""
    lengths = [*map(str, range(1, LONGEST)), length_name(LONGEST)]
    rows = []
    for corpus, of_seeds in errors.items():
        by_group = with_shares([e.groups for e in of_seeds], GROUPS)
        by_length = with_shares([e.lengths for e in of_seeds], lengths)
        rows.append([corpus, *by_group, *by_length])
    return table(["corpus", *GROUPS, *lengths], rows)


def shares(errors: list[Errors]) -> list[str]:
    """Return the shares of each kind: of the predicted entities for *spurious*, of the gold ones for all others."""
    kinds = sum((e.kinds for e in errors), Counter())
    gold = sum(count for kind, count in kinds.items() if kind != "spurious")
    predicted = sum(prf.predicted for e in errors for prf in e.types.values())
    return [f"{100 * kinds[kind] / (predicted if kind == 'spurious' else gold):.1f}" for kind in (CORRECT, *MISTAKES)]


def with_shares(counts: list[dict[str, PRF]], names: Iterable[str]) -> list[str]:
    """Return F1 and share of the gold entities of each name."""
    empty = PRF(0, 0, 0)
    everything = total(prf for count in counts for prf in count.values()).support
    sums = [total(count.get(name, empty) for count in counts) for name in names]
    return [f"{100 * prf.f1:.1f} ({prf.support / everything:.0%})" for prf in sums]


if __name__ == "__main__":
    main()
