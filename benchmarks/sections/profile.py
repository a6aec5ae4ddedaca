"""Where the time of training and tagging goes."""

from benchmarks.sections.outcomes import Results, outcomes
from benchmarks.workloads.models import OURS
from docs.pages import table


def profile(results: Results) -> str:
    """Return the functions that take most of the time."""
    parts = []
    for workload in ("training", "default", "tagging"):
        for outcome, samples in list(outcomes(results, workload))[:2]:
            spots = samples.results["profile"][OURS][0]["spots"]
            rows = [[f"`{spot['function']}`", f"{spot['calls']:,}", f"{spot['share']:.1%}"] for spot in spots]
            title = ", ".join([workload, outcome["corpus"], *([outcome["way"]] if "way" in outcome else [])])
            parts.append(f"{title}:\n\n{table(('function, without what it calls', 'calls', 'share'), rows)}")
    return "\n\n".join(parts)
