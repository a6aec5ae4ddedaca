"""Writes measurements into a page: the lines between the two markers of a section are replaced.

    <!-- steps: written by make lecture -->
    ...
    <!-- end of steps -->

As a program it reads the text from standard input:

    python -m benchmarks.graph_cost | python -m docs.pages docs/lecture.md graph-cost
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import TextIO

import click

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

docs_option = click.option(
    "--docs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=DOCS,
    help="Folder of the pages that are written.",
)
"""The option of every script that writes pages itself."""


def write(page: Path, section: str, text: str) -> None:
    """Replace the lines between the markers of a section."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- {section}: ")
    line, newline, rest = rest.partition("\n")
    _, end, after = rest.partition(f"<!-- end of {section} -->")
    if not (begin and end):
        raise click.ClickException(f"{page} has no section {section} between markers")
    page.write_text(f"{before}{begin}{line}{newline}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Return a Markdown table. Its first columns hold text, the others numbers."""
    rules = ["---"] * text_columns + ["---:"] * (len(heads) - text_columns)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rules, *rows))


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return mean and standard deviation."""
    return f"{mean(values):.{digits}f} ± {stdev(values):.{digits}f}" if len(values) > 1 else f"{values[0]:.{digits}f}"


@click.command()
@click.argument("page", type=click.Path(path_type=Path, exists=True))
@click.argument("section")
@click.argument("text", type=click.File(encoding="utf-8"), default="-")
def main(page: Path, section: str, text: TextIO) -> None:
    """Write TEXT, standard input by default, into SECTION of PAGE, and show it."""
    content = text.read()
    if not content.strip():
        raise click.ClickException(f"nothing to write into {section} of {page}")
    write(page, section, content)
    click.echo(content, nl=False)


if __name__ == "__main__":
    main()
