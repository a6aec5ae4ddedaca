"""`windowner vectors`."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

import click
from tqdm import tqdm

from windowner.arrays import Float32
from windowner.cli.options import encoding_option, input_option, token_column_option
from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.formats.token_files import TokenizedFiles
from windowner.runs.word_neighbours import WordNeighbours, compare_neighbours, read_trained_vectors
from windowner.stores.address import AnyPath
from windowner.text.wording import count_of
from windowner.vectors.exchange import SUFFIXES, check_suffix, write_vectors
from windowner.vectors.foreign import KEPT, read_foreign
from windowner.vectors.neighbours import Neighbour
from windowner.vectors.skip_gram import SkipGram, train_skip_gram

FORMATS = f"Format by suffix: {', '.join(SUFFIXES)}."


@click.group("vectors")
def command() -> None:
    """Train word vectors, convert those of other tools, export those of a run, and list nearest neighbours.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    windowner vectors export runs/wikigold --out wikigold.kv
    windowner vectors nearest runs/wikigold Paris 1984
    """


@command.command("train", short_help="Train skip-gram vectors on text without labels.")
@click.argument("texts", type=LocalPath(path_type=str), nargs=-1, required=True)
@click.option("--out", type=LocalPath(), required=True, help=f"The file to write. {FORMATS}")
@input_option
@token_column_option
@encoding_option
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
    encoding: str,
    size: int,
    window: int,
    min_count: int,
    epochs: int,
    seed: int,
    lower: bool,
) -> None:
    """Train skip-gram vectors on the files TEXTS: raw text, or any format of docs/formats.md. Labels are ignored.

    Raw text is tokenized.

    \b
    windowner vectors train data/wikigold/train.conll --out wikigold.vec
    windowner train configs/wikigold.toml --set 'vectors.more=[{source="wikigold.vec"}]'
    """
    check_suffix(out)
    settings = SkipGram(vector_size=size, window=window, min_count=min_count, epochs=epochs, seed=seed)
    sentences = TokenizedFiles(texts, input_format or "", token_column, encoding, lower=lower)
    with tqdm(total=epochs, unit=" epochs", disable=None) as bar:
        vectors = train_skip_gram(sentences, settings, tick=lambda _: bar.update())
    _write(out, vectors.words, vectors.array)


@command.command("convert", short_help="Convert vectors of other tools.")
@click.argument("source", metavar="IN", type=LocalPath(path_type=str))
@click.argument("out", metavar="OUT", type=LocalPath())
@click.option(
    "--forms",
    "texts",
    type=LocalPath(path_type=str),
    multiple=True,
    help="Of a fastText .bin, also write vectors of the words of this file. The option may be repeated.",
)
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    help=f"Of a fastText .bin, write this many of the most frequent words.  [default: {KEPT:,}]",
)
def convert(source: str, out: Path, texts: tuple[str, ...], keep: int | None) -> None:
    """Write the vectors of IN to the file OUT, which `vectors.source` reads.

    IN is a folder of spaCy (a pipeline, its `vocab`, or saved vectors) or of model2vec, a JSON object of word and list
    of numbers, a fastText `.bin`, or any file of docs/vectors.md. Nothing in it is executed.

    \b
    windowner vectors convert da_core_news_md/da_core_news_md-3.8.0 danish.bin
    windowner vectors convert cc.da.300.bin danish.bin --forms unlabelled.txt
    """
    check_suffix(out)
    forms = dict.fromkeys(chain.from_iterable(TokenizedFiles(texts)))
    vectors, left_out = read_foreign(source, forms, keep)
    if left_out:
        say(f"{source}: left out {left_out}", err=True)
    words = list(vectors.key_to_index)
    _write(out, words, vectors.rows(list(vectors.key_to_index.values())))


@command.command("export", short_help="Write the trained word vectors of a run.")
@click.argument("run", type=PathOrAddress())
@click.option("--out", type=LocalPath(), required=True, help=f"The file to write. {FORMATS}")
def export(run: AnyPath, out: Path) -> None:
    """Write the trained word vectors of RUN, a run's folder or a model file.

    `.kv` is gensim's KeyedVectors, `.vec` and `.txt` are word2vec text, `.bin` is word2vec binary. Of an ensemble, each
    word's vectors stand side by side, as the tagger reads them.

    \b
    windowner vectors export runs/wikigold --out wikigold.kv
    """
    check_suffix(out)
    trained = read_trained_vectors(run)
    _write(out, trained.words, trained.array)


@command.command("nearest", short_help="List nearest neighbours before and after fine-tuning.")
@click.argument("run", type=PathOrAddress())
@click.argument("words", metavar="WORD...", nargs=-1, required=True)
@click.option("--top", type=click.IntRange(min=1), default=10, help="Number of neighbours.")
def nearest(run: AnyPath, words: tuple[str, ...], top: int) -> None:
    """List the nearest neighbours of words in RUN by cosine, before and after fine-tuning.

    A word is looked up as written, then in lower case, then with its digits as 0 or #. Neighbours are words of the
    model. Vectors before fine-tuning are read from the run's `vectors.source`.

    \b
    windowner vectors nearest runs/wikigold Paris 1984
    """
    compared, reason = compare_neighbours(run, words, top)
    if reason:
        say(reason)
        say()
    for word in compared:
        drawn = not reason and word.before is None
        say(_title(word) + (", from a random one" if drawn else ""), bold=True)
        _print_neighbours(word.before or [], word.after)
        say()


def _write(out: Path, words: Sequence[str], array: Float32) -> None:
    left_out = write_vectors(out, words, array)
    say(f"{out}: {count_of(len(words) - left_out, 'word')} of {count_of(array.shape[1], 'dimension')}", err=True)
    if left_out:
        hold = "word holds" if left_out == 1 else "words hold"
        say(f"  {left_out:,} {hold} white space, which {out.suffix} cannot store: left out", err=True)


def _title(word: WordNeighbours) -> str:
    name = word.asked if word.asked == word.found else f"{word.asked}, looked up as {word.found}"
    return f"{name}: its vector {'was trained' if word.trained else 'did not move'}"


def _print_neighbours(before: Sequence[Neighbour], after: Sequence[Neighbour]) -> None:
    sides = [("before", before), ("after", after)] if before else [("after", after)]
    table = TextTable()
    for name, _ in sides:
        table.add_column(name)
        table.add_column("cosine", justify="right")
    for neighbours in zip_longest(*(side for _, side in sides)):
        cells = [(other.word, f"{other.cosine:.2f}") if other else ("", "") for other in neighbours]
        table.add_row(*chain.from_iterable(cells))
    print_table(table)
