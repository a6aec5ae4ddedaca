"""The component of spaCy, in spaCy's tokens per CPU second: `make bench-spacy`. Prints a Markdown table.

The sentences of the corpora are detokenized, and ten of them are one text. spaCy tokenizes the texts first. Then the
component sets the entities of the same documents twice: by a tagger that has met no word, and by one that has met them
all. `nlp.pipe` does both at once.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
import spacy
from threadpoolctl import threadpool_limits

import windowner.adapters.spacy  # noqa: F401  # makes the component known where windowner is not installed
from benchmarks.raw_text import BUNDLED, rate, read_texts
from docs.pages import ROOT, table
from windowner.config.loading import load_config
from windowner.runs.training import train

TOGETHER = 10
"""Sentences of a text."""


def pipeline(model: Path) -> Any:
    """Return a pipeline of spaCy's tokenizer and the component, which has read its model and met three words."""
    nlp = spacy.blank("en")
    nlp.add_pipe("windowner", config={"model": str(model)})
    nlp("Paris is big.")
    return nlp


@click.command()
@click.option("--data", multiple=True, type=click.Path(path_type=Path, exists=True), help="A corpus; repeatable.")
@click.option("--config", type=click.Path(path_type=Path), default=ROOT / "configs" / "wikigold.toml")
@click.option("--set", "keys", multiple=True, help="Override a key of the config.")
@click.option("--rounds", default=5, show_default=True, help="Measurements; the median is printed.")
def main(data: tuple[Path, ...], config: Path, keys: tuple[str, ...], rounds: int) -> None:
    """Train, measure, and print the table."""
    bundled = [ROOT / "data" / name / f"{part}.conll" for name in BUNDLED for part in ("train", "dev")]
    sentences = read_texts(data or bundled)
    texts = [" ".join(sentences[first : first + TOGETHER]) for first in range(0, len(sentences), TOGETHER)]
    rates: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder, threadpool_limits(1, user_api="blas"):
        train(load_config(config, keys), folder)
        tokens = sum(map(len, map(spacy.blank("en").make_doc, texts)))
        for _ in range(rounds):
            nlp = pipeline(Path(folder))
            component = nlp.get_pipe("windowner")
            docs: list[Any] = []
            again = list(spacy.blank("en").pipe(texts))
            for name, work in {
                "spaCy's tokenizer alone": lambda: docs.extend(map(nlp.make_doc, texts)),  # noqa: B023 (called at once)
                "the component alone, no word met before": lambda: list(component.pipe(docs)),  # noqa: B023
                "the component alone, repeated": lambda: list(component.pipe(again)),  # noqa: B023
                "`nlp.pipe`, repeated": lambda: list(nlp.pipe(texts)),  # noqa: B023
            }.items():
                rates.setdefault(name, []).append(rate(tokens, work))
    rows = [[name, f"{median(found):,.0f}"] for name, found in rates.items()]
    click.echo(table([f"{tokens:,} tokens in {len(texts):,} texts", "tokens per CPU second"], rows))


if __name__ == "__main__":
    main()
