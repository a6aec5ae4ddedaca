"""The picture of docs/benchmarks.md."""

from pathlib import Path
from statistics import median

from benchmarks.sections.outcomes import Results, outcomes
from benchmarks.sections.tagging import PEERS
from benchmarks.workloads.models import OURS
from benchmarks.workloads.training import BATCHES


def plot(path: Path, results: Results) -> None:
    """Draw training against the batch, and tagging of each peer."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "windowner", "figure.facecolor": "white", "savefig.facecolor": "white"})
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for outcome, samples in list(outcomes(results, "training"))[:2]:
        for name, colour in ((OURS, "tab:blue"), ("PyTorch", "tab:orange")):
            if samples.has(str(BATCHES[0]), name):
                speeds = [median(samples.rates(str(batch), name)) for batch in BATCHES]
                style = "-o" if outcome["way"] == "fine-tuned" else "--o"
                left.loglog(BATCHES, speeds, style, color=colour, label=f"{name}, {outcome['way']}")
                left.set_title(f"Training, {outcome['corpus']}, D = {outcome['size']}")
    left.set(xlabel="windows per batch", ylabel="windows per CPU second")
    if left.lines:
        left.legend(frameon=False)
    for outcome, samples in list(outcomes(results, "tagging"))[:1]:
        names = [name for name in PEERS if samples.has("bulk", name)]
        bars = right.barh(names, [median(samples.rates("bulk", name)) for name in names], color="tab:blue")
        right.bar_label(bars, fmt="{:,.0f}", padding=3)
        right.set(title=f"Tagging in memory, {outcome['corpus']}", xlabel="tokens per CPU second", xscale="log")
        right.invert_yaxis()
        right.margins(x=0.2)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
