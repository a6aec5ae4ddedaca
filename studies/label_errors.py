"""How many planted label errors `windowner review` finds: `make label-errors`. Prints Markdown tables.

3 % of the entities of train and dev are corrupted (`studies.planting`). Then everything is done as the command does it:
five taggers, each trained on the corrupted labels without a fold. N errors are planted, and the first N lines are read.
A line finds an error if the two share a token. The peer is cleanlab, which ranks tokens, on the same out-of-fold
probabilities. Neighbouring tokens of its list count as one line.

The ranking was chosen on seed 10 of wikigold, wnut17 and danish-ddt. The seeds of the tables are 1, 2, ...

Source of the peer: Wang and Mueller, "Detecting label errors in token classification data", 2022.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import numpy as np

from docs.pages import spread, table
from studies.planting import KINDS, Planted, plant
from studies.trainings import SMALL, Training, options, side_by_side
from windowner.config.loading import load_config
from windowner.experiments.cross_validation import cross_validate
from windowner.experiments.out_of_fold import OutOfFold
from windowner.experiments.running import Workplace
from windowner.labels.labelled_text import read_labelled_files
from windowner.labels.ranking import LEAST
from windowner.labels.regions import INCONSISTENT
from windowner.labels.review import review
from windowner.labels.suspects import Suspect
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, sentence_spans, span_tags

SHARE = 0.03
REVIEW, ALONE, PEER = "`review`", "tagger alone", "cleanlab"


class Line(NamedTuple):
    """A line of a ranking: tokens `start` to `end` of a sentence."""

    sentence: int
    start: int
    end: int


class Found(NamedTuple):
    """The number of planted errors, all and by kind, and which of them each ranking finds, by its name."""

    planted: dict[str, int]
    found: dict[str, dict[str, int]]


def measure(training: Training) -> Found:
    """Plant errors in a corpus, review it, and count what is found. The seed draws the errors and the folds."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        corpora, _ = read_labelled_files(training.config)
        planted, files = corrupt(list(corpora.values()), folder, training.seed)
        keys = [SMALL, 'data.test=""', 'data.format="columns"', "data.token_column=0", "data.tag_column=-1"]
        keys += [*training.overrides, *files, f"train.seed={training.seed}"]
        config = load_config(training.path, keys)
        result = cross_validate(config, folder / "cv", workplace=Workplace(1))
        out = result.out_of_fold()
        suspects = review(out, config.data.scheme)
    rankings = {REVIEW: lines(suspects), ALONE: lines(by_tagger_alone(suspects)), PEER: cleanlab_lines(out)}
    count = len(planted)
    hits = {name: find(planted, islice(ranking, count)) for name, ranking in rankings.items()}
    return Found(by_kind(planted), {name: by_kind([planted[i] for i in found]) for name, found in hits.items()})


def corrupt(corpora: Sequence[Corpus], folder: Path, seed: int) -> tuple[list[Planted], list[str]]:
    """Write labelled text with errors as column files; return the errors, and the keys that name the files."""
    tokens = [each for corpus in corpora for each in corpus.tokens]
    gold = [each for corpus in corpora for each in sentence_spans(corpus.tags)]
    wrong, planted = plant(tokens, gold, SHARE, np.random.default_rng((seed, len(tokens))))
    keys, first = [], 0
    for name, corpus in zip(("train", "dev"), corpora, strict=False):
        path = folder / f"{name}.conll"
        write(path, corpus, wrong[first : first + len(corpus.sentences)])
        first += len(corpus.sentences)
        keys.append(f"data.{name}={path}")
    return planted, keys


def write(path: Path, corpus: Corpus, entities: Sequence[Sequence[TokenSpan]]) -> None:
    """Write sentences with these entities, and the marks of documents, as a column file."""
    starts = set(corpus.document_starts)
    blocks = []
    for number, (tokens, spans) in enumerate(zip(corpus.tokens, entities, strict=True)):
        rows = zip(tokens, span_tags(spans, len(tokens), "IOB2"), strict=True)
        mark = "-DOCSTART-\tO\n\n" if number in starts else ""
        blocks.append(mark + "".join(f"{token}\t{tag}\n" for token, tag in rows))
    path.write_text("\n".join(blocks), encoding="utf-8")


def lines(suspects: Iterable[Suspect]) -> list[Line]:
    """Return suspects as lines."""
    return [Line(*suspect.region[:3]) for suspect in suspects]


def by_tagger_alone(suspects: Iterable[Suspect]) -> list[Suspect]:
    """Return suspects as they are ranked by the tagger's probabilities alone."""
    differing = [suspect for suspect in suspects if suspect.kind != INCONSISTENT]
    return sorted(differing, key=lambda each: max(each.p_gold, LEAST) / max(each.p_suggested, LEAST))


def cleanlab_lines(out: OutOfFold) -> list[Line]:
    """Return the tokens that cleanlab lists; a token beside a listed one is left out. [] where cleanlab is missing."""
    if find_spec("cleanlab") is None:
        return []
    from cleanlab.token_classification.filter import find_label_issues

    known = out.gold >= 0
    probabilities = np.exp(out.log_marginals.astype(np.float64))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    bounds = list(zip(out.offsets.tolist(), out.offsets[1:].tolist(), strict=False))
    gold = np.where(known, out.gold, 0)
    issues = find_label_issues([gold[a:b].tolist() for a, b in bounds], [probabilities[a:b] for a, b in bounds])
    listed: set[tuple[int, int]] = set()
    found = []
    for sentence, token in issues:
        if not {(sentence, token - 1), (sentence, token + 1)} & listed:
            found.append(Line(sentence, token, token + 1))
        listed.add((sentence, token))
    return found


def find(planted: Sequence[Planted], ranking: Iterable[Line]) -> set[int]:
    """Return the numbers of the errors that share a token with a line."""
    places = defaultdict(list)
    for number, error in enumerate(planted):
        places[error.sentence].append((number, error))
    return {
        number
        for line in ranking
        for number, error in places[line.sentence]
        if line.start < error.end and error.start < line.end
    }


def by_kind(errors: Sequence[Planted]) -> dict[str, int]:
    """Count errors by kind."""
    return {kind: sum(error.kind == kind for error in errors) for kind in KINDS}


def percent(part: Iterable[int], whole: Iterable[int]) -> float:
    """Return a share in percent."""
    return 100 * sum(part) / max(sum(whole), 1)


@click.command()
@options(seeds=5, corpora=("wikigold", "ncbi-disease"))
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Plant, review, and print the tables."""
    cells = [Training(corpus, keys, seed) for corpus, seed in product(corpora, range(1, seeds + 1))]
    measured = dict(side_by_side(measure, cells, jobs))
    rows, kinds = [], []
    for corpus in corpora:
        results = [measured[cell] for cell in cells if cell.corpus == corpus]
        name, planted = Path(corpus).name, results[0].planted
        shares = [
            [percent(r.found[ranking].values(), r.planted.values()) for r in results]
            for ranking in (REVIEW, ALONE, PEER)
        ]
        rows.append([name, f"{sum(planted.values())}", *map(spread, shares)])
        found = [(sum(r.found[REVIEW][kind] for r in results), sum(r.planted[kind] for r in results)) for kind in KINDS]
        kinds.append([name, *(f"{100 * part / whole:.0f}" if whole else "–" for part, whole in found)])
    click.echo("Planted errors among the first N lines, in %, mean and standard deviation over seeds:\n")
    click.echo(table(["corpus", "N", REVIEW, ALONE, PEER], rows))
    click.echo("\nBy kind, with `review`, in %:\n")
    click.echo(table(["corpus", *KINDS], kinds))


if __name__ == "__main__":
    main()
