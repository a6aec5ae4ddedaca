"""`windowner explain`."""

from pathlib import Path

import click

from windowner.cli.loading import load_tagger
from windowner.cli.options import PICTURES, format_option, rules_option
from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.cli.reading import reading_of
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.errors import ConfigError
from windowner.files import shown_path
from windowner.formats.reading import read_corpus
from windowner.report.explanation_page import write_explanation_page, write_explanation_picture
from windowner.stores.address import AnyPath
from windowner.tagger.context_words import ContextWord, context_words
from windowner.tagger.explanation import Explanation, ShareRow
from windowner.tagger.model import Model
from windowner.text.stretches import stretch_edges

FORMATS = (".html", *PICTURES)


@click.command("explain")
@click.argument("model", type=PathOrAddress())
@click.argument("data", type=LocalPath(path_type=str), required=False)
@click.option("--sentence", help="The sentence, with white space between its tokens.")
@click.option("--word", type=int, help="Number of the word that is explained; 1 is the first.")
@click.option("--tag", help="Tag that is explained.  [default: the one that the tagger gives to the word]")
@click.option("--against", help="Tag with which it is compared.  [default: the other tag with the best score]")
@click.option("--context", multiple=True, help="Another sentence of the document. The option may be repeated.")
@rules_option
@click.option("--out", type=LocalPath(), help="File that is written: .html, .svg or .png.")
@click.option("--position", type=int, help="Place in the window: 0 is the center, -1 the word before it.")
@click.option("--type", "entity_type", help="Entity type that the words of DATA raise.")
@click.option("--min-count", type=click.IntRange(min=1), default=10, help="Occurrences of a word of DATA, at least.")
@click.option("--top", type=click.IntRange(min=1), default=15, help="Rows of a table, at most.")
@format_option
def command(
    model: AnyPath,
    data: str | None,
    sentence: str | None,
    word: int | None,
    tag: str | None,
    against: str | None,
    context: tuple[str, ...],
    rules: str,
    out: Path | None,
    position: int | None,
    entity_type: str | None,
    min_count: int,
    top: int,
    source_format: str,
) -> None:
    """Say why the tagger MODEL gives its tag to a word, or which words of DATA raise an entity type.

    With --sentence and --word: the difference of the scores of two tags, as a sum. The sum has a share for each word of
    the window and each of its features, for the biases, for other mentions in the document, and for the tags of the
    neighbours. Shares are in nats: a share of 0.7 doubles the odds. They are those of the network alone. Where a rule
    or a cutoff decides, a line says so.

    With DATA, --position and --type: the mean share of each word of the labelled text DATA that stands at this
    position of a window.

    \b
    windowner explain runs/wikigold --sentence "museums in Paris are amazing" --word 3
    windowner explain runs/wikigold --sentence "museums in Paris are amazing" --word 3 --against O --out paris.html
    windowner explain runs/wikigold data/wikigold/train.conll --position -1 --type LOC
    """
    given = [value is not None for value in (sentence, word, data, position, entity_type)]
    if given not in ([True, True, False, False, False], [False, False, True, True, True]):
        raise click.UsageError("expected --sentence and --word, or DATA with --position and --type")
    if sentence is None and (tag, against, context, rules, out) != (None, None, (), "", None):
        raise click.UsageError("--tag, --against, --context, --rules and --out need --sentence and --word")
    if out is not None and out.suffix not in FORMATS:
        raise ConfigError(f"--out {out}: expected a name that ends in {', '.join(FORMATS)}")
    tagger = load_tagger(model, rules)
    if sentence is not None and word is not None:
        tokens = sentence.split()
        check_word(tagger.model, tokens, word, (tag, against))
        others = [line.split() for line in context]
        found = tagger.explain(tokens, word - 1, tag, against, others)
        show(found, top) if out is None else write(found, out)
    elif data is not None and position is not None and entity_type is not None:
        check_place(tagger.model, position, entity_type)
        show_words(mean_shares(tagger.model, data, source_format, position, entity_type), min_count, top)


def check_word(model: Model, tokens: list[str], word: int, tags: tuple[str | None, str | None]) -> None:
    """Refuse a word that the sentence does not have, and tags that the model does not know."""
    if not tokens:
        raise ConfigError("--sentence has no token, expected tokens with white space between them")
    if not 1 <= word <= len(tokens):
        raise ConfigError(f"--word {word}: expected a number from 1 to {len(tokens)}, the number of words")
    for option, tag in zip(("--tag", "--against"), tags, strict=True):
        if tag is not None and tag not in model.tags.names:
            raise ConfigError(
                f"{option} {tag}: the model has no such tag, expected one of {', '.join(model.tags.names)}"
            )
    if tags[0] is not None and tags[0] == tags[1]:
        raise ConfigError(f"--tag and --against are both {tags[0]}, expected two tags")


def check_place(model: Model, position: int, entity_type: str) -> None:
    """Refuse a position that no window has, and a type that the model does not know."""
    radius, types = model.network.radius, model.tags.types
    if abs(position) > radius:
        raise ConfigError(f"--position {position}: expected a number from {-radius} to {radius}, as windows reach")
    if entity_type not in types:
        raise ConfigError(f"--type {entity_type}: the model has no such type, expected one of {', '.join(types)}")


def mean_shares(model: Model, data: str, source_format: str, position: int, entity_type: str) -> list[ContextWord]:
    """Return the mean shares of the words of a labelled file, which is read as `windowner eval` reads it."""
    corpus = read_corpus(data, **reading_of(model, {"format": source_format}))
    documents = stretch_edges([len(each) for each in corpus.tokens], corpus.document_starts, model.config.model.stretch)
    return context_words(model, corpus.tokens, position, entity_type, documents)


def write(found: Explanation, out: Path) -> None:
    """Write an explanation as a page or as a picture."""
    (write_explanation_page if out.suffix == ".html" else write_explanation_picture)(found, out)
    say(shown_path(out.absolute()))


def show(found: Explanation, top: int) -> None:
    """Print an explanation as two tables: of words, and of their largest features."""
    before, center, after = found.sentence[: found.word], found.sentence[found.word], found.sentence[found.word + 1 :]
    say(" ".join([*before, f"[{center}]", *after]))
    say(f"{found.tag} against {found.against}: {found.difference:+.3f} nats; tagged {found.chosen}")
    if found.choice.note:
        say(found.choice.note)
    say()
    table = _table("nats", "place", "word")
    for row in found.word_rows:
        table.add_row(*_cells(row)[:3])
    table.add_row(f"{found.difference - found.remainder:+.3f}", "", "sum", style="bold")
    print_table(table)
    say()
    table = _table("nats", "place", "word", "feature")
    features, rest = found.feature_rows(top)
    for row in [*features, *([] if rest is None else [rest])]:
        table.add_row(*_cells(row))
    print_table(table)
    say(f"logits alone: {found.logit_difference:+.3f}; rounding error of the sum: {abs(found.remainder):.0e}")


def show_words(found: list[ContextWord], min_count: int, top: int) -> None:
    """Print the words that raise a type most."""
    chosen = [each for each in found if each.occurrences >= min_count]
    table = _table("nats", "occurrences", "word")
    table.columns[1].justify = "right"
    for each in chosen[:top]:
        table.add_row(f"{each.nats:+.3f}", f"{each.occurrences:,}", each.word or "(edge)")
    print_table(table)
    say(f"{min(top, len(chosen)):,} of {len(chosen):,} words that occur there at least {min_count:,} times")


def _table(*heads: str) -> TextTable:
    table = TextTable(*heads)
    table.columns[0].justify = "right"
    return table


def _cells(row: ShareRow) -> tuple[str, str, str, str]:
    return f"{row.nats:+.3f}", row.place, row.word, row.feature
