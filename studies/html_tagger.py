"""What a tagger loses in a page: `make html-tagger`. Prints a Markdown table.

Taggers are trained by configs. Each one is written as a page, and the page tags dev in a real browser: the gold tokens,
and the text that sacremoses makes of them, ten sentences at a time. Python tags the same with all words, and with the
words of the page. Words are chosen from the training text and the pretrained vectors alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

import windowner
from docs.pages import table
from studies.browser import open_browser
from studies.detokenized import detokenized
from studies.raw_text import TOGETHER, by_texts, characters, f1
from studies.trainings import CORPORA, Training
from windowner.report.tagger_page import write_tagger_page
from windowner.runs.folder import read_run
from windowner.tagger.frequent_words import with_frequent_words
from windowner.text.conversion import spans_of_tags
from windowner.text.document import Span
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, span_tags

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

ROWS = (*(f"{corpus},fast" for corpus in CORPORA), "wikigold,best", "wikigold,lecture")
ENTITIES = """
const kept = (entity) => tagger.isProbable(entity, null);
const found = ({start, end, type}) => [start, end, type];
"""
OF_TOKENS = f"{ENTITIES} return tagger.entities(arguments[0]).map((sentence) => sentence.filter(kept).map(found));"
OF_TEXT = f"{ENTITIES} return findEntities(arguments[0]).filter(kept).map(found);"


@dataclass(frozen=True)
class PageTagger:
    """The tagger of a page that is open in a browser."""

    driver: "Chrome"

    def tags(self, documents: Sequence[list[list[str]]]) -> list[list[str]]:
        """Return the IOB2 tags of the sentences of documents."""
        tags = []
        for sentences in documents:
            found: Any = self.driver.execute_script(OF_TOKENS, sentences)
            for tokens, entities in zip(sentences, found, strict=True):
                tags.append(span_tags([TokenSpan(*entity) for entity in entities], len(tokens), "IOB2"))
        return tags

    def spans(self, text: str) -> list[Span]:
        """Return the entities of a text. The page counts units of UTF-16, and Python counts characters."""
        found: Any = self.driver.execute_script(OF_TEXT, text)
        units = text.encode("utf-16-le")
        place = [len(units[: 2 * unit].decode("utf-16-le", "ignore")) for unit in range(len(units) // 2 + 1)]
        return [Span(place[start], place[end], label) for start, end, label in found]


def documents_of(corpus: Corpus) -> list[list[list[str]]]:
    """Return the sentences of each document. Where none are marked, each sentence is a document."""
    starts = corpus.document_starts or range(len(corpus.sentences))
    edges = [*starts, len(corpus.sentences)]
    return [[list(tokens) for tokens in corpus.tokens[first:last]] for first, last in pairwise(edges)]


def python_tags(tagger: windowner.Tagger, documents: Sequence[list[list[str]]]) -> list[list[str]]:
    """Return the IOB2 tags of the sentences of documents, as `PageTagger.tags` does."""
    return [tags for sentences in documents for tags in tagger.tag(sentences, document_starts=[0])]


def same_share(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> float:
    """Return the share of tokens that have the same tag twice, in percent."""
    pairs = [pair for one, other in zip(ours, theirs, strict=True) for pair in zip(one, other, strict=True)]
    return 100 * sum(one == other for one, other in pairs) / len(pairs)


def row(training: Training, words: int, driver: "Chrome", folder: Path) -> Iterator[str]:
    """Train, write the page, and yield the cells of its row."""
    config = windowner.load_config(training.path, [*training.overrides, 'data.test=""', f"train.seed={training.seed}"])
    windowner.train(config, folder / "run")
    run = read_run(folder / "run")
    whole = run.tagger
    cut = with_frequent_words(whole.model, run.training_forms, words)
    tagger = windowner.Tagger(cut)
    page = write_tagger_page(cut, config.name, folder / "tagger.html", len(whole.model.words.values))
    driver.get(page.absolute().as_uri())
    ours = PageTagger(driver)
    path = config.path(config.data.dev)
    dev = windowner.read_corpus(path, **config.data.reading())
    documents = documents_of(dev)
    tagged = [python_tags(whole, documents), python_tags(tagger, documents), ours.tags(documents)]
    yield f"{len(cut.words.values):,}"
    yield f"{page.stat().st_size / 1e6:.1f}"
    yield f"{dev.token_count:,}"
    yield f"{same_share(tagged[1], tagged[2]):.3f}"
    yield from (f"{100 * windowner.score(list(dev.tags), tags).overall.f1:.2f}" for tags in tagged)
    texts = list(detokenized(path))
    gold = [characters(spans_of_tags(tags, places)) for _, places, tags in texts]
    plain = [text for text, _, _ in texts]
    for find in (tagger.tag_text, ours.spans):
        yield f"{f1(by_texts(find, plain, TOGETHER), gold):.2f}"


@click.command()
@click.option("--row", "rows", multiple=True, default=ROWS, show_default=True, help="CORPUS,PRESET; repeatable.")
@click.option("--words", default=20_000, show_default=True, help="Words of a page, at most.")
@click.option("--set", "keys", multiple=True, help="section.key=value of all rows; repeatable.")
def main(rows: tuple[str, ...], words: int, keys: tuple[str, ...]) -> None:
    """Train, tag in a browser, and print the table."""
    lines = []
    with TemporaryDirectory() as profile:
        driver = open_browser(Path(profile))
        try:
            for corpus, preset in (each.split(",") for each in rows):
                training = Training(corpus, (f"preset={preset}", *keys), seed=0)
                with TemporaryDirectory() as folder:
                    lines.append([f"{corpus}, {preset}", *row(training, words, driver, Path(folder))])
        finally:
            driver.quit()
    heads = ["dev", "words", "MB", "tokens", "same tags %", "F1, all words", "words of the page", "page"]
    click.echo(table([*heads, "text: Python", "text: page"], lines))


if __name__ == "__main__":
    main()
