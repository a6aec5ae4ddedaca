"""Our tokenizers against well-kept libraries: `make tokenizers`. Prints a Markdown table.

The training sentences of each corpus are detokenized by sacremoses and tokenized again. The table has the F1 of the
tokens against the gold ones, the tokens per CPU second, and the size of the installed package. A library that is not
installed is left out. Libraries whose tokens have no places in the text are placed by their characters.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from time import process_time
from typing import Any

import click

from docs.pages import table
from studies.detokenized import bundled, corpus_name, detokenized, place_tokens
from windowner.text.document import Offsets
from windowner.text.pieces import split_european
from windowner.text.tokenizers import TOKENIZERS, Tokenizer

Tokenize = Callable[[str], Offsets]


def _flat(tokenizer: Tokenizer) -> Tokenize:
    return lambda text: [token for offsets in tokenizer.tokenize(text) for token in offsets]


def _syntok() -> Tokenize:
    from syntok.tokenizer import Tokenizer as Syntok

    tokenizer = Syntok(emit_hyphen_or_underscore_sep=True, replace_not_contraction=False)
    return lambda text: [(t.offset, t.offset + len(t.value)) for t in tokenizer.tokenize(text) if t.value]


def _nltk() -> Tokenize:
    from nltk.tokenize import NLTKWordTokenizer

    tokenizer = NLTKWordTokenizer()

    def tokenize(text: str) -> Offsets:
        try:
            return list(tokenizer.span_tokenize(text))
        except ValueError:  # it rewrites quotes, and then does not find them
            return []

    return tokenize


def _spacy() -> Tokenize:
    import spacy

    blank: Any = spacy.blank("en")
    return lambda text: [(t.idx, t.idx + len(t)) for t in blank.make_doc(text) if not t.is_space]


def _blingfire() -> Tokenize:
    import blingfire

    return lambda text: list(blingfire.text_to_words_with_offsets(text)[1])


def _sacremoses() -> Tokenize:
    from sacremoses import MosesTokenizer

    tokenizer = MosesTokenizer("en")
    return lambda text: place_tokens(tokenizer.tokenize(text, escape=False), text) or []


LIBRARIES = {"syntok": _syntok, "nltk": _nltk, "spacy": _spacy, "blingfire": _blingfire, "sacremoses": _sacremoses}


def tokenizers() -> Iterator[tuple[str, Tokenize, str]]:
    """Yield name, function and installed size in MB of each tokenizer."""
    for name, tokenizer in TOKENIZERS.items():
        yield name, _flat(tokenizer), megabytes("regex")
    for name, load in LIBRARIES.items():
        try:
            yield name, load(), megabytes(name)
        except ImportError:
            click.echo(f"{name} is not installed and left out", err=True)


def megabytes(package: str) -> str:
    """Return the size of a package's own files, without what it depends on."""
    try:
        sizes = [Path(str(file.locate())).stat().st_size for file in files(package) or () if file.suffix != ".pyc"]
    except (PackageNotFoundError, FileNotFoundError):
        return "?"
    return f"{sum(sizes) / 1e6:.1f}"


def agreement(tokenize: Tokenize, texts: list[tuple[str, Offsets]]) -> tuple[float, float]:
    """Return the F1 of the tokens, in percent, and the tokens per CPU second."""
    begun = process_time()
    found = [tokenize(text) for text, _ in texts]
    seconds = process_time() - begun
    pairs = [(set(tokens), set(gold)) for tokens, (_, gold) in zip(found, texts, strict=True)]
    total = sum(len(tokens) + len(gold) for tokens, gold in pairs)
    common = sum(len(tokens & gold) for tokens, gold in pairs)
    return 200 * common / total, sum(map(len, found)) / max(seconds, 1e-9)


@click.command()
@click.option("--data", multiple=True, type=click.Path(path_type=Path, exists=True), help="A corpus; repeatable.")
def main(data: tuple[Path, ...]) -> None:
    """Print the table."""
    paths = data or tuple(bundled("train"))
    corpora = [[(text, gold) for text, gold, _ in detokenized(path)] for path in paths]
    rows = []
    for name, tokenize, size in tokenizers():
        measured = [agreement(tokenize, texts) for texts in corpora]
        speed = sum(rate for _, rate in measured) / len(measured)
        rows.append([name, *(f"{f1:.2f}" for f1, _ in measured), f"{speed:,.0f}", size])
    fresh = Tokenizer("european", split_european)
    texts = [pair for corpus in corpora for pair in corpus]
    cold, warm = (agreement(_flat(fresh), texts)[1] for _ in range(2))
    click.echo(table(["tokenizer", *map(corpus_name, paths), "tokens per CPU s", "MB"], rows))
    click.echo(
        f"\neuropean, all corpora: {cold:,.0f} tokens per CPU second at first, {warm:,.0f} when they are repeated."
    )


if __name__ == "__main__":
    main()
