"""From results to `docs/benchmarks.md`: tables between markers, and one plot."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.harness import Samples, spread
from benchmarks.machine import installed_mb
from benchmarks.targets import checks
from benchmarks.workloads.real import to_spacys_best
from benchmarks.workloads.tagging import OURS, WORDS
from benchmarks.workloads.training import BATCHES
from docs.pages import table, write

DENSE = "PyTorch, dense gradient"
RATIO = "{:.2f}"
INSTALLED = ("windowner", "torch", "spacy", "python-crfsuite")
PEERS = (OURS, WORDS, "PyTorch", "CRFsuite", "spaCy")

TAGGING_HEADS = (
    *("tokens per second", "bulk", "windowner is faster by", "bulk, no word met before"),
    *("file to file", "windowner is faster by", "20 tokens, median ms", "99 % ms"),
)
REAL_HEADS = (
    *("corpus", "windowner: best dev F1", "CPU s, all epochs", "peak MB / with all words"),
    *("spaCy: best dev F1", "CPU s to it", "peak MB", "windowner: CPU s to spaCy's best", "ratio"),
)

Outcome = dict[str, Any]


def write_page(docs: Path, results: dict[str, Any]) -> None:
    """Write the tables and the plot of all results into benchmarks.md and benchmarks.svg of a folder."""
    sections = {
        "machine": machine,
        "targets": targets,
        "training": training,
        "limit": limit,
        "tagging": tagging,
        "real": real,
        "scaling": scaling,
        "profile": profile,
    }
    for name, section in sections.items():
        if text := section(results):
            write(docs / "benchmarks.md", name, text)
    plot(docs / "benchmarks.svg", results)


def machine(results: dict[str, Any]) -> str:
    """Return the machine, the versions and the sizes of what was measured."""
    found: list[tuple[str, str]] = []
    for workload, part in results.items():
        found += [
            (f"{name}, {workload}" if name == "revision" else name, text) for name, text in part["machine"].items()
        ]
        outcomes = part["results"] if isinstance(part["results"], list) else [part["results"]]
        found += [pair for outcome in outcomes for pair in outcome["versions"].items()]
    rounds = "; ".join(f"{name} {part['rounds']}" for name, part in results.items())
    sizes = [(f"{name} and what it needs, installed", installed_mb(name)) for name in INSTALLED]
    installed = [(about, f"{size:,.0f} MB") for about, size in sizes if size is not None]
    return table(("", ""), [*dict(found).items(), ("rounds", rounds), *installed], text_columns=2)


def targets(results: dict[str, Any]) -> str:
    """Return which targets are met."""
    rows = [check.cells() for check in checks(results)]
    return table(("target", "wanted", "found", ""), rows) if rows else ""


def training(results: dict[str, Any]) -> str:
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
    peaks = [
        [outcome["corpus"], str(outcome["size"]), f"{outcome['rows']:,}"]
        + [f"{outcome['memory_mb'][name]:,.0f}" if name in outcome["memory_mb"] else "" for name in (OURS, "PyTorch")]
        for outcome, _ in outcomes(results, "training")
        if "memory_mb" in outcome
    ]
    memory = table(("corpus", "D", "rows of the table", "windowner, MB", "PyTorch, MB"), peaks)
    about = "Peak memory of a process that trains fine-tuned, 1,024 windows per batch:"
    return f"{table(heads, rows, 2)}\n\n{about}\n\n{memory}"


def limit(results: dict[str, Any]) -> str:
    """Return this machine's rates, and the share of them that training reaches."""
    rows = []
    for outcome, samples in outcomes(results, "training"):
        flops = [result["flops"] for result in samples.results["limit"][OURS]]
        copied = [result["copied"] for result in samples.results["limit"][OURS]]
        cells = [outcome["corpus"], outcome["way"], str(outcome["size"])]
        cells += [spread([rate / 1e9 for rate in flops], "{:,.0f}"), spread([rate / 1e9 for rate in copied], "{:.1f}")]
        cells.append(f"{median(flops) / outcome['operations']:,.0f}")
        for name in (OURS, "PyTorch"):
            has = samples.has(str(BATCHES[-1]), name)
            best = max(median(samples.rates(str(batch), name)) for batch in BATCHES) if has else 0.0
            cells.append(f"{best * outcome['operations'] / median(flops):.0%}" if has else "")
        rows.append(cells)
    heads = ("corpus", "vectors", "D", "product, GFLOP/s", "copy, GB/s", "limit, windows/s", "windowner", "PyTorch")
    return table(heads, rows, 2) if rows else ""


def tagging(results: dict[str, Any]) -> str:
    """Return tokens per second and latencies."""
    parts = []
    for outcome, samples in outcomes(results, "tagging"):
        rows = []
        for name in (*PEERS, f"{OURS}, 2 jobs"):
            cells = [name]
            for case in ("bulk", "cold", "file"):
                has = samples.has(case, name)
                cells.append(spread(samples.rates(case, name)) if has else "")
                has_both = has and samples.has(case, OURS) and case != "cold"
                if case != "cold":
                    cells.append(spread(samples.ratios(case, OURS, name), RATIO) if has_both else "")
            if samples.has("single", name):
                cells += [f"{at(samples, name, share):.3f}" for share in (0.5, 0.99)]
            else:
                cells += ["", ""]
            if any(cells[1:]):
                rows.append(cells)
        parts.append(f"{outcome['corpus']}, {outcome['tokens']:,} tokens:\n\n{table(TAGGING_HEADS, rows)}")
    return "\n\n".join(parts)


def at(samples: Samples, name: str, share: float) -> float:
    """Return the median over rounds of the latency that a share of sentences does not exceed, in CPU milliseconds."""
    rounds = samples.results["single"][name]
    return float(median(result[f"p{100 * share:.0f}_ms"] for result in rounds))


def real(results: dict[str, Any]) -> str:
    """Return CPU seconds to spaCy's best dev F1."""
    rows = []
    for outcome in results.get("real", {}).get("results", []):
        runs = [run["epochs"] for run in outcome["windowner"]]
        best = max(epoch["f1"] for epoch in runs[0])
        whole = spread([run[-1]["cpu_seconds"] for run in runs], "{:.1f}")
        peak = max(run["peak_mb"] for run in outcome["windowner"])
        cells = [outcome["corpus"], f"{100 * best:.1f}", whole, f"{peak:,.0f} / {outcome['whole_table_mb']:,.0f}"]
        if "spaCy" in outcome:
            target, theirs, ours = to_spacys_best(outcome)
            cells += [f"{100 * target:.1f} ({len(outcome['spaCy'])} epochs)", f"{theirs:.1f}"]
            cells.append(f"{max(epoch['peak_mb'] for epoch in outcome['spaCy']):,.0f}")
            ratios = [theirs / seconds for seconds in ours if seconds]
            cells += [spread([s for s in ours if s], "{:.1f}"), spread(ratios, "{:.1f}")] if ratios else ["never", ""]
        rows.append(cells + [""] * (9 - len(cells)))
    return table(REAL_HEADS, rows) if rows else ""


def scaling(results: dict[str, Any]) -> str:
    """Return how steps and loading grow."""
    if "scaling" not in results:
        return ""
    found = results["scaling"]["results"]
    rows_samples, sweeps = Samples(found["rows"]), Samples(found["sweeps"])
    peers = list(rows_samples.results["step"])
    rows = []
    for name in peers:
        peak = max(result["peak_mb"] for result in rows_samples.results["step"][name])
        ratios = rows_samples.ratios("step", peers[0], name)
        rows.append([f"{int(name):,}", step_ms(rows_samples, "step", name), spread(ratios, RATIO), f"{peak:,.0f}"])
    parts = [table(("rows of the table", "ms per step", f"against {int(peers[0]):,} rows", "peak memory, MB"), rows)]
    rows = []
    for case in sweeps.results:
        name, value = case.split(" ")
        windows = sweeps.results[case][OURS][0]["windows"]
        rate = spread([windows * steps for steps in sweeps.rates(case, OURS)])
        rows.append([name, f"{int(value):,}", step_ms(sweeps, case, OURS), rate])
    parts.append(table(("what grows", "to", "ms per step", "windows per second"), rows))
    rows = []
    for model in found["models"]:
        seconds = [result["cpu_seconds"] / result["units"] for result in model["results"]]
        cells = [f"{model['rows']:,}", f"{model['bytes'] / 1e6:,.0f}", spread(seconds, "{:.3f}")]
        rows.append([*cells, spread(model["started"], "{:.2f}")])
    heads = ("words of a model", "MB", "CPU s from the file to the first tags", "the command, CPU s")
    parts.append(f"{table(heads, rows)}\n\n`windowner --help`: {spread(found['help'], '{:.2f}')} CPU seconds.")
    turns = found["parallel"]["train"]
    speeds = {name: [result["units"] / result["wall_seconds"] for result in turns[name]] for name in turns}
    first = next(iter(speeds.values()))
    rows = [
        [name, spread(speed, "{:.1f}"), spread([a / b for a, b in zip(speed, first, strict=True)], RATIO)]
        for name, speed in speeds.items()
    ]
    parts.append(table(("4,096 windows per batch, H = 300", "steps per second, wall time", "ratio"), rows))
    return "\n\n".join(parts)


def step_ms(samples: Samples, case: str, name: str) -> str:
    """Return CPU milliseconds per step."""
    return spread([1e3 / rate for rate in samples.rates(case, name)], "{:.2f}")


def profile(results: dict[str, Any]) -> str:
    """Return where the time of training and tagging goes."""
    parts = []
    for workload in ("training", "tagging"):
        for outcome, samples in list(outcomes(results, workload))[:2]:
            spots = samples.results["profile"][OURS][0]["spots"]
            rows = [[f"`{spot['function']}`", f"{spot['calls']:,}", f"{spot['share']:.1%}"] for spot in spots]
            title = ", ".join([workload, outcome["corpus"], *([outcome["way"]] if "way" in outcome else [])])
            parts.append(f"{title}:\n\n{table(('function, without what it calls', 'calls', 'share'), rows)}")
    return "\n\n".join(parts)


def outcomes(results: dict[str, Any], workload: str) -> Iterator[tuple[Outcome, Samples]]:
    """Yield the outcomes of a workload, if it was measured, with their samples."""
    for outcome in results.get(workload, {}).get("results", []):
        yield outcome, Samples(outcome["results"])


def plot(path: Path, results: dict[str, Any]) -> None:
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
