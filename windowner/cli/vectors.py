"""`windowner vectors`."""

from pathlib import Path

import click
from tqdm import tqdm

from windowner.cli.options import input_option, token_column_option
from windowner.vectors.skip_gram import SkipGram, TokenizedFiles, train_skip_gram, write_vectors


@click.group("vectors")
def command() -> None:
    """Word vectors of your own text, for `vectors.source` and `vectors.more`.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    """


@command.command("train")
@click.argument("texts", type=click.Path(), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file that is written.")
@input_option
@token_column_option
@click.option("--size", type=click.IntRange(min=1), default=SkipGram.vector_size, help="Dimensions of the vectors.")
@click.option("--window", type=click.IntRange(min=1), default=SkipGram.window, help="Words on each side.")
@click.option("--min-count", type=click.IntRange(min=1), default=SkipGram.min_count, help="Leave rarer words out.")
@click.option("--epochs", type=click.IntRange(min=1), default=SkipGram.epochs, help="Passes over the text.")
@click.option("--seed", type=click.IntRange(min=0), default=SkipGram.seed, help="Seed of what is drawn.")
@click.option("--lower", is_flag=True, help="Read all words in lower case.")
def train(
    texts: tuple[str, ...],
    out: Path,
    input_format: str | None,
    token_column: int,
    size: int,
    window: int,
    min_count: int,
    epochs: int,
    seed: int,
    lower: bool,
) -> None:
    """Train skip-gram vectors on the files TEXTS; labels in them are not read.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    windowner train configs/wikigold.toml --set 'vectors.more=[{source="wikigold.vec"}]'
    """
    settings = SkipGram(vector_size=size, window=window, min_count=min_count, epochs=epochs, seed=seed, lower=lower)
    sentences = TokenizedFiles(texts, input_format, token_column, lower)
    with tqdm(total=epochs, unit=" epochs", disable=None) as bar:
        reading = train_skip_gram(sentences, settings, tick=lambda _: bar.update())
    write_vectors(out, reading)
    click.echo(f"{out}: {len(reading.words):,} words of {size} dimensions", err=True)
