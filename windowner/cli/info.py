"""`windowner info`."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import click

from windowner.cli.options import json_option
from windowner.cli.paths import PathOrAddress
from windowner.cli.tables import print_facts, write_json
from windowner.cli.terminal import say
from windowner.files import shown_path
from windowner.stores.address import AnyPath
from windowner.tagger.facts import ModelFacts, described_sources, described_versions
from windowner.text.wording import count_of, type_name


@click.command("info")
@click.argument("model", type=PathOrAddress())
@click.option(
    "--words", is_flag=True, help="List the words of the training text that the file holds, one per line, and no more."
)
@json_option("everything")
def command(model: AnyPath, words: bool, json_path: str | None) -> None:
    """Say what the file of MODEL holds: config, types, tables, training data, and words of that data.

    MODEL is the folder of a run, or a model file. Everything is read from the file. A model file holds words of its
    training text. Whoever gets the file can read them. --words lists them.

    \b
    windowner info runs/wikigold
    windowner info runs/wikigold --words | less
    """
    if words and json_path is not None:
        raise click.UsageError("--words and --json exclude each other, expected one of them")
    facts = ModelFacts.read(model)
    if words:
        for word in [*facts.words.training, *facts.words.names]:
            say(word)
        return
    if json_path is not None:
        write_json(facts.as_dict(), json_path)
    if json_path != "-":
        show(facts)


def show(facts: ModelFacts) -> None:
    """Print the facts."""
    values = facts.as_dict()
    parts = _file(values), _tagging(values), _network(values), _sources(values["provenance"])
    print_facts([*chain.from_iterable(parts), ("words", facts.words.describe())])


def _file(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "file", f"{shown_path(values['file'])}, {values['bytes'] / 1e6:.1f} MB, format {values['format']}"
    yield "digest", values["digest"] or "none: files of this format hold no digest"


def _tagging(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "types", ", ".join(type_name(name) for name in values["types"])
    yield "tags", ", ".join(values["tags"])
    yield "tokenizer", values["tokenizer"]
    yield "threshold", f"{values['threshold']:.2f} nats are subtracted from O's score"
    yield "temperature", f"{values['temperature']:.3f}"
    cutoffs = ", ".join(f"{type_name(name)} {value:.3f}" for name, value in values["cutoffs"].items())
    yield "cutoffs", cutoffs or "none: no entity is left out"
    yield "rules", f"{values['rules']:,}"
    yield "gazetteer", count_of(values["gazetteer"], "name")


def _network(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "preset", values["preset"] or "none: no preset has all of these values"
    yield "config", _pairs(values["config"])
    yield "changed from the defaults", _pairs(values["changed"]) or "nothing"
    for table in values["tables"]:
        yield (
            f"table {table['name']}",
            f"{table['rows']:,} rows of {table['dimensions']}, {table['trained_rows']:,} of them trained",
        )
    sizes = values["parameters"]
    yield (
        "parameters",
        f"{sizes['all']:,}; {sizes['outside_of_tables']:,} outside of tables; training could move {sizes['trained']:,}",
    )


def _sources(provenance: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the data and vectors. A file of an earlier version may describe them in its own way, or not at all."""
    for name, source in described_sources(provenance):
        yield name, ", ".join(f"{key} {value}" for key, value in source.items())
    yield "trained with", described_versions(provenance) or "not known: the file does not say"
    if "best_epoch" in provenance:
        yield "kept epoch", str(provenance["best_epoch"])
    if "refit" in provenance:
        yield "trained again", f"on train and dev together, {provenance['refit']['sentences']:,} sentences"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {value!r}" for key, value in values.items())
