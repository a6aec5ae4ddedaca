"""The `windowner` command. Each of its commands is a module of its own, which is imported when it is called."""

import errno
import gc
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import IO, Any
from warnings import catch_warnings

import click
from click.shell_completion import CompletionItem

from windowner.cli.interrupts import ended
from windowner.cli.log import ERROR, WARNING, as_text_again, is_json, tell
from windowner.cli.terminal import (
    accept_every_character,
    drop_held_output,
    name_not_held,
    replace_closed_streams,
)
from windowner.errors import UncheckedWarning, WindownerError
from windowner.markup.lines import one_line
from windowner.platform import terminated_as_exception

# The matrix products are too small to be shared: a second BLAS thread only spins, and slows a busy machine many times
# over. numpy reads these variables when it is imported, which happens later.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# The garbage collector looks for cycles of objects whenever some hundred new ones live. Nearly nothing here is a cycle,
# and text makes many objects. So it looks less often.
gc.set_threshold(100_000, 10, 10)

COMMANDS = {  # name: (module, one line for --help)
    "init": ("windowner.cli.init", "Look at labelled files, and write a config for them."),
    "train": ("windowner.cli.train", "Train a tagger on labelled text."),
    "eval": ("windowner.cli.evaluate", "Score a tagger on labelled text."),
    "tag": ("windowner.cli.tag", "Tag text with a trained tagger."),
    "explain": ("windowner.cli.explain", "Say why a word has its tag, and which words raise a type."),
    "serve": ("windowner.cli.serve", "Tag text over HTTP, and on a page to try the tagger."),
    "cutoff": ("windowner.cli.cutoff", "Let a tagger leave out entities that are not probable enough."),
    "check": ("windowner.cli.check", "Find what is suspicious in labelled text, before training."),
    "convert": ("windowner.cli.convert", "Write labelled text in another format."),
    "review": ("windowner.cli.review", "Find likely label errors, review them, and write the corrected text."),
    "suggest": ("windowner.cli.suggest", "Choose the unlabelled sentences to label next."),
    "score": ("windowner.cli.score", "Score the tags in one file against those in another."),
    "cv": ("windowner.cli.cross_validate", "Cross-validate a config: how good it is without a dev or test file."),
    "compare": ("windowner.cli.compare", "Compare settings over seeds and amounts of data, and advise."),
    "info": ("windowner.cli.info", "Say what a model file holds: config, tables, data, words of the training text."),
    "diff": ("windowner.cli.diff", "Show where two taggers differ on a text, and which of them is right."),
    "card": ("windowner.cli.card", "Write the card of a model: data, licences, scores, limits, how to cite."),
    "report": ("windowner.cli.report", "Write a page about a run: curves, mistakes, vectors, hidden units."),
    "export": ("windowner.cli.export", "Write a tagger as one page, which tags in the browser."),
    "vectors": ("windowner.cli.vectors", "Train, convert and export word vectors, and list nearest neighbours."),
    "gradcheck": ("windowner.cli.gradcheck", "Check every gradient of a config's network."),
    "graph": ("windowner.cli.graph", "Show a computation graph with its values and gradients."),
    "lr-find": ("windowner.cli.lr_find", "Try learning rates on a config, and suggest one."),
}


class UserError(click.ClickException):
    """A user's mistake: one red line on stderr, and exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line."""
        tell("error", _shown(self.message), level=ERROR, prefix="error: ", color="red")


class LoggedUsageError(UserError):
    """A mistake in the arguments, as a line of `--log json`. The exit status is 2."""

    exit_code = 2


def _shown(message: str) -> str:
    """Return the message of an error as one line, without the credentials of addresses."""
    from windowner.stores.credentials import without_credentials  # not needed where nothing fails

    return one_line(without_credentials(message))


def show_warning(
    otherwise: Callable[..., None], message: Warning | str, category: type[Warning], *place: Any, **options: Any
) -> None:
    """Print a warning of windowner as one line on stderr. `otherwise` takes any other warning."""
    if issubclass(category, UncheckedWarning):
        tell("note", one_line(str(message)), level=WARNING, prefix="note: ", color="yellow")
    else:
        otherwise(message, category, *place, **options)


class Commands(click.Group):
    """Imports a command's module only when the command is called, so that `--help` and shell completion are fast."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Prepare the output streams, and run click's own `main`. Commands find what was typed as their object."""
        replace_closed_streams()
        accept_every_character()
        options.setdefault("obj", tuple(sys.argv[1:] if args is None else args))
        with as_text_again(), terminated_as_exception(), catch_warnings():
            warnings.simplefilter("always", UncheckedWarning)
            warnings.showwarning = partial(show_warning, warnings.showwarning)
            return super().main(args, *more, **options)

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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command, without importing the commands."""
        names = [CompletionItem(name, help=help) for name, (_, help) in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)  # the group's own would import them

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the arguments; `--help` prints here."""
        with errors_as_lines():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with errors_as_lines():
            return super().invoke(ctx)


@contextmanager
def errors_as_lines() -> Iterator[None]:
    """Turn an error that a user can mend, and a signal, into one line."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise ended(error) from None
    except click.UsageError as error:
        if not is_json():
            raise click.UsageError(_shown(error.format_message()), error.ctx) from None
        raise LoggedUsageError(error.format_message()) from error
    except WindownerError as error:
        raise UserError(with_place(str(error))) from error
    except UnicodeEncodeError as error:  # the name of a file; streams show what they lack as escapes
        raise UserError(name_not_held(error)) from error
    except OSError as error:  # for example, stdout is a file on a full disk
        if error.errno == errno.EPIPE:
            raise  # the reader of the output has closed it; click ends the command
        drop_held_output()
        found = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part is not None)
        raise UserError(with_place(found)) from error


def with_place(message: str) -> str:
    """Return the message of an error. If the working directory was removed, which may be the reason, it says so."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return f"{message}. The working directory was removed; change to another one"
    return message


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="windowner")
def main() -> None:
    """Train, evaluate and use window-based named-entity taggers.

    \b
    windowner train configs/wikigold.toml
    windowner eval runs/wikigold data/wikigold/test.conll
    echo "Paris is big ." | windowner tag runs/wikigold --input tokens
    """
