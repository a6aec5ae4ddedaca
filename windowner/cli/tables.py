"""Tables and numbers as people read them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from windowner.errors import WindownerError
from windowner.scoring.entities import PRF, Scores
from windowner.scoring.reliability import BINS, Bin, expected_calibration_error

UNTYPED = "(no type)"  # entities of a corpus that writes B and I without a type


def print_scores(scores: Scores) -> None:
    """Print the score table: percentages, as conlleval prints them."""
    overall = scores.overall
    click.echo(
        f"{scores.tokens:,} tokens, {scores.sentences:,} sentences; entities: {overall.support:,} gold, "
        f"{overall.predicted:,} found, {overall.correct:,} correct; token accuracy {scores.accuracy:.2%}"
    )
    table = Table("type", *("precision", "recall", "F1", "support"), box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in scores.types.items():
        table.add_row(name or UNTYPED, *_cells(counts))
    table.add_row("overall", *_cells(overall), style="bold")
    print_table(table)


def print_reliability(bins: Sequence[Bin], temperature: float) -> None:
    """Print the entities found by their probability: how many, what it is on average, and the share that is correct."""
    click.echo()
    if not bins:
        click.echo("no entities were found, whose probabilities could be compared with anything")
        return
    table = Table("probability", *("entities", "mean", "correct"), box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in bins:
        low = int(min(one.probability, 1 - 1e-9) * BINS) / BINS
        table.add_row(
            f"{low:.1f} to {low + 1 / BINS:.1f}", f"{one.entities:,}", f"{one.probability:.3f}", f"{one.correct:.3f}"
        )
    print_table(table)
    error = expected_calibration_error(bins)
    click.echo(f"expected calibration error: {100 * error:.2f} points, at temperature {temperature:.2f}")


def print_table(table: Table) -> None:
    """Print a table on stdout, not cut where lines are not read by a person."""
    console = Console(highlight=False, markup=False, emoji=False)  # types and words are text, whatever they hold
    if not console.is_terminal:
        console.width = max(console.width, 200)
    console.print(table)


def write_json(values: Any, path: str) -> None:
    """Write values as JSON to a file, or to stdout if it is called `-`."""
    text = json.dumps(values, indent=2, ensure_ascii=False)
    if path == "-":
        click.echo(text)
        return
    try:
        Path(path).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise WindownerError(f"{path}: cannot be written: {error.strerror}") from None


def _cells(counts: PRF) -> list[str]:
    rates = [f"{100 * rate:.2f}" for rate in (counts.precision, counts.recall, counts.f1)]
    return [*rates, f"{counts.support:,}"]
