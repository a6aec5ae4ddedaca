"""Where the component of spaCy should find the ends of sentences, on dev: `make spacy-sentences`. Prints a table.

A tagger is trained by each config, by default that of wikigold. Its dev sentences are detokenized by sacremoses, and
ten of them are one document of spaCy. The tagger reads spaCy's tokens, in sentences that different parts of a pipeline
have found. Entities are compared by their characters.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import spacy

import windowner.adapters.spacy  # noqa: F401  # makes the component known where windowner is not installed
from docs.pages import ROOT, table
from studies.detokenized import detokenized
from studies.raw_text import TOGETHER, by_texts, by_tokens, characters, f1
from windowner.config.loading import load_config
from windowner.runs.training import train
from windowner.text.conversion import spans_of_tags
from windowner.text.document import Span

WIKIGOLD = ROOT / "configs" / "wikigold.toml"


def leave(nlp: Any) -> None:
    """Set no sentences: the tokenizer of the model finds them."""


def split_by_rules(nlp: Any) -> None:
    """Let spaCy's own rules find sentences."""
    nlp.add_pipe("sentencizer", first=True)


def join(doc: Any) -> Any:
    """Make a document one sentence."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


spacy.Language.component("one_sentence", func=join)


def join_all(nlp: Any) -> None:
    """Let each document be one sentence."""
    nlp.add_pipe("one_sentence", first=True)


WAYS: dict[str, Callable[[Any], None]] = {
    "spaCy's tokens, our sentences": leave,
    "`sentencizer`": split_by_rules,
    "one sentence": join_all,
}


def find_with(model: Path, way: Callable[[Any], None]) -> Callable[[str], list[Span]]:
    """Return what finds the entities of a text in a pipeline."""
    nlp = spacy.blank("en")
    nlp.add_pipe("windowner", config={"model": str(model)})
    way(nlp)
    return lambda text: [Span(each.start_char, each.end_char, each.label_) for each in nlp(text).ents]


@click.command()
@click.option(
    "--config", "configs", type=click.Path(path_type=Path), multiple=True, default=[ROOT / "configs" / "wikigold.toml"]
)
@click.option("--set", "keys", multiple=True, help="Override a key of the configs.")
def main(configs: tuple[Path, ...], keys: tuple[str, ...]) -> None:
    """Train with each config, and print the table."""
    rows = []
    for config in configs:
        loaded = load_config(config, keys)
        texts = list(detokenized(loaded.path(loaded.data.dev)))
        gold = [characters(spans_of_tags(tags, places)) for _, places, tags in texts]
        plain = [text for text, _, _ in texts]
        with TemporaryDirectory() as folder:
            tagger = train(loaded, folder).tagger
            ours = [by_tokens(tagger, texts), by_texts(tagger.tag_text, plain, TOGETHER)]
            spacys = [by_texts(find_with(Path(folder), way), plain, TOGETHER) for way in WAYS.values()]
        rows.append([loaded.name, *(f"{f1(found, gold):.2f}" for found in (*ours, *spacys))])
    click.echo(table(["entity F1 on dev", "gold tokens", "our tokens and sentences", *WAYS], rows))


if __name__ == "__main__":
    main()
