"""F1 against labelled words, where `windowner suggest` chooses the sentences and where chance does: `make labelling`.

A tagger starts with `START` words of randomly drawn sentences of train. Then sentences are added until the next number
of `WORDS` is reached, and the tagger is trained anew: a tenth of what is labelled is held out to choose the epoch. F1
is measured on dev, which chooses nothing. What is added is chosen by the tagger of the step before, or in the random
order in which the first sentences were drawn. Prints Markdown tables; test is not read.

The rule of `suggest` was chosen on seed 0 of wikigold and ncbi-disease, which is left out here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np

import windowner
from docs.pages import spread, table
from studies.trainings import CORPORA, SMALL, Training, options, side_by_side
from windowner.config.loading import load_config
from windowner.labels.choosing import DEFAULT, Rule, choose
from windowner.labels.suggest import MEASURE, token_uncertainty
from windowner.runs.readers import Readers
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Sentence
from windowner.vectors.loading import Vectors, load_vectors

WORDS = (2000, 3000, 4500, 6500, 9500, 14_000)
START = WORDS[0]


@dataclass(frozen=True)
class Way:
    """A way to choose sentences: a measure of uncertainty and a rule; chance without a measure."""

    measure: str = ""
    rule: Rule = DEFAULT


CHANCE, SUGGEST = "chance", "`suggest`"
WAYS = {
    CHANCE: Way(),
    SUGGEST: Way(MEASURE),
    "without frequency": Way(MEASURE, Rule(frequency=0.0)),
    "without diversity": Way(MEASURE, Rule(fading=1.0, without_duplicates=False)),
    "least confidence": Way("confidence"),
    "total entropy": Way(MEASURE, Rule(price=0.0)),
    "root of the length": Way(MEASURE, Rule(price=0.5)),
}
FEW = (CHANCE, SUGGEST)


@dataclass(frozen=True)
class Point:
    """A step: the number of labelled words, and F1 in percent."""

    words: int
    f1: float


@dataclass(frozen=True)
class Labelling:
    """A simulation: the corpus with its seed, and the ways to choose."""

    training: Training
    ways: tuple[str, ...]


def simulate(labelling: Labelling) -> dict[str, list[Point]]:
    """Return the curve of each way. All ways have the first step in common."""
    config = labelling.training.config
    pool = read_vectors_once().corpus(config.path(config.data.train), **config.data.reading()).sentences
    seed = labelling.training.seed
    order = np.random.default_rng((seed, len(pool))).permutation(len(pool)).tolist()
    start = add(pool, [], order, START)
    first = train(labelling.training, pool, start)
    curves = {}
    for name in labelling.ways:
        chosen, (tagger, f1) = start, first
        points = [Point(count_words(pool, chosen), f1)]
        for words in WORDS[1:]:
            ranking = order if name == CHANCE else rank(WAYS[name], tagger, pool, chosen)
            chosen = add(pool, chosen, ranking, words)
            tagger, f1 = train(labelling.training, pool, chosen)
            points.append(Point(count_words(pool, chosen), f1))
        curves[name] = points
    return curves


def rank(way: Way, tagger: Tagger, pool: Sequence[Sentence], chosen: Sequence[int]) -> Iterable[int]:
    """Return the other sentences in the order in which they should be labelled."""
    known = set(chosen)
    rest = [number for number in range(len(pool)) if number not in known]
    tokens = [pool[number].tokens for number in rest]
    uncertainty = token_uncertainty(tagger, tokens, way.measure)
    labelled = [pool[number].tokens for number in chosen]
    return (rest[place] for place, _ in choose(tokens, uncertainty, way.rule, labelled))


def add(pool: Sequence[Sentence], chosen: Sequence[int], ranking: Iterable[int], words: int) -> list[int]:
    """Return the chosen sentences and the next ones of a ranking, until they hold this many words."""
    added, known = list(chosen), set(chosen)
    total = count_words(pool, chosen)
    for number in ranking:
        if total >= words:
            break
        if number not in known:
            added.append(number)
            total += len(pool[number].tokens)
    return added


def count_words(pool: Sequence[Sentence], chosen: Iterable[int]) -> int:
    """Return the number of words of sentences."""
    return sum(len(pool[number].tokens) for number in chosen)


def train(training: Training, pool: Sequence[Sentence], chosen: Sequence[int]) -> tuple[Tagger, float]:
    """Train on sentences; return the tagger and its F1 on dev in percent."""
    config = training.config
    with TemporaryDirectory() as name:
        path = Path(name) / "train.conll"
        rows = (
            "".join(f"{t}\t{tag}\n" for t, tag in zip(s.tokens, s.tags or [], strict=True))
            for s in map(pool.__getitem__, sorted(chosen))
        )
        path.write_text("\n".join(rows), encoding="utf-8")
        keys = [SMALL, *training.overrides, f"data.train={path}", 'data.dev=""', f"train.seed={training.seed}"]
        keys += [f"data.test={config.path(config.data.dev).absolute()}"]
        run = windowner.train(load_config(training.path, keys), Path(name) / "run", readers=read_vectors_once())
    return run.tagger, 100 * run.scores["test"].overall.f1


@cache
def read_vectors_once() -> Readers:
    """Return readers that keep the vectors in memory: a process trains many times."""
    kept: dict[str, Vectors] = {}

    def vectors(source: str, **options: Any) -> Vectors:
        if source not in kept:
            kept[source] = load_vectors(source, **options)
        return kept[source]

    return Readers(vectors=vectors)


def share_needed(curve: Sequence[Point], words: float, f1: float) -> float:
    """Return the words, in percent of `words`, at which a curve reaches an F1 and stays there; inf if it never does.

    Between two steps the curve is a straight line.
    """
    reached = np.inf
    for before, after in zip(reversed(curve[:-1]), reversed(curve[1:]), strict=True):
        if after.f1 < f1:
            break
        if before.f1 >= f1:
            reached = before.words
            continue
        reached = before.words + (after.words - before.words) * (f1 - before.f1) / (after.f1 - before.f1)
        break
    return float(100 * reached / words)


def mean_curve(curves: Sequence[Sequence[Point]]) -> list[Point]:
    """Return the mean of several curves, step by step."""
    return [Point(round(mean(p.words for p in step)), mean(p.f1 for p in step)) for step in zip(*curves, strict=True)]


@click.command()
@options(seeds=5, corpora=CORPORA)
@click.option("--all-ways", is_flag=True, help="Also compare other measures and prices.")
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...], all_ways: bool) -> None:
    """Simulate, and print the tables."""
    ways = tuple(WAYS) if all_ways else FEW
    cells = [Labelling(Training(corpus, keys, seed), ways) for corpus, seed in product(corpora, range(1, seeds + 1))]
    curves = dict(side_by_side(simulate, cells, jobs, " simulations"))
    rows, needed = [], []
    for corpus in corpora:
        found = [curves[cell] for cell in cells if cell.training.corpus == corpus]
        for way in ways:
            steps = zip(*(curve[way] for curve in found), strict=True)
            rows.append([Path(corpus).name, way, *(spread([point.f1 for point in step]) for step in steps)])
        chance = mean_curve([curve[CHANCE] for curve in found])[-1]
        shares = [
            share_needed(mean_curve([curve[way] for curve in found]), chance.words, chance.f1) for way in ways[1:]
        ]
        needed.append([Path(corpus).name, f"{chance.f1:.1f}", *(f"{s:.0f}" if s < np.inf else "never" for s in shares)])
    click.echo("F1 on dev in %, mean and standard deviation over seeds, by labelled words:\n")
    click.echo(table(["corpus", "chosen by", *(f"{words:,}" for words in WORDS)], rows, text_columns=2))
    click.echo(f"\nWords needed for the F1 of chance at {WORDS[-1]:,} words, in % of these words:\n")
    click.echo(table(["corpus", "F1", *ways[1:]], needed))


if __name__ == "__main__":
    main()
