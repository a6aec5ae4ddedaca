"""`windowner cutoff`."""

from collections.abc import Sequence
from pathlib import Path

import click

from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.runs.cutoffs import NONE, OWN, TypeCutoff, fit_cutoffs, keep_cutoffs, known_types
from windowner.runs.file_names import MODEL_NAME
from windowner.runs.folder import RunFolder, read_run
from windowner.runs.found import found_on_dev
from windowner.scoring.operating_points import LEAST
from windowner.text.wording import count_of, type_name

PRECISION = "precision="


def read_target(_ctx: click.Context, _option: click.Parameter, value: str) -> float:
    """Return the fraction of `precision=0.9`."""
    try:
        fraction = float(value.removeprefix(PRECISION)) if value.startswith(PRECISION) else -1.0
    except ValueError:
        fraction = -1.0
    if not 0 < fraction < 1:
        expected = "precision= and a fraction between 0 and 1, such as precision=0.9"
        raise click.BadParameter(f"{value!r}: expected {expected}")
    return fraction


@click.command("cutoff")
@click.argument("run", type=LocalPath())
@click.option(
    "--target",
    metavar="precision=FRACTION",
    default="precision=0.9",
    callback=read_target,
    help="Precision that the remaining entities must reach.",
)
@click.option(
    "--types", metavar="TYPE,...", default="", show_default="all", help="Types whose cutoffs change, such as LOC,PER."
)
@click.option("--reset", is_flag=True, help="Remove the cutoffs.")
def command(run: Path, target: float, types: str, reset: bool) -> None:
    """Let the tagger of RUN, the folder of a finished training, leave out entities that are not probable enough.

    Each type gets a cutoff: the least probability with which its entities of dev surely reach the target. The model
    keeps the cutoffs. `tag`, `eval` and Tagger apply them; `tag --min-probability` replaces them. "Surely" means that
    the lower bound of the precision, "at least" in the table, reaches the target, and that 20 entities of dev or more
    remain.

    A type that does not reach the target gets the cutoff with which all types together reach it. If all types together
    do not reach the target either, the type gets no cutoff. Both cases are reported.

    \b
    windowner cutoff runs/wikigold --target precision=0.9
    windowner cutoff runs/wikigold --target precision=0.8 --types LOC,PER
    windowner cutoff runs/wikigold --reset
    """
    folder = read_run(run)
    chosen = known_types(folder, [name.strip() for name in types.split(",") if name.strip()])
    if reset:
        keep_cutoffs(folder, dict.fromkeys(chosen, 0.0))
        say(f"{run / MODEL_NAME}: no cutoffs of {_names(chosen)}")
        return
    cutoffs = fit_cutoffs(found_on_dev(folder), target, chosen)
    keep_cutoffs(folder, {each.type: each.after.cutoff for each in cutoffs})
    show(cutoffs, folder, target)


def show(cutoffs: Sequence[TypeCutoff], run: RunFolder, target: float) -> None:
    """Print what the cutoffs do on dev, and which types do not reach the target."""
    heads = ("cutoff", "found", "kept", "precision", "with cutoff", "at least", "recall", "with cutoff")
    table = TextTable("type", *heads)
    for column in table.columns[1:]:
        column.justify = "right"
    for each in cutoffs:
        before, after = each.before, each.after
        rates = before.precision, after.precision, after.lower, before.recall, after.recall
        table.add_row(
            type_name(each.type),
            f"{after.cutoff:.3f}" if after.cutoff else "",
            *(f"{point.kept:,}" for point in (before, after)),
            *(f"{100 * rate:.1f}" for rate in rates),
        )
    print_table(table)
    for each in cutoffs:
        if each.source != OWN:
            say(explain(each, target), fg="yellow", err=True)
    say(f"{run.path / MODEL_NAME}: the scores above are those on dev, to which the cutoffs are fitted")


def explain(cutoff: TypeCutoff, target: float) -> str:
    """Say why a type has no cutoff of its own, and what happens to it."""
    name, best = type_name(cutoff.type), cutoff.best
    if best is None:
        reached = f"only {count_of(cutoff.before.kept, 'entity')} found in dev, expected at least {LEAST}"
    else:
        reached = (
            f"no cutoff surely reaches {100 * target:g} % on dev; the best one surely reaches {100 * best.lower:.1f} % "
            f"with {count_of(best.kept, 'entity')}"
        )
    if cutoff.source == NONE:
        return f"{name}: {reached}. All types together do not reach it either: {name} gets no cutoff"
    return f"{name}: {reached}. It gets the cutoff of all types together, {cutoff.after.cutoff:.3f}"


def _names(types: Sequence[str]) -> str:
    return ", ".join(type_name(name) for name in types)
