"""The `windowner` command: each command is a module of its own, imported when it is asked for."""

import errno
import os
from importlib import import_module
from typing import IO, Any

import click

from windowner.errors import WindownerError

# The products here are too small to share: a second BLAS thread only spins, which slows a busy machine many times over.
# Numpy reads these when it is first imported, which is later.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

COMMANDS = {  # name: (module, one line for --help)
    "train": ("windowner.cli.train", "Train a tagger from a config file."),
    "eval": ("windowner.cli.evaluate", "Score a tagger on labelled text."),
    "tag": ("windowner.cli.tag", "Tag text with a trained tagger."),
    "score": ("windowner.cli.score", "Score the tags of one file against those of another."),
    "compare": ("windowner.cli.compare", "Compare settings over seeds and amounts of data, and say what to use."),
    "report": ("windowner.cli.report", "Write the page of a run: curves, vectors, hidden units, mistakes."),
    "vectors": ("windowner.cli.vectors", "Train word vectors on text without labels."),
    "gradcheck": ("windowner.cli.gradcheck", "Check every gradient of a config's network."),
    "graph": ("windowner.cli.graph", "Show a computation graph, forward and backward."),
    "lr-find": ("windowner.cli.lr_find", "Try learning rates on a config, and suggest one."),
}


class UserError(click.ClickException):
    """A user's mistake: one red line on stderr, and exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line."""
        click.secho(f"error: {self.message}", fg="red", err=True)


class Commands(click.Group):
    """Imports a command's module only when the command is asked for, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and turn what a user can cause into one line."""
        try:
            return super().invoke(ctx)
        except WindownerError as error:
            raise UserError(str(error)) from error
        except OSError as error:  # such as a full disk behind stdout
            if error.errno == errno.EPIPE:
                raise  # whoever read the output has seen enough, and click knows
            raise UserError(": ".join(filter(None, (error.filename, error.strerror or str(error))))) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="windowner")
def main() -> None:
    """Train, evaluate and use window-based named-entity taggers.

    \b
    windowner train configs/wikigold.toml
    windowner eval runs/wikigold data/wikigold/test.conll
    echo "Paris is big ." | windowner tag runs/wikigold --input tokens
    """
