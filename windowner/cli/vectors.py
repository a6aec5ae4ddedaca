"""`windowner vectors`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

import click
from rich.table import Table
from tqdm import tqdm

from windowner.arrays import Float32
from windowner.cli.options import input_option, token_column_option
from windowner.cli.tables import print_table
from windowner.config.config import Config
from windowner.config.loading import RUN_CONFIG, load_config
from windowner.errors import ConfigError, VectorsError
from windowner.inputs.tables import FIRST
from windowner.tagger.parts import read_model
from windowner.vectors.exchange import SUFFIXES, check_suffix, write_vectors
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.lookup import look_up
from windowner.vectors.neighbours import Neighbour, find_neighbours, pretrained_part
from windowner.vectors.skip_gram import SkipGram, TokenizedFiles, train_skip_gram

FORMATS = f"Format by suffix: {', '.join(SUFFIXES)}."


@click.group("vectors")
def command() -> None:
    """Train word vectors, export those of a run, and list nearest neighbours.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    windowner vectors export runs/wikigold --out wikigold.kv
    windowner vectors nearest runs/wikigold Paris 1984
    """


@command.command("train", short_help="Train skip-gram vectors on text without labels.")
@click.argument("texts", type=click.Path(), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help=f"The file to write. {FORMATS}")
@input_option
@token_column_option
@click.option("--size", type=click.IntRange(min=1), default=SkipGram.vector_size, help="Dimensions of the vectors.")
@click.option(
    "--window",
    type=click.IntRange(min=1),
    default=SkipGram.window,
    help="Words on each side that a word is trained on.",
)
@click.option(
    "--min-count", type=click.IntRange(min=1), default=SkipGram.min_count, help="Leave out words that occur less often."
)
@click.option("--epochs", type=click.IntRange(min=1), default=SkipGram.epochs, help="Passes over the text.")
@click.option("--seed", type=click.IntRange(min=0), default=SkipGram.seed, help="Seed of everything that is drawn.")
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
    """Train skip-gram vectors on the files TEXTS; labels in them are ignored.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    windowner train configs/wikigold.toml --set 'vectors.more=[{source="wikigold.vec"}]'
    """
    check_suffix(out)
    settings = SkipGram(vector_size=size, window=window, min_count=min_count, epochs=epochs, seed=seed, lower=lower)
    sentences = TokenizedFiles(texts, input_format, token_column, lower)
    with tqdm(total=epochs, unit=" epochs", disable=None) as bar:
        vectors = train_skip_gram(sentences, settings, tick=lambda _: bar.update())
    _write(out, vectors.words, vectors.array)


@command.command("export", short_help="Write the trained word vectors of a run.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=f"The file to write. {FORMATS}")
def export(run: Path, out: Path) -> None:
    """Write the trained word vectors of RUN, a run's folder or a model file.

    `.kv` is gensim's KeyedVectors, `.vec` and `.txt` are word2vec text, `.bin` is word2vec binary. Of an ensemble, each
    word's vectors stand side by side, as the tagger reads them.

    \b
    windowner vectors export runs/wikigold --out wikigold.kv
    """
    check_suffix(out)
    table = _read_word_table(run)
    _write(out, table.words, table.array)


@command.command("nearest", short_help="List nearest neighbours before and after fine-tuning.")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("words", metavar="WORD...", nargs=-1, required=True)
@click.option("--top", type=click.IntRange(min=1), default=10, help="Number of neighbours.")
def nearest(run: Path, words: tuple[str, ...], top: int) -> None:
    """List the nearest neighbours of words in RUN by cosine, before and after fine-tuning.

    A word is looked up as written, then in lower case, then with its digits as 0 or #. Neighbours are words of the
    model. Vectors before fine-tuning are read from the run's `vectors.source`.

    \b
    windowner vectors nearest runs/wikigold Paris 1984
    """
    table = _read_word_table(run)
    rows = _find_rows(run, table, words)
    after = find_neighbours(table.words, table.array, rows, top)
    before, reason = _neighbours_before(run, table, rows, top)
    if reason:
        click.echo(f"{reason}\n")
    for word, row, new in zip(words, rows, after, strict=True):
        drawn = not reason and row not in before
        click.secho(_title(word, table, row) + (", from a random one" if drawn else ""), bold=True)
        _print_neighbours(before.get(row, []), new)
        click.echo()


@dataclass(frozen=True)
class _WordTable:
    """Words of a trained model and their vectors, (V, k D) for k networks; training could move the first `movable`."""

    words: Sequence[str]
    array: Float32
    movable: int
    config: Config


def _read_word_table(run: Path) -> _WordTable:
    model = read_model(run)
    words = model.words
    return _WordTable(words.values, words.E[FIRST:], words.trainable - FIRST, model.config)


def _read_pretrained(run: Path, table: _WordTable) -> Vectors:
    saved = run / RUN_CONFIG  # its paths are absolute; those in the model file are relative to the training's config
    config = load_config(saved, trained=True) if saved.exists() else table.config
    return load_vectors(config.vectors.source, directory=config.directory)


def _write(out: Path, words: Sequence[str], array: Float32) -> None:
    left_out = write_vectors(out, words, array)
    click.echo(f"{out}: {len(words) - left_out:,} words of {array.shape[1]} dimensions", err=True)
    if left_out:
        hold = "word holds" if left_out == 1 else "words hold"
        click.echo(f"  {left_out:,} {hold} white space, which {out.suffix} cannot store: left out", err=True)


def _find_rows(run: Path, table: _WordTable, words: Sequence[str]) -> list[int]:
    key_to_index = {word: row for row, word in enumerate(table.words)}
    rows = [look_up(word, key_to_index)[0] for word in words]
    unknown = [repr(word) for word, row in zip(words, rows, strict=True) if row < 0]
    if unknown:
        raise VectorsError(f"{run}: found no vector for {', '.join(unknown)} among {len(table.words):,} words")
    return rows


def _neighbours_before(
    run: Path, table: _WordTable, rows: Sequence[int], count: int
) -> tuple[dict[int, list[Neighbour]], str | None]:
    """Return the neighbours before training of rows with a pretrained vector, or why there are none to show."""
    settings = table.config.vectors
    if not settings.source:
        return {}, "Only neighbours after training: the vectors started at random, because vectors.source is empty."
    if settings.mode == "frozen":
        return {}, "Pretrained vectors are frozen in this run: training did not move them."
    try:
        vectors = _read_pretrained(run, table)
        known, array = pretrained_part(table.words, table.array, table.movable, vectors)
    except (ConfigError, VectorsError) as error:
        return {}, f"Only neighbours after training: the vectors before cannot be read: {error}"
    place = {row: i for i, row in enumerate(known)}
    asked = [row for row in dict.fromkeys(rows) if row in place]
    found = find_neighbours([table.words[row] for row in known], array, [place[row] for row in asked], count)
    return dict(zip(asked, found, strict=True)), None


def _title(word: str, table: _WordTable, row: int) -> str:
    found = table.words[row]
    name = word if word == found else f"{word}, looked up as {found}"
    return f"{name}: its vector {'was trained' if row < table.movable else 'did not move'}"


def _print_neighbours(before: Sequence[Neighbour], after: Sequence[Neighbour]) -> None:
    sides = [("before", before), ("after", after)] if before else [("after", after)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, _ in sides:
        table.add_column(name)
        table.add_column("cosine", justify="right")
    for neighbours in zip_longest(*(side for _, side in sides)):
        cells = [(other.word, f"{other.cosine:.2f}") if other else ("", "") for other in neighbours]
        table.add_row(*chain.from_iterable(cells))
    print_table(table)
