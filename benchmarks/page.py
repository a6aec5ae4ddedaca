"""From results to `docs/benchmarks.md`: tables between markers, and one picture."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.sections.about import machine, programs
from benchmarks.sections.limit import limit
from benchmarks.sections.outcomes import Results
from benchmarks.sections.plot import plot
from benchmarks.sections.profile import profile
from benchmarks.sections.real import real
from benchmarks.sections.scaling import scaling, start
from benchmarks.sections.tagging import files, tagging
from benchmarks.sections.training import default, lecture
from benchmarks.targets import checks
from docs.pages import table, write


def targets(results: Results) -> str:
    """Return which targets are met."""
    rows = [check.cells() for check in checks(results)]
    return table(("target", "wanted", "found", ""), rows) if rows else ""


SECTIONS: dict[str, Callable[[Results], str]] = {
    "machine": machine,
    "programs": programs,
    "targets": targets,
    "training": lecture,
    "default": default,
    "limit": limit,
    "tagging": tagging,
    "files": files,
    "real": real,
    "start": start,
    "scaling": scaling,
    "profile": profile,
}
"""By the name of a section of the page, the function that makes its text. Without results the text is empty."""


def write_page(docs: Path, results: Results) -> None:
    """Write the tables and the picture of all results into benchmarks.md and benchmarks.svg of a folder."""
    for name, section in SECTIONS.items():
        if text := section(results):
            write(docs / "benchmarks.md", name, text)
    plot(docs / "benchmarks.svg", results)
