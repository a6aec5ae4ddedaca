"""New types for a trained tagger: `train --init` against a training from scratch. `make going-on`.

Three texts ask for one type, ORG, to be added to a tagger:

    the same      the old tagger learnt from all training sentences, in which ORG is O; now ORG is annotated, too
    other         the old tagger learnt from one half, in which ORG is O; now comes the other half, with all types
    other, alone  the same, but in the other half nobody looked for anything else than ORG

    old        the old tagger
    from it    `--init` with the new text, a tenth of the old sentences, and the defaults: a tenth of the epochs
    scratch    trained on the new text alone, for all epochs. Of *other, alone*, it is trained on all types

The old tagger is scored on the old types. Prints a Markdown table of F1 on dev; test is not read.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from docs.pages import table
from studies.changed_text import sentences_of, train_on, without_type
from studies.trainings import Training, side_by_side
from windowner.runs.finishing import Run
from windowner.scoring.entities import PRF
from windowner.text.sentence import Sentence

SAME, OTHER, ALONE = "the same", "other", "other, alone"
OLD, GONE_ON, FORGETFUL, SCRATCH = "old", "from it", "from it, without old sentences", "scratch"
WAYS = (OLD, GONE_ON, FORGETFUL, SCRATCH)

F1 = tuple[float, float]
"""F1 of the old types together, and of the new one."""


def f1(run: Run, new: str) -> F1:
    """Return F1 on dev, in percent, of the old types together, and of the new one."""
    types = run.scores["dev"].types
    old = [counts for name, counts in types.items() if name != new]
    together = PRF(*(sum(getattr(each, name) for each in old) for name in ("support", "predicted", "correct")))
    return 100 * together.f1, 100 * types[new].f1


def outcomes(cell: tuple[int, bool], corpus: str, new: str, keys: tuple[str, ...] = ()) -> dict[tuple[str, str], F1]:
    """Train with one seed, and return the scores of each new text and tagger.

    The cell is the seed, and whether the new text is the same as the old one.
    """
    seed, is_same = cell
    training, going_on = (Training(corpus, keys, seed, going_on=value) for value in (False, True))
    sentences = sentences_of(training)
    first = second = sentences
    if not is_same:
        order = np.random.default_rng(seed).permutation(len(sentences))
        first, second = (_take(sentences, part) for part in np.array_split(order, 2))
    learnt = {SAME: second} if is_same else {OTHER: second, ALONE: list(_alone(second, new))}
    found: dict[tuple[str, str], F1] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        old = train_on(training, without_type(first, new), folder / "old")
        scratch = train_on(training, second, folder / "scratch")
        for text, read in learnt.items():
            found |= {(text, OLD): f1(old, new), (text, SCRATCH): f1(scratch, new)}
            for way, share in ((GONE_ON, 0.1), (FORGETFUL, 0.0)):
                again = going_on.with_keys(f"data.rehearse={share}")
                found[text, way] = f1(train_on(again, read, folder / text / way, init=old.folder), new)
    return found


def _take(sentences: Sequence[Sentence], places: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> list[Sentence]:
    return [sentences[place] for place in np.sort(places).tolist()]


def _alone(sentences: Sequence[Sentence], name: str) -> Iterator[Sentence]:
    """Yield sentences in which the entities of all other types are O."""
    for each in sentences:
        yield each._replace(tags=[tag if tag[2:] == name else "O" for tag in each.tags or []])


@click.command()
@click.option("--seeds", default=2, show_default=True, help="Trainings per row.")
@click.option("--jobs", default=1, show_default=True, help="Trainings at a time.")
@click.option("--corpus", default="wikigold", show_default=True, help="A corpus of configs/.")
@click.option("--type", "new", default="ORG", show_default=True, help="The type that is new.")
@click.option("--set", "keys", multiple=True, help="section.key=value of all trainings; repeatable.")
def main(seeds: int, jobs: int, corpus: str, new: str, keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    found: dict[tuple[str, str], list[F1]] = {}
    cells = list(product(range(seeds), (True, False)))
    for cell, scores in side_by_side(partial(outcomes, corpus=corpus, new=new, keys=keys), cells, jobs):
        click.echo(f"{cell}: {scores}", err=True)
        for key, score in scores.items():
            found.setdefault(key, []).append(score)
    rows = []
    for text, way in product((SAME, OTHER, ALONE), WAYS):
        of_old, of_new = np.mean(found[text, way], axis=0)
        rows.append([text, way, f"{of_old:.1f}", "" if way == OLD else f"{of_new:.1f}"])
    click.echo(table(["new text", "tagger", "old types", new], rows, text_columns=2))


if __name__ == "__main__":
    main()
