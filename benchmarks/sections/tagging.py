"""Tagging: in memory, and from file to file."""

from statistics import median

from benchmarks.harness import Samples, spread
from benchmarks.sections.outcomes import RATIO, Results, outcomes, rate_and_ratio
from benchmarks.workloads.files import KINDS, TWO_COMMANDS, TWO_JOBS
from benchmarks.workloads.files import PEERS as FILE_PEERS
from benchmarks.workloads.models import OURS, RICH, USUAL, WORDS, WRAPPED
from docs.pages import table

PEERS = (OURS, WORDS, "PyTorch", USUAL, WRAPPED, RICH, "spaCy")
TWO_PROCESSES = (TWO_JOBS, TWO_COMMANDS)
HEADS = ("tokens per second", "bulk", "windowner is faster by", "no word met before", "20 tokens, median ms", "99 % ms")


def tagging(results: Results) -> str:
    """Return tokens per second in memory, and latencies."""
    parts = []
    for outcome, samples in outcomes(results, "tagging"):
        rows = []
        for name in PEERS:
            if samples.has("bulk", name):
                cold = spread(samples.rates("cold", name)) if samples.has("cold", name) else ""
                times = [f"{latency(samples, name, share):.3f}" for share in (50, 99)]
                rows.append([name, *rate_and_ratio(samples, "bulk", name), cold, *times])
        parts.append(f"{outcome['corpus']}, {outcome['tokens']:,} tokens:\n\n{table(HEADS, rows)}")
    return "\n\n".join(parts)


def latency(samples: Samples, name: str, share: int) -> float:
    """Return the median over rounds of the CPU milliseconds that a share of sentences, in percent, does not exceed."""
    return float(median(result[f"p{share}_ms"] for result in samples.results["single"][name]))


def files(results: Results) -> str:
    """Return tokens per second from file to file."""
    rows = []
    for outcome, samples in outcomes(results, "files"):
        for case in KINDS:
            for name in (OURS, *TWO_PROCESSES, WORDS, *FILE_PEERS):
                if samples.has(case, name):
                    cells = [outcome["corpus"], case, name, *rate_and_ratio(samples, case, name)]
                    rows.append([*cells, wall_ratio(samples, case, name) if name in TWO_PROCESSES else ""])
    heads = ("corpus", "file", "program", "tokens per second", "windowner is faster by", "wall time")
    return table(heads, rows, 3) if rows else ""


def wall_ratios(samples: Samples, case: str, name: str = TWO_JOBS) -> list[float]:
    """Return how many times as fast two processes are as one, by wall time, round by round."""
    pairs = zip(samples.results[case][OURS], samples.results[case][name], strict=True)
    return [alone["wall_seconds"] / together["wall_seconds"] for alone, together in pairs]


def wall_ratio(samples: Samples, case: str, name: str) -> str:
    """Return the cell of two processes."""
    return spread(wall_ratios(samples, case, name), RATIO)
