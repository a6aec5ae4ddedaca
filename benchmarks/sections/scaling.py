"""How steps grow with their sizes, and how the start of the command grows with the model."""

from benchmarks.harness import Samples, spread
from benchmarks.sections.outcomes import RATIO, Outcome, Results
from benchmarks.workloads.models import OURS
from docs.pages import table


def scaling(results: Results) -> str:
    """Return how steps grow."""
    if "scaling" not in results:
        return ""
    found = results["scaling"]["results"]
    return "\n\n".join((table_rows(Samples(found["rows"])), sweeps(Samples(found["sweeps"])), processes(found)))


def table_rows(samples: Samples) -> str:
    """Return the time of a step against the rows of the table."""
    peers = list(samples.results["step"])
    rows = []
    for name in peers:
        peak = max(result["peak_mb"] for result in samples.results["step"][name])
        ratios = samples.ratios("step", peers[0], name)
        rows.append([f"{int(name):,}", step_ms(samples, "step", name), spread(ratios, RATIO), f"{peak:,.0f}"])
    return table(("rows of the table", "ms per step", f"against {int(peers[0]):,} rows", "peak memory, MB"), rows)


def sweeps(samples: Samples) -> str:
    """Return the time of a step against its other sizes."""
    rows = []
    for case in samples.results:
        name, value = case.split(" ")
        windows = samples.results[case][OURS][0]["windows"]
        rate = spread([windows * steps for steps in samples.rates(case, OURS)])
        rows.append([name, f"{int(value):,}", step_ms(samples, case, OURS), rate])
    return table(("what grows", "to", "ms per step", "windows per second"), rows)


def processes(found: Outcome) -> str:
    """Return the speed of two threads and of two processes."""
    turns = found["parallel"]["train"]
    speeds = {name: [result["units"] / result["wall_seconds"] for result in turns[name]] for name in turns}
    first = next(iter(speeds.values()))
    rows = [
        [name, spread(speed, "{:.1f}"), spread([a / b for a, b in zip(speed, first, strict=True)], RATIO)]
        for name, speed in speeds.items()
    ]
    return table(("4,096 windows per batch, H = 300", "steps per second, wall time", "ratio"), rows)


def step_ms(samples: Samples, case: str, name: str) -> str:
    """Return CPU milliseconds per step."""
    return spread([1e3 / rate for rate in samples.rates(case, name)], "{:.2f}")


def start(results: Results) -> str:
    """Return what starting costs, and what `make train` costs."""
    if "start" not in results:
        return ""
    found = results["start"]["results"]
    rows = []
    for model in found["models"]:
        seconds = [result["cpu_seconds"] / result["units"] for result in model["results"]]
        cells = [f"{model['rows']:,}", f"{model['bytes'] / 1e6:,.0f}", spread(seconds, "{:.3f}")]
        beyond = [spread(beyond_imports(model, imports), "{:.2f}") for imports in ("numpy", "imports")]
        rows.append([*cells, spread(model["started"], "{:.2f}"), *beyond])
    heads = (
        "words of a model",
        "MB",
        "CPU s from the file to the first tags",
        "the command, CPU s",
        "beyond NumPy",
        "beyond imports",
    )
    trained = spread([run["steps_cpu_seconds"] for run in found["make_train"]], "{:.1f}")
    notes = f"`windowner --help`: {spread(found['help'], '{:.2f}')} CPU seconds.\n\n"
    notes += f"Training steps of `make train`: {trained} CPU seconds, {best_f1(found):.1f} dev F1."
    return f"{table(heads, rows)}\n\n{notes}"


def beyond_imports(model: Outcome, imports: str = "imports") -> list[float]:
    """Return the CPU seconds of the command beyond those of imports alone, round by round; see `workloads.start`."""
    return [whole - least for whole, least in zip(model["started"], model[imports], strict=True)]


def best_f1(found: Outcome) -> float:
    """Return the best dev F1 of `make train`."""
    return 100 * float(max(epoch["f1"] for epoch in found["make_train"][0]["epochs"]))
