"""Raw text to spans, in tokens per CPU second: `make bench-text`. Prints a Markdown table.

All sentences of the corpora are detokenized and tagged by `tag_texts`: once through, by a tagger that has met no word
and a tokenizer that has met no piece; and as a long stream, in which they are repeated.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import click
from threadpoolctl import threadpool_limits

from docs.pages import ROOT, table
from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger
from windowner.text.detokenizing import Detokenizer
from windowner.text.tokenizers import find_tokenizer

BUNDLED = ("wikigold", "wnut17", "btc", "ncbi-disease")
TARGETS = (300_000, 500_000)
REPEATED = 8


def read_texts(paths: Iterable[Path]) -> list[str]:
    """Return the sentences of corpora as text."""
    texts = []
    for path in paths:
        sentences = read_corpus(path).tokens
        detokenizer = Detokenizer.of(sentences)
        texts += [detokenizer.join(tokens)[0] for tokens in sentences]
    return texts


def rate(tokens: int, work: Callable[[], object]) -> float:
    """Return the tokens per CPU second of some work."""
    begun = process_time()
    work()
    return tokens / (process_time() - begun)


@click.command()
@click.option("--data", multiple=True, type=click.Path(path_type=Path, exists=True), help="A corpus; repeatable.")
@click.option("--config", type=click.Path(path_type=Path), default=ROOT / "configs" / "wikigold.toml")
@click.option("--set", "keys", multiple=True, help="Override a key of the config.")
@click.option("--rounds", default=5, show_default=True, help="Measurements; the median is printed.")
def main(data: tuple[Path, ...], config: Path, keys: tuple[str, ...], rounds: int) -> None:
    """Train, measure, and print the table."""
    parts = ("train", "dev", "test")
    texts = read_texts(data or [ROOT / "data" / name / f"{part}.conll" for name in BUNDLED for part in parts])
    with TemporaryDirectory() as folder:
        model = train(load_config(config, keys), folder).tagger.model
    tokenizer = find_tokenizer(model.tokenizer)
    tokens = sum(len(tokens) for text in texts for tokens in tokenizer.split(text).sentences)
    rates: dict[str, list[float]] = {"tokenized at first": [], "tokenized again": [], "once": [], "stream": []}
    with threadpool_limits(1, user_api="blas"):
        for _ in range(rounds):
            tokenizer.forget()
            rates["tokenized at first"].append(rate(tokens, lambda: list(map(tokenizer.split, texts))))
            rates["tokenized again"].append(rate(tokens, lambda: list(map(tokenizer.split, texts))))
            tokenizer.forget()
            tagger = Tagger(model)
            rates["once"].append(rate(tokens, lambda: list(tagger.tag_texts(texts))))  # noqa: B023 (called at once)
            stream = (text for _ in range(REPEATED) for text in texts)
            rates["stream"].append(rate(REPEATED * tokens, lambda: sum(map(len, tagger.tag_texts(stream)))))  # noqa: B023
    rows = [
        [name, f"{median(rates[key]):,.0f}", target]
        for name, key, target in (
            ("text to tokens, no piece met before", "tokenized at first", "200,000"),
            ("text to tokens, repeated", "tokenized again", "1,000,000"),
            ("text to spans, once through", "once", f"{TARGETS[0]:,}"),
            ("text to spans, long stream", "stream", f"{TARGETS[1]:,}"),
        )
    ]
    click.echo(table([f"{tokens:,} tokens", "tokens per CPU second", "target"], rows))


if __name__ == "__main__":
    main()
