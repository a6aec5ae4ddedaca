"""`windowner check`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from windowner.checks.checks import CHECKS, Result, run_checks
from windowner.checks.findings import Finding
from windowner.checks.labelled import SPLITS, TRAIN, Labelled, Split
from windowner.cli.options import check_columns, column_options, encoding_option, format_option, json_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table, write_json
from windowner.cli.terminal import say
from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of
from windowner.vectors.loading import load_vectors
from windowner.vectors.lookup import coverage

EXAMPLES = 3
"""Findings of a check that are printed."""


@click.command("check")
@click.argument("data", nargs=-1, required=True, type=LocalPath())
@click.option(
    "--vectors",
    type=LocalPath(path_type=str),
    metavar="SOURCE",
    help="Also check how many words have a vector: glove-6b-50d, or a file.",
)
@json_option("all findings with all lines")
@click.option(
    "--skip",
    type=click.Choice([check.name for check in CHECKS]),
    multiple=True,
    help="Leave out a check. The option may be repeated.",
)
@click.option("--strict", is_flag=True, help="Exit with status 1 if anything is found.")
@column_options
@format_option
@encoding_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    data: tuple[Path, ...],
    vectors: str | None,
    json_path: str | None,
    skip: tuple[str, ...],
    strict: bool,
    **reading: Any,
) -> None:
    """Find what is suspicious in the labelled text DATA, before anything is trained.

    DATA are the files of train, dev and test, or one config, whose files and vectors are then checked. If the names of
    the files do not say which is which, they are taken in this order. Each finding has its line and its fix.

    \b
    windowner check data/wikigold/train.conll data/wikigold/dev.conll
    windowner check configs/wikigold.toml --json findings.json
    windowner check train.conll dev.conll --vectors glove-6b-50d --strict --skip tokenization
    """
    if len(data) == 1 and data[0].suffix == ".toml":
        labelled = read_config(data[0], vectors)
    else:
        labelled = read_files(data, vectors, **reading)
    results = run_checks(labelled, skip)
    if json_path is not None:
        write_json(as_dict(labelled, results), json_path)
    if json_path != "-":
        print_results(labelled, results)
    if strict and results:
        ctx.exit(1)


def read_files(
    data: tuple[Path, ...],
    vectors: str | None,
    token_column: int,
    tag_column: int,
    source_format: str,
    encoding: str,
) -> Labelled:
    """Read the files of train, dev and test."""
    check_columns(token_column, tag_column)
    if len(data) > len(SPLITS):
        raise click.UsageError(f"{count_of(len(data), 'file')}, expected {len(SPLITS)} at most: train, dev and test")
    if configs := [str(path) for path in data if path.suffix == ".toml"]:
        raise click.UsageError(f"{configs[0]} beside other files, expected one config, or files of labelled text")
    reading = {
        "token_column": token_column,
        "tag_column": tag_column,
        "format": source_format,
        "encoding": encoding,
    }
    return Labelled.of(read_splits(name_splits(data), reading), key_to_index=read_index(vectors, Path()))


def read_splits(paths: Mapping[str, Path], reading: dict[str, Any]) -> dict[str, Corpus]:
    """Read the splits, train first; those of raw text are tokenized as train is."""
    corpora: dict[str, Corpus] = {}
    for name in SPLITS:
        if name in paths:
            tokenizer = next((corpus.tokenizer for corpus in corpora.values() if corpus.tokenizer), None)
            corpora[name] = read_corpus(paths[name], **reading | ({"tokenizer": tokenizer} if tokenizer else {}))
    return corpora


def name_splits(data: Sequence[Path]) -> dict[str, Path]:
    """Return the files by split: as their names say, so that `data/*.conll` may be given; or else in their order."""
    said = [[name for name in SPLITS if name in path.name.lower()] for path in data]
    names = [found[0] for found in said if len(found) == 1]
    clear = TRAIN in names and len(set(names)) == len(data)
    return dict(zip(names if clear else SPLITS, data, strict=False))


def read_config(path: Path, vectors: str | None) -> Labelled:
    """Read the files that a config names."""
    config = load_config(path)
    paths = {name: config.path(value) for name in SPLITS if (value := getattr(config.data, name))}
    index = read_index(vectors, Path()) if vectors else read_index(config.vectors.source, config.directory)
    corpora = read_splits(paths, config.data.reading())
    return Labelled.of(corpora, key_to_index=index, tokenizer_name=config.data.tokenizer)


def read_index(source: str | None, directory: Path) -> Mapping[str, int] | None:
    """Return the row of each word of a source of vectors, relative to the directory; None without a source."""
    return load_vectors(source, directory=directory).key_to_index if source else None


def as_dict(labelled: Labelled, results: list[Result]) -> dict[str, Any]:
    """Return files, results and, if vectors were checked, coverage, for JSON."""
    index = labelled.key_to_index
    covered = {} if index is None else {split.name: coverage(split.forms, index).as_dict() for split in labelled.splits}
    return {
        "files": {split.name: split.corpus.path for split in labelled.splits},
        "results": [result.as_dict() for result in results],
        **({"coverage": covered} if covered else {}),
    }


def print_results(labelled: Labelled, results: list[Result]) -> None:
    """Print what was read, and the first findings of each check."""
    for split in labelled.splits:
        say(describe_split(split, labelled))
        for note in split.corpus.notes:
            where = "" if note.strip().startswith(f"{split.corpus.path}:") else f"{split.corpus.path}: "
            say(f"{where}{note.strip()}", err=True)
    if not results:
        say("no findings")
    for result in results:
        say()
        say(f"{result.check.name}: {result.check.seeks}", bold=True)
        print_table(finding_table(result.findings[:EXAMPLES]))
        if len(result.findings) > EXAMPLES:
            say(f"  and {len(result.findings) - EXAMPLES:,} more")
        say(f"  {result.check.why} {result.check.fix}")
    if results:
        findings = count_of(sum(len(result.findings) for result in results), "finding")
        say()
        say(f"{findings} of {count_of(len(results), 'check')}; --json FILE writes all of them, with all lines")


def describe_split(split: Split, labelled: Labelled) -> str:
    """Return the size of a split and, if vectors are checked, the share of its tokens without a vector."""
    corpus = split.corpus
    text = (
        f"{split.name}: {corpus.path}, {count_of(len(corpus.sentences), 'sentence')}, "
        f"{count_of(corpus.token_count, 'token')}, {count_of(len(split.entities), 'entity')}"
    )
    if labelled.key_to_index is None:
        return text
    missing = coverage(split.forms, labelled.key_to_index).tokens["oov"] / corpus.token_count
    return f"{text}; {missing:.1%} of the tokens have no vector"


def finding_table(findings: Sequence[Finding]) -> TextTable:
    """Return findings: the first line of each, in how many places it stands, and what was found."""
    table = TextTable("line", "places", "found", padding=(0, 0, 0, 2), pad_edge=True, header_style="dim")
    table.columns[1].justify = "right"
    for finding in findings:
        table.add_row(str(finding.places[0]), f"{finding.count:,}", finding.found)
    return table
