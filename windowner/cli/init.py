"""`windowner init`."""

from pathlib import Path

import click

from windowner.cli.options import encoding_option
from windowner.cli.paths import LocalPath
from windowner.cli.terminal import say
from windowner.errors import ConfigError
from windowner.files import write_whole
from windowner.runs.draft import draft_config

STDOUT = "-"


@click.command("init")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=LocalPath())
@click.option(
    "--out",
    type=LocalPath(allow_dash=True),
    default=Path("mine.toml"),
    help="The config to write. It must not exist. With - the config is printed.",
)
@encoding_option
def command(files: tuple[Path, ...], out: Path, encoding: str) -> None:
    """Look at labelled files, and write a first config for them, with comments.

    The files are train, dev and test. Their names say which is which, or else their order. The comments say what the
    files hold, and why word vectors were chosen or not.

    \b
    windowner init train.conll dev.conll test.conll
    windowner init data/*.conll --out mine.toml
    """
    printed = str(out) == STDOUT
    if not printed and out.exists():
        raise ConfigError(f"{out}: already exists, expected a new file: choose another name with --out, or remove it")
    if not printed and not out.absolute().parent.is_dir():
        raise ConfigError(f"{out}: no such folder; make it first")
    text = draft_config(files, Path("mine.toml") if printed else out, encoding)
    if printed:
        click.echo(text, nl=False)
        return
    write_whole(out, text.encode())
    say(f"wrote {out}; next: windowner train {out}", err=True)
