"""A new type for a trained tagger: `train --init` against a training from scratch. `make going-on`.

    old        trained on the first half of the training sentences, in which one type, ORG, is O
    from it    `--init`: the second half, with all types, and a tenth of the old sentences; a tenth of the epochs, with
               more and larger steps (`STEPS`)
    scratch    trained on the second half alone, with all types, for all epochs

The old tagger is scored on the old types. Prints a Markdown table of F1 on dev; test is not read.
"""

from collections.abc import Sequence
from functools import partial
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

STEPS = ("train.batch=32", "train.learning_rate=0.004")
OLD, GONE_ON, SCRATCH, FORGETFUL = "old", "from it", "scratch", "from it, without old sentences"


def f1(run: Run, new: str) -> tuple[float, float]:
    """Return F1 on dev, in percent, of the old types together, and of the new one."""
    types = run.scores["dev"].types
    old = [counts for name, counts in types.items() if name != new]
    together = PRF(*(sum(getattr(each, name) for each in old) for name in ("support", "predicted", "correct")))
    return 100 * together.f1, 100 * types[new].f1


def outcomes(cell: tuple[int, str], keys: tuple[str, ...] = ()) -> dict[str, tuple[float, float]]:
    """Train with one seed and one new type, and return the scores of each tagger."""
    seed, new = cell
    training = Training("wikigold", keys, seed)
    sentences = sentences_of(training)
    order = np.random.default_rng(seed).permutation(len(sentences))
    first, second = (_take(sentences, part) for part in np.array_split(order, 2))
    with TemporaryDirectory() as name:
        folder = Path(name)
        old = train_on(training, without_type(first, new), folder / "old")
        scratch = train_on(training, second, folder / "scratch")
        epochs = max(1, len(scratch.history) // 10)
        found = {OLD: f1(old, new), SCRATCH: f1(scratch, new)}
        for way, share in ((GONE_ON, 0.1), (FORGETFUL, 0.0)):
            short = Training("wikigold", (*keys, *STEPS, f"train.epochs={epochs}", f"data.rehearse={share}"), seed)
            found[way] = f1(train_on(short, second, folder / way, init=old.folder), new)
    return found


def _take(sentences: Sequence[Sentence], places: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> list[Sentence]:
    return [sentences[place] for place in np.sort(places).tolist()]


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Trainings per row.")
@click.option("--jobs", default=1, show_default=True, help="Trainings at a time.")
@click.option("--type", "new", default="ORG", show_default=True, help="The type that is new.")
@click.option("--set", "keys", multiple=True, help="section.key=value of all trainings; repeatable.")
def main(seeds: int, jobs: int, new: str, keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    found = []
    for (seed, _), scores in side_by_side(partial(outcomes, keys=keys), [(seed, new) for seed in range(seeds)], jobs):
        found.append(scores)
        click.echo(f"{seed}: {scores}", err=True)
    rows = []
    for way in (OLD, GONE_ON, FORGETFUL, SCRATCH):
        of_old, of_new = np.mean([scores[way] for scores in found], axis=0)
        rows.append([way, f"{of_old:.1f}", "" if way == OLD else f"{of_new:.1f}"])
    click.echo(table(["tagger", "old types", new], rows))


if __name__ == "__main__":
    main()
