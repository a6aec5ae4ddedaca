"""`windowner card`."""

from pathlib import Path

import click

from windowner.cli.paths import LocalPath
from windowner.cli.tables import write_text
from windowner.cli.terminal import say
from windowner.files import shown_path
from windowner.report.card import model_card
from windowner.report.card_data import LICENSED


@click.command("card")
@click.argument("run", type=LocalPath())
@click.option("--out", type=LocalPath(), help="The card, such as README.md.  [default: stdout]")
@click.option(
    "--licence",
    "licences",
    metavar="WHAT=TEXT",
    multiple=True,
    help="Licence of train, dev, test, data (all three), vectors or model, such as data='CC BY 4.0'. The option may be "
    "repeated.",
)
def command(run: Path, out: Path | None, licences: tuple[str, ...]) -> None:
    """Write the card of the model of RUN, the folder of a finished training, in Markdown.

    The card names the data and their licences. It has the scores with intervals, the calibration, the limits and the
    digests of the model. It says how to train the model again, and how to cite it. Every figure comes from the run's
    files (docs/cards.md). What they do not hold is "not stated". Licences come from --licence, or from a README or a
    licence file beside the texts.

    \b
    windowner card runs/wikigold --out runs/wikigold.md --licence model="CC BY 4.0"
    """
    write_text(model_card(run, read_licences(licences)), out)
    if out is not None:
        say(f"wrote {shown_path(out)}", err=True)


def read_licences(values: tuple[str, ...]) -> dict[str, str]:
    """Return licences by what they are of."""
    licences = {}
    for value in values:
        what, equals, text = value.partition("=")
        if what not in LICENSED or not equals or not text.strip():
            expected = ", ".join(LICENSED)
            raise click.UsageError(f"--licence {value}: expected WHAT=TEXT, where WHAT is one of {expected}")
        licences[what] = text.strip()
    return licences
