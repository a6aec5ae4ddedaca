"""`windowner graph`."""

from collections.abc import Sequence
from pathlib import Path

import click

from windowner.cli.options import check_picture, set_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import write_bytes
from windowner.cli.terminal import say, say_lines
from windowner.config.loading import load_config
from windowner.config.sample_config import SAMPLE_CONFIG
from windowner.errors import ConfigError, DataError
from windowner.gradients.graph import differentiate_window
from windowner.graph.expressions import differentiate
from windowner.graph.show.text import to_mermaid, to_text
from windowner.graph.show.view import GraphView, view_graph
from windowner.report.graph_page import write_graph_page
from windowner.runs.preparation import prepare
from windowner.stores.address import Address, AnyPath, path_of
from windowner.tagger.model import Model
from windowner.tagger.parts import read_model

PAGE = ".html"
RENDERERS = {"text": to_text, "mermaid": to_mermaid}


@click.command("graph")
@click.argument("arguments", nargs=-1, metavar="[MODEL_OR_CONFIG | NAME=VALUE...]")
@click.option("--expr", "expression", help="Differentiate this expression; NAME=VALUE arguments give its inputs.")
@click.option("--sentence", default="Angela Merkel visited Paris .", help="Tokens, separated by white space.")
@click.option("--word", default=1, help="The window's center word, as its place in the sentence, from 1.")
@click.option("--tag", help="The center word's gold tag, such as S-LOC.  [default: the least likely tag]")
@click.option("--chain", is_flag=True, help="Include the chain, which scores the tags of a whole sentence.")
@set_option
@click.option(
    "--out",
    multiple=True,
    type=LocalPath(),
    help="Also draw the graph to a .svg or .png file, or to an .html page with steps. The option may be repeated.",
)
@click.option("--format", "renderer", type=click.Choice(list(RENDERERS)), default="text", help="Format on stdout.")
def command(
    arguments: tuple[str, ...],
    expression: str | None,
    sentence: str,
    word: int,
    tag: str | None,
    chain: bool,
    overrides: tuple[str, ...],
    out: tuple[Path, ...],
    renderer: str,
) -> None:
    """Show a computation graph, with the value and the gradient of each node.

    With --expr it is the graph of an expression, made of numbers, names, + - * / **, max, exp, log, sigmoid, tanh and
    relu. The expression is parsed, never run as Python. Otherwise it is the graph of the loss of one window, in the
    network of a trained model or in the untrained network of a config. Without either, the network is that of the
    sample sentences of windowner. The loss is that of the window alone. With --chain the scores of the chain take
    part, as in a sentence of one word.

    \b
    windowner graph --expr "(x + y) * max(y, z)" x=1 y=2 z=0 --out lecture.svg
    windowner graph --expr "sigmoid(w * x)" w=2 x=-1 --out steps.html
    windowner graph runs/wikigold --sentence "Paris is big ." --word 1 --tag S-LOC --out window.png
    """
    for path in out:
        if path.suffix != PAGE:
            check_picture(path, f", {PAGE}")
    title = expression or sentence
    if expression is not None:
        view = view_expression(expression, arguments)
    elif len(arguments) <= 1:
        path_of_model = path_of(arguments[0] if arguments else SAMPLE_CONFIG)
        view = view_window(load_model(path_of_model, overrides), sentence.split(), word, tag, chain)
    else:
        raise click.UsageError("expected one model or config, or --expr with NAME=VALUE for its inputs")
    draw_all(view, out, title)
    say_lines(RENDERERS[renderer](view))


def view_expression(expression: str, arguments: Sequence[str]) -> GraphView:
    """Return the view of an expression; the arguments, NAME=VALUE, give its inputs."""
    inputs = {}
    for argument in arguments:
        name, _, value = argument.partition("=")
        try:
            inputs[name.strip()] = float(value)
        except ValueError:
            raise ConfigError(f"{argument}: expected NAME=NUMBER, such as x=1") from None
    differentiated = differentiate(expression, inputs)
    return view_graph(differentiated.values, differentiated.gradients)


def view_window(model: Model, tokens: list[str], word: int, tag: str | None, chain: bool) -> GraphView:
    """Return the view of one window of a sentence through a model's network."""
    if not 1 <= word <= len(tokens):
        raise DataError(f"--word {word}: expected a number from 1 to {len(tokens)}, the number of words")
    if tag is not None and tag not in model.tags.names:
        raise DataError(f"--tag {tag}: expected one of {' '.join(model.tags.names)}")
    number = None if tag is None else model.tags.names.index(tag)
    return view_graph(*differentiate_window(model.network, model.encoder, tokens, word - 1, number, chain))


def load_model(path: AnyPath, overrides: Sequence[str]) -> Model:
    """Return a trained model, or the untrained one of a config."""
    if path.suffix == ".toml":
        if isinstance(path, Address):
            raise ConfigError(f"{path}: an address, expected a config on this machine; copy it here first")
        return prepare(load_config(path, overrides)).model
    if overrides:
        raise ConfigError(f"--set {overrides[0]}: a trained model cannot be changed, expected a config (.toml)")
    return read_model(path)


def draw_all(view: GraphView, paths: Sequence[Path], title: str) -> None:
    """Draw a view to files, of which pages have a title; matplotlib is imported only here."""
    if not paths:
        return
    try:
        from windowner.graph.show.drawing import picture_bytes
    except ModuleNotFoundError as error:
        raise ConfigError(f'--out needs {error.name}: pip install "windowner[report]"') from None
    for path in paths:
        if path.suffix == PAGE:
            write_graph_page(view, title, path)
        else:
            write_bytes(picture_bytes(view, path.suffix), path)
        say(f"wrote {path}", err=True)
