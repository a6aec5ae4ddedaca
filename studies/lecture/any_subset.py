"""Any subset of the gradients still lowers the loss, and so does a wrong gradient: `make lecture`.

Trains configs/any-subset.toml with other blocks in `train.update`, and then all blocks with a mistake planted in the
backward pass. Draws the loss of every training, and asks the gradient check which of the gradients are right.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import click
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from docs.pages import ROOT, docs_option, table, write
from studies.lecture.pictures import SERIES, save, sheet
from studies.lecture.trials import dev_f1, settings, train
from windowner.gradients.check import GradientCheck, check_config
from windowner.gradients.mistakes import planted
from windowner.graph.numeric import worst

CONFIG = ROOT / "configs" / "any-subset.toml"
SEED = 0
LOSSES, TICKS = (0.008, 4), (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
ALL = ("words", "features", "W", "b1", "U", "b2")
SUBSETS = {
    "all blocks": ALL,
    "all but b1": tuple(block for block in ALL if block != "b1"),
    "W alone": ("W",),
    "U and b2": ("U", "b2"),
    "the tables alone": ("words", "features"),
    "features alone": ("features",),
    "b2 alone": ("b2",),
}


NO_MISTAKE = "no mistake"
WRONG = ("tanh' forgotten", "a repeated row counted once", "dW divided by the words per window")


class Curve(NamedTuple):
    """A training: its loss by epoch and dev F1 in percent."""

    losses: list[float]
    f1: float


def curve(*overrides: str) -> Curve:
    """Train once."""
    run = train(overrides, SEED, CONFIG)
    return Curve([record.loss for record in run.history], dev_f1(run))


def draw(subsets: dict[str, Curve], mistakes: dict[str, Curve], path: Path) -> None:
    """Draw the losses side by side, the right gradient of all blocks as a broad line behind the others."""
    figure, panels = sheet(9.6, 4.2, columns=2)
    titles = "some blocks are trained", "all are trained, with a mistake"
    for axes, curves, title in zip(panels, (subsets, mistakes), titles, strict=True):
        for (name, curve), color in zip(curves.items(), SERIES, strict=False):
            epochs = range(1, len(curve.losses) + 1)
            broad = color == SERIES[0]
            axes.plot(
                epochs,
                curve.losses,
                color=color,
                alpha=0.35 if broad else 1,
                linewidth=7 if broad else 1.5,
                marker="" if broad else ".",
                label=name,
            )
        axes.set(title=title, xlabel="epoch", ylabel="loss", yscale="log", ylim=LOSSES)
        axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axes.minorticks_off()
        axes.legend(frameon=False, fontsize=9, loc="lower left")
    save(figure, path)


def subset_row(name: str, curve: Curve) -> list[str]:
    """Return a row of the first table."""
    return [name, *(f"{loss:.3f}" for loss in (curve.losses[0], curve.losses[-1])), f"{curve.f1:.1f}"]


def mistake_row(name: str, curve: Curve, checks: list[GradientCheck]) -> list[str]:
    """Return a row of the second table."""
    failed = [check.name for check in checks if not check.passed]
    verdict = f"fails: {', '.join(failed)}" if failed else "passes"
    return [*subset_row(name, curve), f"{worst(checks).error:.0e}", verdict]


@click.command()
@docs_option
@click.option("--set", "keys", multiple=True, help="section.key=value of all trainings; repeatable.")
def main(docs: Path, keys: tuple[str, ...]) -> None:
    """Train, and write tables and picture."""
    every = (*keys, f"train.update={list(ALL)}")
    names = (NO_MISTAKE, *WRONG)
    subsets, mistakes, checks = {}, {}, {}
    with tqdm(total=len(SUBSETS) + len(names), desc="any subset", unit=" trainings", disable=None) as bar:
        for name, blocks in SUBSETS.items():
            subsets[name] = curve(*keys, f"train.update={list(blocks)}")
            bar.update()
        for name in names:
            with nullcontext() if name == NO_MISTAKE else planted(name):
                mistakes[name] = curve(*every)
                with threadpool_limits(limits=1, user_api="blas"):
                    checks[name] = check_config(settings(every, SEED, CONFIG))
            bar.update()
    draw(subsets, mistakes, docs / "lecture" / "any-subset.svg")
    heads = ("loss, first epoch", "loss, last epoch", "dev F1")
    page = docs / "lecture.md"
    write(page, "any-subset", table(("trained", *heads), [subset_row(*item) for item in subsets.items()]))
    rows = [mistake_row(name, curve, checks[name]) for name, curve in mistakes.items()]
    write(page, "planted-bugs", table(("mistake", *heads, "largest error", "`windowner gradcheck`"), rows))


if __name__ == "__main__":
    main()
