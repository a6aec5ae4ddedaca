"""The results of a workload, and the columns that several tables share."""

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Samples, spread
from benchmarks.workloads.models import OURS, SAME_NETWORK

Results = dict[str, Any]
Outcome = dict[str, Any]
RATIO = "{:.2f}"


def outcomes(results: Results, workload: str) -> Iterator[tuple[Outcome, Samples]]:
    """Yield the outcomes of a workload, if it was measured, with their samples."""
    for outcome in results.get(workload, {}).get("results", []):
        yield outcome, Samples(outcome["results"])


def rate_and_ratio(samples: Samples, case: str, name: str) -> list[str]:
    """Return two cells: a peer's rate, and how many times as fast windowner is; empty if it did not answer."""
    if not samples.has(case, name):
        return ["", ""]
    ours = SAME_NETWORK.get(name, OURS)
    return [spread(samples.rates(case, name)), spread(samples.ratios(case, ours, name), RATIO)]


PARTS = {"product": "products", "near": "rows of P", "far": "rows of E", "copy": "copies"}


def median_shares(parts: Sequence[dict[str, float]]) -> str:
    """Return the shares of a sum's parts, of the median round by the sum: products 61%, rows of P 20%, ..."""
    middle = sorted(parts, key=lambda part: sum(part.values()))[len(parts) // 2]
    total = sum(middle.values())
    return ", ".join(f"{PARTS[name]} {value / total:.0%}" for name, value in middle.items() if value / total >= 0.005)
