"""The pitfall of fine-tuning, small and visible: `make lecture`.

"French" and "German" stand in the training data of wikigold, "Dutch" does not, but in dev. All three are near
neighbours in GloVe, and of one entity type. Fine-tuning moves the first two; the third stays where it was.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import windowner
from studies.lecture.pictures import FAINT, GRADIENT, VALUE, save, sheet
from studies.lecture.trials import SEEDS, WORDS_ONLY, settings, train
from studies.pages import DOCS, PICTURES, spread, table, write
from windowner.inputs.words import word_rows
from windowner.scoring.entities import PRF, find_correct
from windowner.text.sentence import Corpus
from windowner.text.spans import Spans, encode_tags
from windowner.vectors.lookup import look_up

PAGE = DOCS / "lecture.md"
SEEN, UNSEEN = ("french", "german"), "dutch"
BESIDE = ("spanish", "swedish", "swiss")  # more words of the training data, for the picture
MODES = ("frozen", "fine-tuned")
NETWORKS = {"words alone": WORDS_ONLY, "words and features": ()}

Points = NDArray[np.float64]


class Outcome(NamedTuple):
    """One training: its entities on dev by whether all of their words were seen in training, and the word vectors.

    `found` counts the tokens of dev that are the unseen word and got their entity type.
    """

    seen: PRF
    unseen: PRF
    found: int
    vectors: dict[str, Points]


def outcome(overrides: Sequence[str], seed: int, training: Corpus, dev: Corpus) -> Outcome:
    """Train once, and look at dev and at the vectors."""
    tagger = train(overrides, seed).tagger
    rows = word_rows(tagger.words)
    trained = {look_up(form, rows)[0] for form in set(chain.from_iterable(training.tokens))}
    known = np.array([look_up(form, rows)[0] in trained for form in chain.from_iterable(dev.tokens)])
    gold = encode_tags(dev.tags)
    predicted = encode_tags(tagger.tag(dev.tokens), gold.types)
    gold_spans, found_spans = (tags.spans() for tags in (gold, predicted))
    places = [place for place, form in enumerate(chain.from_iterable(dev.tokens)) if form.lower() == UNSEEN]
    found = int((gold.type_ids == predicted.type_ids)[places].sum())
    E = tagger.network.tables["words"]
    vectors = {word: E[rows[word]].astype(np.float64) for word in (*SEEN, UNSEEN, *BESIDE)}
    of_seen, of_others = (_counts(gold_spans, found_spans, known, seen) for seen in (True, False))
    return Outcome(of_seen, of_others, found, vectors)


def _counts(gold: Spans, found: Spans, known: NDArray[np.bool_], seen: bool) -> PRF:
    """Count the entities all of whose words are known, or the others."""
    of_gold, of_found = (
        np.array([known[start:end].all() == seen for start, end in zip(side.start, side.end, strict=True)])
        for side in (gold, found)
    )
    return PRF(int(of_gold.sum()), int(of_found.sum()), int((of_found & find_correct(gold, found)).sum()))


def cosine_distance(one: Points, other: Points) -> float:
    """Return 1 - cos of the angle between two vectors."""
    return float(1 - one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def principal_plane(points: Points) -> tuple[Points, Points]:
    """Return the mean of points, and the two directions in which they vary most, (2, D)."""
    center = points.mean(axis=0)
    return center, np.linalg.svd(points - center, full_matrices=False)[2][:2]


def draw(before: dict[str, Points], after: dict[str, Points]) -> None:
    """Draw each word's way, in the plane in which the three words vary most."""
    figure, (axes,) = sheet(6.4, 4.2)
    center, plane = principal_plane(np.array([of[word] for of in (before, after) for word in (*SEEN, UNSEEN)]))
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
    save(figure, PICTURES / "pitfall.svg")


def distance_rows(pretrained: dict[str, Points], outcomes: dict[tuple[str, str], list[Outcome]]) -> list[list[str]]:
    """Return the cosine distance of each pair, pretrained and after fine-tuning in each network."""
    rows = []
    for one, other in combinations((*SEEN, UNSEEN), 2):
        tuned = (
            spread([cosine_distance(o.vectors[one], o.vectors[other]) for o in outcomes[network, "fine-tuned"]], 2)
            for network in NETWORKS
        )
        before = cosine_distance(pretrained[one], pretrained[other])
        rows.append([f"{one.capitalize()} – {other.capitalize()}", f"{before:.2f}", *tuned])
    return rows


def score_rows(outcomes: dict[tuple[str, str], list[Outcome]]) -> list[list[str]]:
    """Return F1 on entities of seen words and on the others, and how often the unseen word was found."""
    return [
        [
            f"{network}, {mode}",
            spread([100 * outcome.seen.f1 for outcome in of_cell]),
            spread([100 * outcome.unseen.f1 for outcome in of_cell]),
            spread([float(outcome.found) for outcome in of_cell]),
        ]
        for (network, mode), of_cell in outcomes.items()
    ]


def occurrences(training: Corpus, dev: Corpus) -> str:
    """Say how often the three words stand in each corpus."""
    counts = [Counter(form.lower() for form in chain.from_iterable(corpus.tokens)) for corpus in (training, dev)]
    cells = (f"{word.capitalize()} {counts[0][word]} and {counts[1][word]}" for word in (*SEEN, UNSEEN))
    return f"Occurrences in train and in dev: {', '.join(cells)}."


def main() -> None:
    """Train, and write tables and picture."""
    config = settings((), 0)
    training, dev = (windowner.read_corpus(config.path(name)) for name in (config.data.train, config.data.dev))
    vectors = windowner.load_vectors(config.vectors.source, directory=config.directory)
    pretrained = {
        word: vectors.rows([vectors.key_to_index[word]])[0].astype(float) for word in (*SEEN, UNSEEN, *BESIDE)
    }
    cells = [(network, mode) for network in NETWORKS for mode in MODES]
    outcomes: dict[tuple[str, str], list[Outcome]] = {cell: [] for cell in cells}
    for (network, mode), seed in tqdm([(cell, s) for cell in cells for s in SEEDS], desc="pitfall", disable=None):
        overrides = (*NETWORKS[network], f"vectors.mode={mode}")
        outcomes[network, mode].append(outcome(overrides, seed, training, dev))
    draw(pretrained, outcomes["words alone", "fine-tuned"][0].vectors)
    first, *_ = outcomes["words alone", "frozen"]
    heads = ("cosine distance", "pretrained", *(f"fine-tuned, {network}" for network in NETWORKS))
    distances = table(heads, distance_rows(pretrained, outcomes))
    write(PAGE, "pitfall-distances", f"{occurrences(training, dev)}\n\n{distances}")
    heads = (
        "network and vectors",
        f"F1, {first.seen.support} entities of seen words",
        f"F1, {first.unseen.support} others",
        f"“{UNSEEN.capitalize()}” with its type",
    )
    write(PAGE, "pitfall-scores", table(heads, score_rows(outcomes)))


if __name__ == "__main__":
    main()
