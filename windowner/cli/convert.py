"""`windowner convert`."""

from typing import cast, get_args

import click

from windowner.cli.options import check_columns, column_options, encoding_option
from windowner.cli.paths import PathOrAddress
from windowner.cli.terminal import say
from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO
from windowner.formats.table import FORMATS
from windowner.stores.address import AnyPath
from windowner.text.alignment import Misaligned
from windowner.text.tokenizers import TOKENIZERS
from windowner.text.wording import count_of

READ = [format.name for format in FORMATS.values() if format.has_tags]
NOUNS = {"documents": "document", "sentences": "sentence", "tokens": "token", "entities": "entity"}
WRITTEN = [format.name for format in FORMATS.values() if format.can_write]


@click.command("convert")
@click.argument("source", metavar="IN", type=PathOrAddress())
@click.argument("target", metavar="OUT", type=PathOrAddress())
@click.option(
    "--from",
    "source_format",
    type=click.Choice([AUTO, *READ]),
    default=AUTO,
    help="Format of IN. auto: what its content says.",
)
@click.option(
    "--to",
    "target_format",
    type=click.Choice([AUTO, *WRITTEN]),
    default=AUTO,
    help="Format of OUT. auto: what its suffix says: .conll, .jsonl (tokens), .conllu, .csv, .parquet or .spacy.",
)
@click.option(
    "--misaligned",
    type=click.Choice(get_args(Misaligned)),
    default="split",
    help="What is done with a span that cuts a token. split: the token is split. expand: the span grows to whole "
    "tokens. drop: the span is left out. error: nothing is written.",
)
@encoding_option
@click.option(
    "--tokenizer",
    type=click.Choice([AUTO, *TOKENIZERS]),
    default=AUTO,
    help="What finds the tokens of text with spans. auto: what fits its letters.",
)
@click.option("--tag-names", help='Names of tags that IN writes as numbers, separated by commas: "O,B-PER,I-PER".')
@column_options
def command(
    source: AnyPath,
    target: AnyPath,
    source_format: str,
    target_format: str,
    misaligned: str,
    encoding: str,
    tokenizer: str,
    tag_names: str | None,
    token_column: int,
    tag_column: int,
) -> None:
    """Write the labelled text IN in another format as OUT.

    IN and OUT are files, addresses of files such as s3://bucket/a.jsonl, or folders of brat files. docs/formats.md
    lists the formats. What OUT cannot hold is counted on stderr.

    \b
    windowner convert export.json train.conll
    windowner convert train.conll train.jsonl --to spans
    windowner convert train.conll annotations --to brat
    """
    check_columns(token_column, tag_column)
    options = ReadOptions(
        token_column,
        tag_column,
        tag_names=tuple(tag_names.split(",")) if tag_names else (),
        tokenizer=tokenizer,
        misaligned=cast(Misaligned, misaligned),
    )
    done = convert_file(
        source, target, options, source_format=source_format, target_format=target_format, encoding=encoding
    )
    say(", ".join(count_of(number, NOUNS[what]) for what, number in done.written.items() if number), err=True)
    for note in done.notes:
        say(note.strip(), err=True)
    for what, number in done.lost.items():
        if number:
            say(f"not carried over: {what}: {number:,}", err=True)
