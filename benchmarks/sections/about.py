"""The machine, what was installed, and how each program was set up."""

from typing import Any

from benchmarks.machine import installed_mb
from benchmarks.sections.outcomes import Results
from benchmarks.workloads.models import CRF_ITERATIONS, RICH, USUAL
from docs.pages import table

INSTALLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("windowner", ("glove",)),
    ("windowner", ("glove", "report")),
    ("torch", ()),
    ("spacy", ()),
    ("python-crfsuite", ()),
    ("sklearn-crfsuite", ()),
)
"""Packages and their extras. The first two are what `make train` and what the README installs."""


def machine(results: Results) -> str:
    """Return the machine, the versions and the sizes of what was measured."""
    found: list[tuple[str, str]] = []
    for workload, part in results.items():
        found += [
            (f"{name}, {workload}" if name == "revision" else name, text) for name, text in part["machine"].items()
        ]
        outcomes = part["results"] if isinstance(part["results"], list) else [part["results"]]
        found += [pair for outcome in outcomes for pair in outcome["versions"].items()]
    rounds = "; ".join(f"{name} {part['rounds']}" for name, part in results.items())
    return table(("", ""), [*dict(found).items(), ("rounds", rounds), *installed()], text_columns=2)


def installed() -> list[tuple[str, str]]:
    """Return the size of each program with all that it needs, as installed here."""
    rows = []
    for name, extras in INSTALLED:
        size = installed_mb(name, extras)
        about = f"{name}[{','.join(extras)}]" if extras else name
        if size is not None:
            rows.append((f"{about} and what it needs, installed", f"{size:,.0f} MB"))
    return rows


def programs(results: Results) -> str:
    """Return options and epochs of each program that was trained."""
    rows: list[tuple[str, str, str, str]] = []
    for outcome in results.get("default", {}).get("results", []):
        rows += default_rows(outcome)
    for outcome in results.get("real", {}).get("results", []):
        rows += real_rows(outcome)
    return table(("corpus", "program", "options", "trained"), rows, text_columns=4) if rows else ""


def default_rows(outcome: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the row of the default network, whose twins have the same settings."""
    settings = outcome["settings"]
    named = ", ".join(f"{name} {value:g}" for name, value in settings.items() if name not in ("epochs", "peak_mb"))
    shape = outcome["shape"]
    sizes = f"D {shape['D']}, C {shape['C']}, H {shape['H']}, K {shape['K']}; ReLU, linear chain, Adam; {named}"
    return [(outcome["corpus"], "windowner, default; its twins", sizes, f"{settings['epochs']} epochs")]


def real_rows(outcome: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the rows of CRFsuite and spaCy."""
    rows = []
    for name in (USUAL, RICH):
        if name in outcome:
            options = f"lbfgs, c1 0.1, c2 0.1, possible transitions, at most {CRF_ITERATIONS} iterations"
            rows.append((outcome["corpus"], name, options, f"{outcome[name]['iterations']} iterations"))
    if "stopping" in outcome:
        stopping = ", ".join(f"{name} {value}" for name, value in outcome["stopping"].items())
        options = f"quickstart, efficiency, include_static_vectors; {stopping}"
        last = outcome["spaCy"][-1]
        rows.append((outcome["corpus"], "spaCy", options, f"{last['step']:,} steps, {last['epoch']} epochs"))
    return rows
