"""`windowner diff`."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import click

from windowner.cli.options import (
    encoding_option,
    format_option,
    json_option,
    run_tag_column_option,
    run_token_column_option,
)
from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.cli.reading import reading_of
from windowner.cli.tables import TextTable, json_text, print_table, write_json, write_text
from windowner.cli.terminal import say
from windowner.errors import DataError
from windowner.files import shown_path
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import AUTO
from windowner.labels.differences import KINDS, RIGHT, Comparison, compare_taggers
from windowner.labels.review_tasks import entity_text
from windowner.labels.unlabelled import read_unlabelled
from windowner.report.difference_page import KIND_NAMES, RIGHT_NAMES, write_difference_page
from windowner.scoring.outside import check_outside
from windowner.stores.address import AnyPath
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of


@click.command("diff")
@click.argument("run_a", type=PathOrAddress())
@click.argument("run_b", type=PathOrAddress())
@click.argument("data", type=LocalPath())
@click.option(
    "--unlabelled", is_flag=True, help="DATA has no labels: raw text or tokens, as `windowner tag` reads them."
)
@click.option("--out", type=LocalPath(), help="Also write a page with the sentences, such as diff.html.")
@click.option(
    "--output",
    "output_format",
    type=click.Choice(["table", "jsonl"]),
    default="table",
    help="table: counts and examples. jsonl: a JSON object per difference.",
)
@click.option("--examples", type=click.IntRange(min=0), default=3, help="Examples of each kind in the table.")
@json_option("counts, scores and significance")
@run_token_column_option
@run_tag_column_option
@format_option
@encoding_option
def command(
    run_a: AnyPath,
    run_b: AnyPath,
    data: Path,
    unlabelled: bool,
    out: Path | None,
    output_format: str,
    examples: int,
    json_path: str | None,
    token_column: int | None,
    tag_column: int | None,
    source_format: str,
    encoding: str,
) -> None:
    """Show where the taggers RUN_A and RUN_B differ on DATA, and which of them is right.

    RUN_A and RUN_B are folders of runs, or model files. DATA is labelled text of any format (docs/formats.md), which
    is read as RUN_A was trained, or text without labels. Differences are counted by kind: found by A alone, found by
    B alone, other type, other boundary. With labels, each one says who is right. Both may be wrong in different ways.
    F1 of B minus F1 of A has the interval and the p-value of a paired bootstrap over sentences, as in `windowner
    compare`.

    \b
    windowner diff runs/old runs/new data/wikigold/dev.conll --out diff.html
    windowner diff runs/old runs/new texts.txt --unlabelled --output jsonl
    """
    if output_format == "jsonl" and json_path == "-":
        raise click.UsageError("--output jsonl and --json - both write to stdout, expected one of them")
    taggers = Tagger.load(run_a), Tagger.load(run_b)
    note_tokenizers(taggers)
    chosen = {"token_column": token_column, "tag_column": tag_column, "format": source_format, "encoding": encoding}
    sentences, starts = read_plain(taggers[0], data, chosen) if unlabelled else read_labelled(taggers[0], data, chosen)
    found = compare_taggers(*taggers, str(data), sentences, starts)
    write(found, json_path, output_format, examples)
    if out is not None:
        page = write_difference_page(found, (shown_path(run_a), shown_path(run_b)), out)
        say(f"wrote {shown_path(page)}", err=True)


Text = tuple[list[Sentence], list[int]]
"""Sentences, and the numbers of those that open a document."""


def read_plain(tagger: Tagger, data: Path, chosen: Mapping[str, Any]) -> Text:
    """Return text without labels, given the options that say how it is read."""
    columns = [name for name in ("token_column", "tag_column") if chosen[name] is not None]
    if columns:
        option = columns[0].replace("_", "-")
        raise click.UsageError(f"--{option} is for labelled text, expected none with --unlabelled")
    form = "" if chosen["format"] == AUTO else chosen["format"]
    return read_unlabelled(tagger, data, form, chosen["encoding"])


def read_labelled(tagger: Tagger, data: Path, chosen: Mapping[str, Any]) -> Text:
    """Return labelled text, read as the tagger was trained, except for the options that are given."""
    try:
        corpus = read_corpus(data, **reading_of(tagger.model, chosen))
    except DataError as error:
        raise DataError(f"{error}. For text without labels: --unlabelled") from None
    check_outside(corpus.path, corpus.tags)
    for note in corpus.notes:
        say(note.strip(), err=True)
    return corpus.sentences, corpus.document_starts


def note_tokenizers(taggers: tuple[Tagger, Tagger]) -> None:
    """Say so if the taggers find the tokens of raw text in different ways: both read those of A."""
    a, b = (tagger.model.tokenizer for tagger in taggers)
    if a != b:
        say(f"raw text: both taggers read the tokens of A's tokenizer, {a}; that of B is {b}", err=True)


def write(found: Comparison, json_path: str | None, output_format: str, examples: int) -> None:
    """Write the summary as JSON, and print differences or tables."""
    if json_path is not None:
        write_json(found.as_dict(), json_path)
    if output_format == "jsonl":
        lines = (json_text(each.as_dict(found.file)) for each in found.differences)
        write_text("".join(f"{line}\n" for line in lines), None)
    elif json_path != "-":
        show(found, examples)


def show(found: Comparison, examples: int) -> None:
    """Print scores, counts and examples."""
    values = found.as_dict()
    entities = values["entities"]
    say(
        f"{count_of(values['sentences'], 'sentence')}, {count_of(values['tokens'], 'token')}; entities: A "
        f"{entities['a']:,}, B {entities['b']:,}, {entities['alike']:,} of them the same"
    )
    if found.scores is not None and found.significance is not None:
        a, b = (100 * scores.overall.f1 for scores in found.scores)
        sure = found.significance
        low, high = 100 * sure.low, 100 * sure.high
        say(
            f"F1: A {a:.2f}, B {b:.2f}; B minus A {100 * sure.value:+.2f} points, "
            f"95% interval {low:+.2f} to {high:+.2f}, p = {sure.p:.4f}"
        )
    print_table(count_table(found))
    if examples and found.differences:
        say()
        print_table(example_table(found, examples))


def count_table(found: Comparison) -> TextTable:
    """Return the number of differences of each kind, by who is right."""
    columns = () if found.gold is None else RIGHT
    table = TextTable("difference", *(RIGHT_NAMES[right] for right in columns), "all")
    for column in table.columns[1:]:
        column.justify = "right"
    counts = found.counts()
    for kind in KINDS:
        cells = [f"{counts[kind][right]:,}" for right in columns]
        table.add_row(KIND_NAMES[kind], *cells, f"{sum(counts[kind].values()):,}")
    if columns:
        sums = [f"{sum(counts[kind][right] for kind in KINDS):,}" for right in columns]
        table.add_row("all", *sums, f"{len(found.differences):,}", style="bold")
    return table


def example_table(found: Comparison, examples: int) -> TextTable:
    """Return the first differences of each kind, with file and line."""
    labelled = found.gold is not None
    table = TextTable("example", "difference", "A", "B", *(["labels"] if labelled else []))
    for kind in KINDS:
        for each in islice((each for each in found.differences if each.kind == kind), examples):
            sides = [each.a, each.b, *([each.gold] if each.gold is not None else [])]
            cells = [entity_text(each.tokens, side) for side in sides]
            table.add_row(f"{shown_path(found.file)}:{each.line}", KIND_NAMES[kind], *cells)
    return table
