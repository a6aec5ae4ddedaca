"""What `windowner check` finds in the bundled corpora: `make findings`. Prints a Markdown table with examples."""

from pathlib import Path

import click

from docs.pages import ROOT, table
from studies.trainings import CORPORA
from windowner.checks.checks import Result, run_checks
from windowner.cli.check import read_config

RAW_TEXT = "factrueval"
"""The bundled corpus of raw text."""


@click.command()
@click.option(
    "--corpus", "corpora", multiple=True, default=(*CORPORA, RAW_TEXT), help="A bundled corpus; may be repeated."
)
def main(corpora: tuple[str, ...]) -> None:
    """Check the corpora, and print the table."""
    rows = []
    for name in corpora:
        results = run_checks(read_config(ROOT / "configs" / f"{name}.toml", None))
        rows += [[name if number == 0 else "", *cells(result)] for number, result in enumerate(results)]
    click.echo(table(["corpus", "check", "first example", "findings", "lines"], rows, text_columns=3))


def cells(result: Result) -> list[str]:
    """Return the check, its first finding with the line, and the numbers of findings and of lines."""
    first = result.findings[0]
    path, line = Path(first.places[0].path), first.places[0].line
    example = f"{path.relative_to(ROOT / 'data').as_posix().partition('/')[2]}:{line} {escaped(first.found)}"
    lines = sum(finding.count for finding in result.findings)
    return [result.check.name, example, f"{len(result.findings):,}", f"{lines:,}"]


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, in a cell of a table."""
    return "".join(f"&#{ord(char)};" if char in "|<>&*_`#[]\\" else char for char in text)


if __name__ == "__main__":
    main()
