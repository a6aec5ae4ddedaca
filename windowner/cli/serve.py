"""`windowner serve`."""

from pathlib import Path
from typing import Any

import click

from windowner.adapters.service.limits import Limits
from windowner.cli.loading import load_tagger
from windowner.cli.options import FiniteRange, rules_option
from windowner.cli.paths import PathOrAddress
from windowner.cli.terminal import say
from windowner.errors import ConfigError
from windowner.stores.address import AnyPath
from windowner.tagger.caches import CACHE_MB

SAMPLE = "Paris is big."
"""Tagged before the first request, so that everything is loaded."""


@click.command("serve")
@click.argument("model", metavar="RUN", type=PathOrAddress())
@click.option("--host", default="127.0.0.1", help="Address to listen on. 0.0.0.0: reachable from other machines.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port. 0 finds a free one.")
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    help="Origin whose pages may use the service, such as https://a.org. The option may be repeated.",
)
@rules_option
@click.option(
    "--cache-mb",
    type=FiniteRange(min=0),
    default=CACHE_MB,
    help="Memory for words that were computed before, in megabytes.",
)
@click.option(
    "--max-body-mb",
    "body_mb",
    type=FiniteRange(min=0),
    default=Limits.body_mb,
    help="Largest body of a request, in megabytes.",
)
@click.option("--max-text", "text", type=click.IntRange(min=1), default=Limits.text, help="Most characters of a text.")
@click.option(
    "--max-texts",
    "texts",
    type=click.IntRange(min=1),
    default=Limits.texts,
    help="Most texts, or sentences of tokens, of a request.",
)
@click.option(
    "--max-tokens",
    "tokens",
    type=click.IntRange(min=1),
    default=Limits.tokens,
    help="Most tokens that a request gives.",
)
@click.option(
    "--max-waiting",
    "waiting",
    type=click.IntRange(min=1),
    default=Limits.waiting,
    help="Most requests that wait for the tagger.",
)
@click.option(
    "--max-connections",
    "connections",
    type=click.IntRange(min=1),
    default=Limits.connections,
    help="Most open connections.",
)
@click.option(
    "--max-seconds",
    "seconds",
    type=FiniteRange(min=0.1),
    default=Limits.seconds,
    help="Longest time to send the head of a request, to send its body, or to read a part of the answer, in seconds.",
)
def command(
    model: AnyPath, host: str, port: int, origins: tuple[str, ...], rules: str, cache_mb: float, **limits: Any
) -> None:
    """Answer requests over HTTP with the tagger RUN (a run's folder or a model file), and show a page to try it on.

    POST /tag and POST /explain take and give JSON (docs/service.md). The page is at /. Only this machine can reach the
    service unless --host says otherwise. SIGTERM and Ctrl-C end the service when all requests are answered.

    \b
    windowner serve runs/wikigold
    curl --json '{"text": "Angela Merkel visited Paris."}' http://127.0.0.1:8000/tag
    """
    try:
        from windowner.adapters.service.app import make_app
        from windowner.adapters.service.server import address_of, listen, run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        raise ConfigError('a service needs starlette and uvicorn: pip install "windowner[serve]"') from None

    tagger = load_tagger(model, rules, cache_mb)
    tagger.tag_text(SAMPLE)
    bounds = Limits(**limits)
    app = make_app(tagger, name_of_model(model), bounds, origins)
    with listen(host, port) as listening:
        say(f"serving {model} on {address_of(listening)}")
        run(app, listening, bounds)


def name_of_model(model: AnyPath) -> str:
    """Return the name under which the service shows a model."""
    return model.absolute().name if isinstance(model, Path) else model.name or str(model)
