"""Training, real: CPU seconds to the F1 that other programs reach."""

from benchmarks.harness import spread
from benchmarks.sections.outcomes import Outcome, Results
from benchmarks.workloads.models import RICH, USUAL
from benchmarks.workloads.real import seconds_to, to_own_best, to_spacys_best
from docs.pages import table

HEADS = ("corpus", "program", "best dev F1", "CPU s to it", "windowner: CPU s to this F1", "ratio", "peak MB")


def real(results: Results) -> str:
    """Return each program's best dev F1, the time to it, and windowner's time to the same F1."""
    rows = []
    for outcome in results.get("real", {}).get("results", []):
        rows.append(own_row(outcome))
        if "spaCy" in outcome:
            best, seconds, _ = to_spacys_best(outcome)
            peak = max(evaluation["peak_mb"] for evaluation in outcome["spaCy"])
            rows.append(peer_row(outcome, "spaCy, with vectors", best, seconds, peak))
        for name in (USUAL, RICH):
            if name in outcome:
                found = outcome[name]
                rows.append(peer_row(outcome, name, found["f1"], found["cpu_seconds"], found["training_peak_mb"]))
    return table(HEADS, rows, 2) if rows else ""


def own_row(outcome: Outcome) -> list[str]:
    """Return windowner's row."""
    best = max(epoch["f1"] for run in outcome["windowner"] for epoch in run["epochs"])
    peak = max(run["peak_mb"] for run in outcome["windowner"])
    memory = f"{peak:,.0f}; {outcome['whole_table_mb']:,.0f} with all words"
    return [outcome["corpus"], "windowner", f"{100 * best:.1f}", spread(to_own_best(outcome), "{:.1f}"), "", "", memory]


def peer_row(outcome: Outcome, name: str, f1: float, seconds: float, peak_mb: float) -> list[str]:
    """Return the row of another program."""
    found = [seconds_to(run["epochs"], f1) for run in outcome["windowner"]]
    reached = [ours for ours in found if ours is not None]
    ratio = spread([seconds / ours for ours in reached], "{:.1f}") if reached else ""
    ours = spread(reached, "{:.1f}") if reached else "never"
    return [outcome["corpus"], name, f"{100 * f1:.1f}", f"{seconds:.1f}", ours, ratio, f"{peak_mb:,.0f}"]
