"""`windowner tag`."""

import io
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, cast

import click

from windowner.cli.log import log_option
from windowner.cli.options import FiniteRange, encoding_option, input_option, rules_option, run_token_column_option
from windowner.cli.paths import PathOrAddress
from windowner.cli.token_progress import token_progress
from windowner.engines.opening import ENGINES
from windowner.errors import DataError
from windowner.formats.opening import open_input, readable
from windowner.formats.parquet_file import is_parquet
from windowner.formats.record_writing import SPANS
from windowner.formats.table import BRAT, JSON_LINES, PARQUET, WRITERS
from windowner.stores.address import Address, AnyPath
from windowner.tagger.caches import CACHE_MB
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask
from windowner.tagging.texts import HTML
from windowner.text.schemes import SCHEMES

STDIN = Path("-")


@click.command("tag")
@click.argument("model", type=PathOrAddress())
@click.argument("file", type=PathOrAddress(), default=STDIN)
@input_option
@click.option(
    "--output",
    "output_format",
    type=click.Choice([*WRITERS, SPANS, HTML, PARQUET, BRAT]),
    help="Format of the tagged text. columns, jsonl: tokens with tags. spans: a JSON object per text, with entities by "
    "their characters. html: a page with the entities marked. parquet, for Parquet: its columns, and a new one of tags "
    "or entities. brat, with --out: two files per text, .txt and .ann, in one folder per file.  "
    "[default: spans for JSON Lines with a text, jsonl for those with tokens, parquet for Parquet, else columns]",
)
@click.option(
    "--min-probability",
    type=FiniteRange(0, 1),
    help="Leave out entities that are less probable, whatever the cutoffs of the model are.  [default: its cutoffs, "
    "which `windowner cutoff` sets; without them, nothing is left out]",
)
@rules_option
@click.option("--scores", is_flag=True, help="Add the probability of each tag.")
@click.option(
    "--tag-probabilities",
    is_flag=True,
    help="Add the probabilities of all tags, for a training that learns from this tagger. It needs --output jsonl.",
)
@click.option("--scheme", type=click.Choice(list(SCHEMES)), default="IOB2", help="Scheme of the written tags.")
@click.option(
    "--text-column",
    default="",
    show_default=False,
    help="From Parquet to Parquet: column of the texts, or of lists of tokens.  [default: tokens, words, text, "
    "content, sentence or document, whichever is there]",
)
@click.option(
    "--new-column",
    default="",
    show_default=False,
    help="From Parquet to Parquet: name of the new column.  [default: spans for texts, tags for tokens]",
)
@click.option(
    "--cache-mb",
    type=FiniteRange(min=0),
    default=CACHE_MB,
    help="Memory per process for words that were computed before, in megabytes.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that tag side by side.  [default: 1; with --engine ray, one per processor of the cluster]",
)
@click.option(
    "--out",
    type=PathOrAddress(file_okay=False),
    help="Tag many files into this folder. FILE is then a folder or a quoted glob of .txt, .jsonl, .conll, .conllu, "
    ".csv, .parquet and .spacy files, also with .gz. Each file is written whole. The same command started again "
    "tags those that are missing. A file that is there already, and that windowner has not written, is refused.",
)
@click.option(
    "--engine", type=click.Choice(ENGINES), default="local", help="With --out: processes of this machine, or Ray."
)
@click.option(
    "--address",
    help="With --engine ray: address of the cluster, host:port.  [default: RAY_ADDRESS, or Ray on this machine]",
)
@log_option
@run_token_column_option
@encoding_option
def command(
    model: AnyPath,
    file: AnyPath,
    input_format: str | None,
    output_format: str | None,
    jobs: int | None,
    out: AnyPath | None,
    engine: str,
    address: str | None,
    **options: Any,
) -> None:
    """Tag FILE, or standard input, with the tagger MODEL (a run's folder or a model file).

    MODEL, FILE and the folder of --out may be addresses, such as s3://bucket/texts (docs/scaling.md).

    Tagged text goes to standard output in the order of the input. Memory stays constant, however many texts or
    sentences there are. A row of columns keeps its columns and gains the tag as its last one.

    \b
    windowner tag runs/wikigold data/wikigold/test.conll > tagged.conll
    echo "Angela Merkel visited Paris." | windowner tag runs/wikigold --output spans
    windowner tag runs/wikigold text.txt --output html > tagged.html
    windowner tag runs/wikigold texts --out tagged --jobs 4
    """
    if options["tag_probabilities"] and output_format != JSON_LINES:
        raise click.UsageError("--tag-probabilities needs --output jsonl")
    check_streams(file, out)
    check_folders(file, input_format, output_format, engine, out)
    name = "<stdin>" if file == STDIN else str(file)
    task = TagTask(model, name, input_format or "", output_format or "", **options)
    if out is not None:
        from windowner.cli import tag_files

        workers = engine, jobs or (1 if engine == "local" else None), address
        tag_files.run(task, file, out, (input_format, output_format), workers)
        return
    tag_to_output(task, file, jobs or 1)


def check_folders(
    file: AnyPath, input_format: str | None, output_format: str | None, engine: str, out: AnyPath | None
) -> None:
    """Refuse what needs the option `--out` and lacks it, and brat as a format of files."""
    if input_format == BRAT:
        raise click.UsageError(
            "--input brat: texts of brat are read with --input document, and those of a folder with --out DIR"
        )
    if out is None and not isinstance(file, Address) and file.is_dir():
        raise click.UsageError(f"{file} is a folder, expected a file; --out DIR tags all files of a folder")
    if out is None and (output_format == BRAT or engine != "local"):
        needs = "--output brat" if output_format == BRAT else f"--engine {engine}"
        raise click.UsageError(f"{needs} needs --out DIR")


def check_streams(file: AnyPath, out: AnyPath | None) -> None:
    """Refuse standard input and output where they are needed, and closed."""
    if file == STDIN and sys.stdin is None:
        raise DataError("standard input is closed, expected text to tag")
    if out is None and sys.stdout is None:
        raise DataError("standard output is closed, expected a place for the tagged text")


def tag_to_output(task: TagTask, file: AnyPath, jobs: int) -> None:
    """Tag one file, or standard input, to standard output."""
    keep = task.keeps_line_ends
    source: AbstractContextManager[BinaryIO] = (
        nullcontext(readable(sys.stdin.buffer, task.name, task.encoding, keep_line_ends=keep, at_once=True))
        if file == STDIN
        else open_input(file, task.encoding, keep_line_ends=keep, at_once=True)
    )
    output = _binary_output()
    with source as stream, token_progress(output) as count:
        for text, tokens in tag_stream(task, stream, jobs):
            if is_parquet(text) and output.isatty():
                raise DataError("Parquet cannot be shown on a terminal, expected > tagged.parquet, or --output spans")
            output.write(text)
            output.flush()  # an error at this place is reported; an error when the process ends would not be
            count(tokens)


def _binary_output() -> BinaryIO:
    """Return standard output. Where Python does not buffer it, one write may write a part, so it gets a buffer."""
    output = sys.stdout.buffer
    return cast(BinaryIO, io.BufferedWriter(output)) if isinstance(output, io.RawIOBase) else output
