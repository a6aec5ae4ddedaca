"""What it costs to tag raw text in place of gold tokens: `make raw-text`. Prints a Markdown table.

A tagger is trained by a config. Its test sentences are detokenized by sacremoses and tagged as text: one by one, and
ten of them as one text, so that the ends of sentences have to be found as well. Entities are compared by their
characters.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from docs.pages import ROOT, table
from studies.detokenized import detokenized
from windowner.config.loading import load_config
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger
from windowner.text.conversion import spans_of_tags
from windowner.text.document import Offsets, Span

TOGETHER = 10  # sentences of a text


def characters(spans: Sequence[Span], start: int = 0) -> set[tuple[int, int, str]]:
    """Return spans as characters and label, moved to the place of their text."""
    return {(start + span.start, start + span.end, span.label) for span in spans}


def f1(found: Sequence[set[tuple[int, int, str]]], gold: Sequence[set[tuple[int, int, str]]]) -> float:
    """Return the F1 of entities, in percent."""
    common = sum(len(one & other) for one, other in zip(found, gold, strict=True))
    return 200 * common / max(1, sum(map(len, found)) + sum(map(len, gold)))


def by_tokens(tagger: Tagger, texts: Sequence[tuple[str, Offsets, list[str]]]) -> list[set[tuple[int, int, str]]]:
    """Return the entities of the gold tokens."""
    tags = tagger.tag([[text[start:end] for start, end in places] for text, places, _ in texts])
    return [characters(spans_of_tags(found, places)) for found, (_, places, _) in zip(tags, texts, strict=True)]


def by_texts(find: Callable[[str], list[Span]], texts: Sequence[str], together: int) -> list[set[tuple[int, int, str]]]:
    """Return the entities that `find` finds in texts joined, some at a time; each entity belongs where it begins."""
    found: list[set[tuple[int, int, str]]] = []
    for first in range(0, len(texts), together):
        group = texts[first : first + together]
        spans = find(" ".join(group))
        start = 0
        for text in group:
            end = start + len(text)
            found.append(characters([span for span in spans if start <= span.start < end], -start))
            start = end + 1
    return found


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=ROOT / "configs" / "wikigold.toml")
@click.option("--set", "keys", multiple=True, help="Override a key of the config.")
def main(config: Path, keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    loaded = load_config(config, keys)
    with TemporaryDirectory() as folder:
        tagger = train(loaded, folder).tagger
    rows = []
    for part in ("dev", "test"):
        texts = list(detokenized(loaded.path(getattr(loaded.data, part))))
        gold = [characters(spans_of_tags(tags, places)) for _, places, tags in texts]
        plain = [text for text, _, _ in texts]
        scores = [by_tokens(tagger, texts), *(by_texts(tagger.tag_text, plain, together) for together in (1, TOGETHER))]
        rows.append([f"{loaded.name} {part}", *(f"{f1(found, gold):.2f}" for found in scores)])
    click.echo(table(["entity F1", "gold tokens", "text, a sentence", f"text, {TOGETHER} sentences"], rows))


if __name__ == "__main__":
    main()
