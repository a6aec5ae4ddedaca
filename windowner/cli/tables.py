"""Scores and other numbers, printed as tables or written as JSON."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from windowner.cli.terminal import as_shown, say, shows
from windowner.errors import WindownerError
from windowner.files import write_whole
from windowner.scoring.entities import PRF, Scores
from windowner.scoring.exact_spans import SpanScores
from windowner.scoring.intervals import CONFIDENCE, RateIntervals, ScoreIntervals
from windowner.scoring.reliability import Bin, expected_calibration_error
from windowner.text.wording import count_of, type_name

UNWRAPPED = 1 << 24
"""Columns of a file or a pipe."""


class TextTable(Table):
    """A table of plain text: its headings and cells are laid out as stdout shows them, without control characters."""

    def __init__(self, *heads: str, **style: Any) -> None:
        super().__init__(*heads, **{"box": None, "pad_edge": False, "header_style": "bold", **style})

    def add_column(self, header: Any = "", *more: Any, **options: Any) -> None:
        """Add a column with a heading. What is too long for it goes on in the next line, and is not cut."""
        super().add_column(as_shown(header), *more, **{"overflow": "fold", **options})

    def add_row(self, *cells: Any, **options: Any) -> None:
        """Add a row of texts."""
        super().add_row(*map(as_shown, cells), **options)


def print_scores(scores: Scores, intervals: ScoreIntervals | None = None) -> None:
    """Print precision, recall and F1 of each type in percent, as conlleval does, and their intervals if there are."""
    overall = scores.overall
    say(
        f"{count_of(scores.tokens, 'token')}, {count_of(scores.sentences, 'sentence')}; "
        f"entities: {overall.support:,} gold, "
        f"{overall.predicted:,} found, {overall.correct:,} correct; token accuracy {scores.accuracy:.2%}"
    )
    if intervals is None:
        _print_types(overall, scores.types)
    else:
        _print_intervals(scores, intervals)
    if scores.not_annotated:
        say(f"{count_of(scores.not_annotated, 'token')} not annotated, and left out")


def print_span_scores(scores: SpanScores) -> None:
    """Print the same of exact spans of characters, and how many of them no tags can give."""
    overall = scores.overall
    say(
        f"{count_of(scores.documents, 'text')}; exact spans of characters: {overall.support:,} gold, "
        f"{overall.predicted:,} found, {overall.correct:,} correct"
    )
    _print_types(overall, scores.types)
    if scores.nested:
        say(
            f"{count_of(scores.nested, 'gold span')} missed because of a longer one that overlaps: "
            "no sequence of tags gives both"
        )


def _print_types(overall: PRF, types: Mapping[str, PRF]) -> None:
    table = TextTable("type", *("precision", "recall", "F1", "support"))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in types.items():
        table.add_row(type_name(name), *_cells(counts))
    table.add_row("overall", *_cells(overall), style="bold")
    print_table(table)


def _print_intervals(scores: Scores, intervals: ScoreIntervals) -> None:
    """Print a line of intervals below the rates of each type."""
    table = TextTable("type", *("precision", "recall", "F1", "support"))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in scores.types.items():
        table.add_row(type_name(name), *_cells(counts))
        table.add_row("", *_interval_cells(intervals.types[name]))
    table.add_row("overall", *_cells(scores.overall), style="bold")
    table.add_row("", *_interval_cells(intervals.overall))
    print_table(table)
    say(
        f"{CONFIDENCE:.0%} intervals: {count_of(intervals.resamples, 'resample')} of "
        f"{count_of(intervals.units, intervals.unit)}"
    )


def print_reliability(bins: Sequence[Bin], temperature: float) -> None:
    """Print, for each range of probabilities, the number of entities, their mean probability and the share correct."""
    say()
    if not bins:
        say("no calibration: the tagger found no entities")
        return
    table = TextTable("probability", *("entities", "mean", "correct"))
    for column in table.columns[1:]:
        column.justify = "right"
    for each in bins:
        table.add_row(each.edges, f"{each.entities:,}", f"{each.probability:.3f}", f"{each.correct:.3f}")
    print_table(table)
    error = expected_calibration_error(bins)
    say(f"expected calibration error: {100 * error:.2f} points, at temperature {temperature:.2f}")


def print_table(table: TextTable) -> None:
    """Print a table on stdout. Long lines are wrapped on a terminal, but not in a file or a pipe."""
    console = Console(highlight=False, markup=False, emoji=False, force_terminal=_is_terminal())  # words are plain text
    if _is_terminal():
        console.print(table)
        return
    console.width = UNWRAPPED
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().removesuffix("\n").split("\n"):
        say(line.rstrip())


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print named values on stdout: as a table on a terminal, and one per line in a file or a pipe."""
    if not _is_terminal():
        for name, value in facts:
            say(f"{name}: {value}")
        return
    table = TextTable("", "", show_header=False)
    for fact in facts:
        table.add_row(*fact)
    print_table(table)


def _is_terminal() -> bool:
    """Return whether stdout is a terminal. FORCE_COLOR, which notebooks and CI set, makes none of a pipe."""
    return sys.stdout is not None and sys.stdout.isatty()  # None: closed


def is_unicode(text: str) -> bool:
    """Return whether UTF-8 can hold a text. It cannot hold half of a surrogate pair, as the name of a file may have."""
    return text == text.encode(errors="replace").decode()


def json_text(values: Any, holds: Callable[[str], bool] = is_unicode, indent: int | None = None) -> str:
    """Return values as JSON, with escapes for all characters beyond ASCII if the place where it goes cannot hold it."""
    text = json.dumps(values, indent=indent, ensure_ascii=False)
    return text if holds(text) else json.dumps(values, indent=indent)


def write_json(values: Any, path: str) -> None:
    """Write values as JSON to a file, whole or not at all, or to stdout if the path is `-`."""
    if path == "-":
        click.echo(json_text(values, shows, indent=2))
        return
    write_text(json_text(values, indent=2) + "\n", Path(path))


def write_text(text: str, path: Path | None) -> None:
    """Write text as UTF-8 to a file, whole or not at all, or to stdout if the path is `-` or missing."""
    if path is None or str(path) == "-":
        if sys.stdout is None:
            raise WindownerError("standard output is closed, expected a place for the text; --out writes a file")
        with click.open_file("-", "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()  # an error at this place is reported; an error when the process ends would not be
        return
    write_bytes(text.encode(), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file, whole or not at all."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise WindownerError(f"{path}: cannot be written: {error.strerror}") from None


def _interval_cells(intervals: RateIntervals) -> list[str]:
    return [f"{100 * low:.1f} to {100 * high:.1f}" for low, high in intervals]


def _cells(counts: PRF) -> list[str]:
    rates = [f"{100 * rate:.2f}" for rate in (counts.precision, counts.recall, counts.f1)]
    return [*rates, f"{counts.support:,}"]
