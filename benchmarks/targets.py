"""The project's targets for speed, and whether the results meet them."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.harness import Samples
from benchmarks.workloads.real import to_spacys_best

OURS = "windowner"
RATIOS = {"fine-tuned": {32: 1.6, 128: 2.2, 1024: 3.0, 4096: 3.0}, "frozen": {32: 2.0, 128: 2.0, 1024: 2.5}}
TAGGING = {"PyTorch": 3.0, "CRFsuite": 10.0, "spaCy": 60.0}
BULK, FILE, LATENCY_MS, REAL, ROWS, MEMORY_MB = 1_200_000, 500_000, 0.3, 10.0, 1.3, 450.0
JOBS, HELP, STARTED = 1.7, 0.2, 0.5


@dataclass(frozen=True)
class Check:
    """A target and its measurement.

    Parameters
    ----------
    what
        Description of the measurement.
    target
        Least or largest value.
    found
        The measured median.
    style
        Format of the numbers.
    most
        Whether the target is an upper bound.
    instead
        Text that replaces the measured value.
    """

    what: str
    target: float
    found: float
    style: str = "{:.2f}x"
    most: bool = False
    instead: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.found <= self.target if self.most else self.found >= self.target

    def cells(self) -> list[str]:
        """Return a row of the table of targets."""
        off = self.found / self.target - 1
        sign = "≤" if self.most else "≥"
        verdict = "met" if self.met else "**missed**" if self.instead else f"**missed by {abs(off):.0%}**"
        found = self.instead or self.style.format(self.found)
        return [self.what, f"{sign} {self.style.format(self.target)}", found, verdict]


def checks(results: dict[str, Any]) -> Iterator[Check]:
    """Yield all targets that have results."""
    for outcome in results.get("training", {}).get("results", []):
        yield from training_checks(outcome)
    for outcome in results.get("real", {}).get("results", []):
        yield from real_checks(outcome)
    for outcome in results.get("tagging", {}).get("results", []):
        yield from tagging_checks(outcome)
    if "scaling" in results:
        yield from scaling_checks(results["scaling"]["results"])


def training_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of training, which are for vectors of 100 dimensions."""
    samples, corpus = Samples(outcome["results"]), outcome["corpus"]
    if outcome["size"] == 100:
        for batch, target in RATIOS[outcome["way"]].items():
            if samples.has(str(batch), "PyTorch"):
                what = f"training {outcome['way']} against PyTorch, {batch:,} windows per batch, D = 100, {corpus}"
                yield Check(what, target, median(samples.ratios(str(batch), OURS, "PyTorch")))


def tagging_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of tagging."""
    samples, corpus = Samples(outcome["results"]), outcome["corpus"]
    yield Check(f"tagging in bulk, {corpus}", BULK, median(samples.rates("bulk", OURS)), "{:,.0f} tokens/s")
    cold = median(samples.rates("cold", OURS))
    yield Check(f"tagging in bulk, no word met before, {corpus}", BULK, cold, "{:,.0f} tokens/s")
    for peer, target in TAGGING.items():
        if samples.has("bulk", peer):
            what = f"tagging in bulk against {peer}, {corpus}"
            yield Check(what, target, median(samples.ratios("bulk", OURS, peer)))
    yield Check(f"tagging file to file, {corpus}", FILE, median(samples.rates("file", OURS)), "{:,.0f} tokens/s")
    two = f"{OURS}, 2 jobs"
    if samples.has("file", two):
        pairs = zip(samples.results["file"][OURS], samples.results["file"][two], strict=True)
        ratios = [alone["wall_seconds"] / together["wall_seconds"] for alone, together in pairs]
        yield Check(f"two jobs against one, wall time, {corpus}", JOBS, median(ratios))
    middle = median(result["p50_ms"] for result in samples.results["single"][OURS])
    yield Check(f"sentence of 20 tokens, median, {corpus}", LATENCY_MS, middle, "{:.3f} ms", most=True)


def real_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of real training."""
    what = f"peak memory, training with all of GloVe's words, {outcome['corpus']}"
    yield Check(what, MEMORY_MB, outcome["whole_table_mb"], "{:,.0f} MB", most=True)
    if "spaCy" in outcome:
        target, theirs, ours = to_spacys_best(outcome)
        ratio = median(theirs / seconds if seconds else 0.0 for seconds in ours)
        best = max(epoch["f1"] for run in outcome["windowner"] for epoch in run["epochs"])
        never = "" if ratio else f"not reached: {100 * best:.1f} against {100 * target:.1f}"
        yield Check(f"CPU seconds to spaCy's best dev F1, {outcome['corpus']}", REAL, ratio, instead=never)


def scaling_checks(found: dict[str, Any]) -> Iterator[Check]:
    """Yield the target of scaling."""
    samples = Samples(found["rows"])
    sizes = list(samples.results["step"])
    ratio = median(samples.ratios("step", sizes[0], sizes[-1]))
    yield Check("CPU time of windowner --help", HELP, median(found["help"]), "{:.2f} s", most=True)
    started = next(model["started"] for model in found["models"] if model["rows"] == 100_000)
    yield Check("CPU time of windowner tag, 100,000 words", STARTED, median(started), "{:.2f} s", most=True)
    yield Check(f"step time, {int(sizes[-1]):,} rows against {int(sizes[0]):,}", ROWS, ratio, most=True)
