"""What a trained network has learned of "in", as `windowner explain` prints it: `make lecture`."""

import os
import subprocess
import sys
from pathlib import Path
from shlex import join
from tempfile import TemporaryDirectory

import click

import windowner
from docs.pages import ROOT, docs_option, write

CONFIG = ROOT / "configs" / "wikigold.toml"
WORD = ("--sentence", "museums in Paris are amazing", "--word", "3", "--against", "O", "--top", "6")
BEFORE = ("--position", "-1", "--type", "LOC", "--min-count", "25", "--top", "9")


def shown(run: windowner.Run, arguments: tuple[str, ...], data: Path | None = None) -> str:
    """Return what `windowner explain` prints, below its command as a reader types it from the repository."""
    program = [
        sys.executable,
        "-m",
        "windowner",
        "explain",
        str(run.folder),
        *([str(data)] if data else []),
        *arguments,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    printed = subprocess.run(program, capture_output=True, check=True, encoding="utf-8", env=environment).stdout
    corpus = ["data/wikigold/train.conll"] if data else []
    command = join(["windowner", "explain", "runs/wikigold", *corpus, *arguments]).replace("'", '"')
    lines = [line.rstrip() for line in printed.splitlines()]
    return "\n".join(["```console", f"$ {command}", *lines, "```"])


@click.command()
@docs_option
@click.option("--set", "keys", multiple=True, help="section.key=value of the training; repeatable.")
def main(docs: Path, keys: tuple[str, ...]) -> None:
    """Train the tagger of the config, and explain a tag of it, and the words before places."""
    config = windowner.load_config(CONFIG, keys)
    with TemporaryDirectory() as folder:
        run = windowner.train(config, Path(folder) / "wikigold")
        write(docs / "lecture.md", "explained-word", shown(run, WORD))
        write(docs / "lecture.md", "words-before", shown(run, BEFORE, Path(config.path(config.data.train))))


if __name__ == "__main__":
    main()
