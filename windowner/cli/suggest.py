"""`windowner suggest`."""

from pathlib import Path

import click

from windowner.cli.options import INPUTS, encoding_option
from windowner.cli.paths import LocalPath, PathOrAddress
from windowner.cli.tables import write_text
from windowner.cli.terminal import say
from windowner.config.loading import load_config
from windowner.errors import DataError, WindownerError
from windowner.labels.labelled_text import read_labelled_files
from windowner.labels.suggest import suggest
from windowner.labels.tasks import TASKS, write_tasks
from windowner.labels.unlabelled import read_unlabelled
from windowner.runs.file_names import CONFIG_NAME
from windowner.stores.address import AnyPath
from windowner.tagger.tagger import Tagger
from windowner.text.wording import count_of


@click.command("suggest")
@click.argument("run", type=PathOrAddress())
@click.argument("pool", type=LocalPath())
@click.option("--top", type=click.IntRange(min=1), default=100, help="Sentences, at most.")
@click.option("--to", "form", type=click.Choice(list(TASKS)), default="jsonl", help="Format of the tasks.")
@click.option(
    "--input",
    "input_format",
    type=click.Choice(INPUTS),
    help="Format of POOL, as for `windowner tag`.  [default: what the first lines say]",
)
@encoding_option
@click.option("--out", type=LocalPath(), help="File that is written.  [default: stdout]")
def command(
    run: AnyPath, pool: Path, top: int, form: str, input_format: str | None, encoding: str, out: Path | None
) -> None:
    """Choose the sentences of POOL that should be labelled next for the tagger RUN.

    POOL holds unlabelled text or tokens. The sentences come first whose tags the tagger is least sure of, per word.
    Words that are in the chosen sentences already count less, and near-duplicates are left out, also those of sentences
    that RUN was trained on. Each sentence is written as a task with the entities that the tagger finds.

    \b
    windowner suggest runs/wikigold pool.txt --top 100 --to label-studio --out tasks.json
    """
    tagger = Tagger.load(run)
    sentences, _ = read_unlabelled(tagger, pool, input_format or "", encoding)
    known = labelled_tokens(run)
    tasks = suggest(tagger, sentences, top, known)
    write_text(write_tasks(tasks, form), out)
    words = sum(len(task.tokens) for task in tasks)
    say(f"{len(tasks):,} of {count_of(len(sentences), 'sentence')}, {count_of(words, 'word')} to label", err=True)


def labelled_tokens(run: AnyPath) -> list[list[str]]:
    """Return the sentences that a run was trained on; [] if they cannot be read, which is said."""
    try:
        if not isinstance(run, Path):
            raise DataError(f"{run}: in a store, expected the folder of a run on this machine")
        corpora, _ = read_labelled_files(load_config(run / CONFIG_NAME, trained=True))
    except WindownerError as error:
        say(f"near-duplicates of labelled sentences are not left out: {error}", err=True)
        return []
    return [tokens for corpus in corpora.values() for tokens in corpus.tokens]
