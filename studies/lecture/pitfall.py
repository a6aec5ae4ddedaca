"""The pitfall of fine-tuning, small and visible: `make lecture`.

"French" and "German" occur in the training data of wikigold. "Dutch" does not, but occurs in dev. All three are near
neighbours in GloVe, and mostly of one entity type. Fine-tuning moves the first two; the third stays where it was.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations, product
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from tqdm import tqdm

import windowner
from docs.pages import spread, table, write
from studies.lecture.pictures import FAINT, GRADIENT, VALUE, save, sheet
from studies.lecture.trials import WORDS_ONLY, options, settings, train
from windowner.arrays import Bools, Float64
from windowner.scoring.entities import PRF, find_correct
from windowner.text.sentence import Corpus
from windowner.text.spans import Spans, encode_tags
from windowner.vectors.lookup import look_up

SEEN, UNSEEN = ("french", "german"), "dutch"
BESIDE = ("spanish", "swedish", "swiss")  # more words of the training data, for the picture
MODES = ("frozen", "fine-tuned")
NETWORKS = {"words alone": WORDS_ONLY, "words and features": ()}


class Outcome(NamedTuple):
    """One training: its entities on dev by whether all of their words were seen in training, and the word vectors.

    `found` counts the tokens of dev that are the unseen word and got their entity type.
    """

    seen: PRF
    unseen: PRF
    found: int
    vectors: dict[str, Float64]


def outcome(overrides: Sequence[str], seed: int, training: Corpus, dev: Corpus) -> Outcome:
    """Train once, and look at dev and at the vectors."""
    tagger = train(overrides, seed).tagger
    words = tagger.model.words
    rows = words.rows
    trained = {look_up(form, rows)[0] for form in set(chain.from_iterable(training.tokens))}
    known = np.array([look_up(form, rows)[0] in trained for form in chain.from_iterable(dev.tokens)])
    gold = encode_tags(dev.tags)
    predicted = encode_tags(tagger.tag(dev.tokens), gold.types)
    gold_spans, found_spans = (tags.spans() for tags in (gold, predicted))
    places = [place for place, form in enumerate(chain.from_iterable(dev.tokens)) if form.lower() == UNSEEN]
    found = int((gold.type_ids == predicted.type_ids)[places].sum())
    vectors = {word: words.E[rows[word]].astype(np.float64) for word in (*SEEN, UNSEEN, *BESIDE)}
    seen, unseen = (_counts(gold_spans, found_spans, known, group) for group in (True, False))
    return Outcome(seen, unseen, found, vectors)


def _counts(gold: Spans, found: Spans, known: Bools, seen: bool) -> PRF:
    """Count the entities all of whose words are known, or the others."""
    gold_chosen, found_chosen = (
        np.array([known[start:end].all() == seen for start, end in zip(side.start, side.end, strict=True)])
        for side in (gold, found)
    )
    return PRF(int(gold_chosen.sum()), int(found_chosen.sum()), int((found_chosen & find_correct(gold, found)).sum()))


def cosine_distance(x: Float64, y: Float64) -> float:
    """Return 1 - cos of the angle between two vectors."""
    return float(1 - x @ y / np.linalg.norm(x) / np.linalg.norm(y))


def principal_plane(points: Float64) -> tuple[Float64, Float64]:
    """Return the mean of points, and the two directions in which they vary most, (2, D)."""
    center = points.mean(axis=0)
    return center, np.linalg.svd(points - center, full_matrices=False)[2][:2]


def draw(before: dict[str, Float64], after: dict[str, Float64], path: Path) -> None:
    """Draw each word's way, in the plane in which the three words vary most."""
    figure, (axes,) = sheet(6.4, 4.2)
    three = (*SEEN, UNSEEN)
    center, plane = principal_plane(np.array([vectors[word] for vectors in (before, after) for word in three]))
    for word, old in before.items():
        start, end = (tuple((point - center) @ plane.T) for point in (old, after[word]))
        color = GRADIENT if word == UNSEEN else VALUE if word in SEEN else FAINT
        axes.plot(*start, "o", color=color, markersize=6)
        if word != UNSEEN:
            arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", end, start, arrowprops=arrow)
        away = -14 if end[1] > start[1] else 7  # the name stands on the side that the arrow leaves free
        axes.annotate(
            word.capitalize(),
            start,
            (0, away),
            textcoords="offset points",
            color=color,
            ha="center",
            weight="normal" if word in BESIDE else "bold",
        )
    axes.plot([], [], "o-", color=VALUE, label="in the training data: moved")
    axes.plot([], [], "o", color=GRADIENT, label="not in it: stays behind")
    axes.legend(frameon=False, loc="lower right")
    axes.set(xlabel="first principal component", ylabel="second principal component")
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.15)
    save(figure, path)


def distance_rows(pretrained: dict[str, Float64], outcomes: dict[tuple[str, str], list[Outcome]]) -> list[list[str]]:
    """Return the cosine distance of each pair, pretrained and after fine-tuning in each network."""
    rows = []
    for a, b in combinations((*SEEN, UNSEEN), 2):
        tuned = []
        for network in NETWORKS:
            trained = [found.vectors for found in outcomes[network, "fine-tuned"]]
            tuned.append(spread([cosine_distance(vectors[a], vectors[b]) for vectors in trained], 2))
        before = cosine_distance(pretrained[a], pretrained[b])
        rows.append([f"{a.capitalize()} – {b.capitalize()}", f"{before:.2f}", *tuned])
    return rows


def score_rows(outcomes: dict[tuple[str, str], list[Outcome]]) -> list[list[str]]:
    """Return F1 on entities of seen words and on the others, and how often the unseen word was found."""
    return [
        [
            f"{network}, {mode}",
            spread([100 * outcome.seen.f1 for outcome in row]),
            spread([100 * outcome.unseen.f1 for outcome in row]),
            spread([float(outcome.found) for outcome in row]),
        ]
        for (network, mode), row in outcomes.items()
    ]


def occurrences(training: Corpus, dev: Corpus) -> str:
    """Say how often the three words stand in each corpus."""
    counts = [Counter(form.lower() for form in chain.from_iterable(corpus.tokens)) for corpus in (training, dev)]
    cells = (f"{word.capitalize()} {counts[0][word]} and {counts[1][word]}" for word in (*SEEN, UNSEEN))
    return f"Occurrences in train and in dev: {', '.join(cells)}."


@click.command()
@options
def main(docs: Path, seeds: int, keys: tuple[str, ...]) -> None:
    """Train, and write tables and picture."""
    config = settings(keys, 0)
    training, dev = (windowner.read_corpus(config.path(name)) for name in (config.data.train, config.data.dev))
    vectors = windowner.load_vectors(config.vectors.source, directory=config.directory)
    pretrained = {
        word: vectors.rows([vectors.key_to_index[word]])[0].astype(float) for word in (*SEEN, UNSEEN, *BESIDE)
    }
    cells = [(network, mode) for network in NETWORKS for mode in MODES]
    outcomes: dict[tuple[str, str], list[Outcome]] = {cell: [] for cell in cells}
    for (network, mode), seed in tqdm(list(product(cells, range(seeds))), desc="pitfall", disable=None):
        overrides = (*NETWORKS[network], *keys, f"vectors.mode={mode}")
        outcomes[network, mode].append(outcome(overrides, seed, training, dev))
    draw(pretrained, outcomes["words alone", "fine-tuned"][0].vectors, docs / "lecture" / "pitfall.svg")
    first, *_ = outcomes["words alone", "frozen"]
    heads = ("cosine distance", "pretrained", *(f"fine-tuned, {network}" for network in NETWORKS))
    distances = table(heads, distance_rows(pretrained, outcomes))
    write(docs / "lecture.md", "pitfall-distances", f"{occurrences(training, dev)}\n\n{distances}")
    heads = (
        "network and vectors",
        f"F1, {first.seen.support} entities of seen words",
        f"F1, {first.unseen.support} others",
        f"“{UNSEEN.capitalize()}” with its type",
    )
    write(docs / "lecture.md", "pitfall-scores", table(heads, score_rows(outcomes)))


if __name__ == "__main__":
    main()
