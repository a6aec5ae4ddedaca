"""The files and the annotator of the story in docs/labels.md.

    python -m studies.label_story start
    python -m studies.label_story label

`start` writes two files: the first 200 sentences of wikigold's train with their labels, and the others without. `label`
stands for a person with an annotation tool. It moves the sentences of tasks.jsonl to the labelled ones, with the labels
of wikigold.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import click
import msgspec

from docs.pages import ROOT
from windowner.formats.reading import read_corpus
from windowner.formats.table import COLUMNS, FORMATS
from windowner.formats.writing import MARK, write_sentences
from windowner.text.sentence import Sentence

CORPUS = ROOT / "data/wikigold/train.conll"
LABELLED, POOL, TASKS = "labelled.conll", "pool.conll", "tasks.jsonl"
START = 200

folder_option = click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("story"), show_default=True, help="Folder of the files."
)


@click.group()
def main() -> None:
    """Make the files of the story in docs/labels.md."""


@main.command()
@folder_option
@click.option("--documents", is_flag=True, help="Mark where documents begin in labelled.conll.")
def start(folder: Path, documents: bool) -> None:
    """Write 200 labelled sentences, and a pool of sentences without labels."""
    corpus = read_corpus(CORPUS)
    gold = corpus.sentences
    write(folder / LABELLED, with_marks(gold[:START], corpus.document_starts) if documents else gold[:START])
    write(folder / POOL, [without_labels(sentence) for sentence in gold[START:]])


@main.command()
@folder_option
def label(folder: Path) -> None:
    """Label the sentences of tasks.jsonl as wikigold does."""
    chosen = {tuple(msgspec.json.decode(line)["tokens"]) for line in (folder / TASKS).read_bytes().splitlines()}
    labelled, pool = (read_corpus(folder / name).sentences for name in (LABELLED, POOL))
    write(folder / LABELLED, [*labelled, *with_tokens(chosen, read_corpus(CORPUS).sentences[START:])])
    write(folder / POOL, [sentence for sentence in pool if tuple(sentence.tokens) not in chosen])


def without_labels(sentence: Sentence) -> Sentence:
    """Return the sentence with the tag O for every token."""
    return sentence._replace(tags=["O"] * len(sentence.tokens))


def with_marks(sentences: Sequence[Sentence], starts: Collection[int]) -> list[Sentence]:
    """Return the sentences with a mark before each one that begins a document."""
    mark = Sentence([], None, 1, [MARK])
    return [each for number, sentence in enumerate(sentences) for each in ([mark] * (number in starts) + [sentence])]


def with_tokens(chosen: Collection[tuple[str, ...]], sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences whose tokens are among the chosen ones."""
    return [sentence for sentence in sentences if tuple(sentence.tokens) in chosen]


def write(path: Path, sentences: Sequence[Sentence]) -> None:
    """Write a column file, and print how many sentences and words it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sentences(path, FORMATS[COLUMNS], sentences)
    sizes = [len(sentence.tokens) for sentence in sentences if not sentence.is_mark]
    click.echo(f"{path}: {len(sizes):,} sentences, {sum(sizes):,} words")


if __name__ == "__main__":
    main()
