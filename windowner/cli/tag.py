"""`windowner tag`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from typing import BinaryIO

import click
from tqdm import tqdm

from windowner.errors import DataError
from windowner.tagger import CACHE_MB, Tagger, chunks
from windowner.text.lines import open_input
from windowner.text.reading import Format, format_of, stream_sentences
from windowner.text.schemes import SCHEMES
from windowner.text.sentence import Sentence
from windowner.text.writers import column_text, json_line

Writer = Callable[[Sentence, Sequence[str], Sequence[float] | None], str]
WRITERS: dict[str, Writer] = {"columns": column_text, "jsonl": json_line}


@click.command("tag")
@click.argument("model", type=click.Path())
@click.argument("file", type=click.Path(), default="-")
@click.option(
    "--input",
    "input_format",
    type=click.Choice(["columns", "tokens", "jsonl"]),
    help="What FILE holds: rows of columns; a sentence of white-space separated tokens a line; JSON Lines.  "
    "[default: jsonl if FILE is called so, else columns]",
)
@click.option(
    "--output",
    "output_format",
    type=click.Choice(list(WRITERS)),
    help="What is written.  [default: jsonl for jsonl, else columns]",
)
@click.option("--scores", is_flag=True, help="Add the probability of each tag.")
@click.option("--scheme", type=click.Choice(list(SCHEMES)), default="IOB2", help="Scheme of the tags.")
@click.option(
    "--cache-mb",
    type=click.FloatRange(min=0),
    default=CACHE_MB,
    help="Memory for what is kept of words met before, in megabytes.",
)
@click.option("--token-column", default=0, help="Column of the token; 0 is the first, -1 the last.")
def command(
    model: str,
    file: str,
    input_format: Format | None,
    output_format: str | None,
    scores: bool,
    scheme: str,
    cache_mb: float,
    token_column: int,
) -> None:
    """Tag FILE, or standard input, with the tagger MODEL (a run's folder or a model file).

    Text streams through in constant memory, and its order is kept. Rows of columns keep what they have and gain the
    tag as their last column.

    \b
    windowner tag runs/wikigold data/wikigold/test.conll > tagged.conll
    echo "Angela Merkel visited Paris ." | windowner tag runs/wikigold --input tokens --scores
    """
    if file == "-" and sys.stdin is None:
        raise DataError("standard input is closed, expected text to tag")
    tagger = Tagger.load(model, cache_mb)
    name = "<stdin>" if file == "-" else file
    input_format = input_format or format_of(file)
    write: Writer = WRITERS[output_format or ("jsonl" if input_format == "jsonl" else "columns")]
    source: AbstractContextManager[BinaryIO] = nullcontext(sys.stdin.buffer) if file == "-" else open_input(file)
    output = click.open_file("-", "w", encoding="utf-8")
    # No bar where stderr is no terminal, nor where the tags appear on the same screen.
    with source as stream, tqdm(unit=" tokens", unit_scale=True, disable=True if output.isatty() else None) as bar:
        sentences = stream_sentences(stream, name, input_format, token_column=token_column)
        for sentence, tags, probabilities in tagged(tagger, sentences, scheme, scores):
            output.write(write(sentence, tags, probabilities))
            bar.update(len(tags))


def tagged(
    tagger: Tagger, sentences: Iterator[Sentence], scheme: str, scores: bool
) -> Iterator[tuple[Sentence, list[str], list[float] | None]]:
    """Yield each sentence with its tags and, if asked for, their probabilities."""
    for chunk in chunks(sentences, lambda sentence: len(sentence.tokens)):
        prediction = tagger.predict([sentence.tokens for sentence in chunk])
        names = tagger.tag_names(prediction, scheme)
        edges = pairwise(prediction.offsets.tolist())
        p = prediction.probabilities.tolist() if scores else None
        for sentence, tags, (start, end) in zip(chunk, names, edges, strict=True):
            yield sentence, tags, None if p is None else p[start:end]
