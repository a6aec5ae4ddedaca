"""An experiment's answer on a terminal: tables, and the advice last."""

from collections.abc import Sequence

import click
from rich.table import Table

from windowner.cli.tables import UNTYPED, print_table
from windowner.experiments.advice import points
from windowner.experiments.answer import Answer, Cell
from windowner.report.comparison import Score


def print_answer(answer: Answer) -> None:
    """Print all tables."""
    click.secho(f"{answer.name}: {answer.base} by {answer.by}; entity F1 on {answer.split}, %", bold=True)
    print_table(score_table(answer.cells))
    if answer.contrasts:
        click.secho(
            f"\ndifferences: points of F1, {answer.confidence:.0%} intervals over seeds and sentences", bold=True
        )
        print_table(difference_table(answer))
    for one in answer.crossings:
        ahead = one.other if one.upwards else one.reference
        context = f", {one.context}" if one.context else ""
        chance = "" if one.sure else " (within the noise)"
        click.echo(
            f"the learning curves cross at about {one.words:,} training words: {ahead} is ahead beyond{context}{chance}"
        )
    most = max(cell.words for cell in answer.cells)
    full = [cell for cell in answer.cells if cell.words == most]
    click.secho(f"\nF1 by how well the entities' words are known, at {most:,} training words", bold=True)
    print_table(familiarity_table(full))
    click.secho(f"\nprecision / recall / F1 of each type, at {most:,} training words", bold=True)
    print_table(type_table(full))
    click.secho(f"\n{answer.advice}", bold=True)


def score_table(cells: Sequence[Cell]) -> Table:
    """Return mean, standard deviation and number of trials of each setting and amount of data."""
    tested = any(cell.test for cell in cells)
    heads = ["training words", "setting", "dev F1", *(["test F1"] if tested else []), "n", "training, s"]
    table = _table(heads, text=[1])
    for cell in cells:
        test = [_score(cell.test) if cell.test else ""] if tested else []
        table.add_row(f"{cell.words:,}", cell.label, _score(cell.dev), *test, str(cell.n), f"{cell.seconds:.1f}")
    return table


def difference_table(answer: Answer) -> Table:
    """Return the differences with their intervals."""
    table = _table(["training words", "setting", "against", "difference", "interval", "p", "n"], text=[1, 2])
    for one in answer.contrasts:
        other = ", ".join(filter(None, [one.other, one.context]))
        interval = f"[{points(one.low)}, {points(one.high)}]"
        table.add_row(f"{one.words:,}", other, one.reference, points(one.value), interval, f"{one.p:.4f}", str(one.n))
    return table


def familiarity_table(cells: Sequence[Cell]) -> Table:
    """Return F1 of each group of entities."""
    groups = list(cells[0].familiarity)
    table = _table(["setting", *groups], text=[0])
    for cell in cells:
        table.add_row(cell.label, *(_score(cell.familiarity[group]) for group in groups))
    return table


def type_table(cells: Sequence[Cell]) -> Table:
    """Return precision, recall and F1 of each type under each setting; columns are whichever are fewer."""
    names = sorted({name for cell in cells for name in cell.types})
    if len(cells) <= len(names):
        table = _table(["type", *(cell.label for cell in cells)], text=[0])
        for name in names:
            table.add_row(name or UNTYPED, *(_rates(cell, name) for cell in cells))
        return table
    table = _table(["setting", *(name or UNTYPED for name in names)], text=[0])
    for cell in cells:
        table.add_row(cell.label, *(_rates(cell, name) for name in names))
    return table


def _rates(cell: Cell, name: str) -> str:
    found = cell.types.get(name, {})
    return " / ".join(f"{100 * found.get(part, 0.0):.1f}" for part in ("precision", "recall", "f1"))


def _score(score: Score) -> str:
    return f"{100 * score.mean:.1f} ± {100 * score.deviation:.1f}"


def _table(heads: Sequence[str], text: Sequence[int]) -> Table:
    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(table.columns):
        column.justify = "left" if place in text else "right"
    return table
