"""Training: the lecture's model, and the default network."""

from benchmarks.harness import spread
from benchmarks.sections.outcomes import RATIO, Results, outcomes
from benchmarks.workloads.default import WAYS
from benchmarks.workloads.models import OURS
from benchmarks.workloads.training import BATCHES
from docs.pages import table

DENSE = "PyTorch, dense gradient"


def lecture(results: Results) -> str:
    """Return windows per second of the lecture's model."""
    rows = []
    for outcome, samples in outcomes(results, "training"):
        for batch in map(str, BATCHES):
            cells = [outcome["corpus"], outcome["way"], str(outcome["size"]), f"{int(batch):,}"]
            cells.append(spread(samples.rates(batch, OURS)))
            if samples.has(batch, "PyTorch"):
                ratios = samples.ratios(batch, OURS, "PyTorch")
                cells += [spread(samples.rates(batch, "PyTorch")), spread(ratios, RATIO)]
            else:
                cells += ["", ""]
            cells.append(spread(samples.rates(batch, DENSE)) if samples.has(batch, DENSE) else "")
            rows.append(cells)
    if not rows:
        return ""
    heads = ("corpus", "vectors", "D", "batch", "windowner", "PyTorch", "ratio", "PyTorch, dense gradient")
    about = "Peak memory of a process that trains fine-tuned, 1,024 windows per batch:"
    return f"{table(heads, rows, 2)}\n\n{about}\n\n{memory(results)}"


def memory(results: Results) -> str:
    """Return the peak memory of fine-tuning."""
    peaks = [
        [outcome["corpus"], str(outcome["size"]), f"{outcome['rows']:,}"]
        + [f"{outcome['memory_mb'][name]:,.0f}" if name in outcome["memory_mb"] else "" for name in (OURS, "PyTorch")]
        for outcome, _ in outcomes(results, "training")
        if "memory_mb" in outcome
    ]
    return table(("corpus", "D", "rows of the table", "windowner, MB", "PyTorch, MB"), peaks)


def default(results: Results) -> str:
    """Return windows per second of the default network, and of its twins."""
    rows = []
    for outcome, samples in outcomes(results, "default"):
        windows = samples.rates("epoch", OURS)
        rows.append([outcome["corpus"], OURS, spread(windows), "", peak(samples.results["epoch"][OURS])])
        for name in WAYS:
            if samples.has("epoch", name):
                cells = [spread(samples.rates("epoch", name)), spread(samples.ratios("epoch", OURS, name), RATIO)]
                rows.append([outcome["corpus"], name, *cells, peak(samples.results["epoch"][name])])
    heads = ("corpus", "program", "windows per second", "windowner is faster by", "peak MB")
    return table(heads, rows, 2) if rows else ""


def peak(rounds: list[dict[str, float]]) -> str:
    """Return the most memory that a process held."""
    return f"{max(result['peak_mb'] for result in rounds):,.0f}"
