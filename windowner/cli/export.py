"""`windowner export`."""

from pathlib import Path

import click

from windowner.cli.paths import LocalPath
from windowner.cli.terminal import say
from windowner.files import shown_path
from windowner.report.tagger_page import write_tagger_page
from windowner.runs.folder import read_run
from windowner.tagger.frequent_words import with_frequent_words


@click.command("export")
@click.argument("run", type=LocalPath())
@click.option("--html", type=LocalPath(), required=True, help="The page.")
@click.option("--words", type=click.IntRange(min=1), default=20_000, help="Words of the page, at most.")
def command(run: Path, html: Path, words: int) -> None:
    """Write the tagger of RUN as one page. It opens from disk, and tags what is typed, in the browser.

    RUN is the folder of a finished training. The page holds the words that are most frequent in the training text, and
    then the most frequent words of the pretrained vectors. Other words are read as unknown words. The more words, the
    larger the page.

    \b
    windowner export runs/wikigold --html tagger.html
    windowner export runs/wikigold --html tagger.html --words 50000
    """
    finished = read_run(run)
    whole = finished.tagger.model
    model = with_frequent_words(whole, finished.training_forms, words)
    write_tagger_page(model, finished.config.name, html, len(whole.words.values))
    say(
        f"{shown_path(html.absolute())}: {len(model.words.values):,} of {len(whole.words.values):,} words, "
        f"{html.stat().st_size / 1e6:.1f} MB"
    )
