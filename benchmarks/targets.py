"""The project's targets for speed, and whether the results meet them.

Rates are per CPU second of one thread. Ratios are taken within a round, and the median is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.harness import Samples
from benchmarks.sections.scaling import best_f1, beyond_imports
from benchmarks.sections.tagging import wall_ratios
from benchmarks.workloads.default import WAYS
from benchmarks.workloads.files import TWO_JOBS
from benchmarks.workloads.models import OURS, SAME_NETWORK, USUAL
from benchmarks.workloads.real import to_spacys_best

COLUMNS = {"ncbi-disease": 1_200_000, "btc": 1_000_000}  # tokens per second; a corpus of the user's has the second
JSON_LINES, RAW_TEXT, COLD = 900_000, 500_000, 1_000_000
TAGGING = {"PyTorch": 3.0, USUAL: 10.0, "spaCy": 80.0}
LECTURE = {32: 2.0, 128: 2.2, 1024: 2.6}  # fine-tuned, D = 100, by the windows of a batch
JOBS, DEFAULT, REAL = 1.75, 4.0, 10.0
STARTED, STARTED_ROWS, MAKE_TRAIN = 0.08, 100_000, 4.5  # CPU seconds
TOKENS = "{:,.0f} tokens/s"


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
    by_workload = {
        "files": file_checks,
        "tagging": tagging_checks,
        "training": training_checks,
        "default": default_checks,
        "real": real_checks,
    }
    for workload, found in by_workload.items():
        for outcome in results.get(workload, {}).get("results", []):
            yield from found(outcome)
    if "start" in results:
        yield from start_checks(results["start"]["results"])


def file_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of files."""
    samples, corpus = Samples(outcome["results"]), outcome["corpus"]
    wanted = {"columns": COLUMNS.get(corpus, COLUMNS["btc"]), "json-lines": JSON_LINES, "raw-text": RAW_TEXT}
    names = {
        "columns": "columns, file to file",
        "json-lines": "JSON Lines of tokens, file to file",
        "raw-text": "raw text to spans",
    }
    for case, target in wanted.items():
        yield Check(f"{names[case]}, {corpus}", target, median(samples.rates(case, OURS)), TOKENS)
    if samples.has("columns", TWO_JOBS):
        yield Check(f"two jobs against one, wall time, {corpus}", JOBS, median(wall_ratios(samples, "columns")))


def tagging_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of tagging in memory."""
    samples, corpus = Samples(outcome["results"]), outcome["corpus"]
    for peer, target in TAGGING.items():
        if samples.has("bulk", peer):
            what = f"tagging in memory against {peer}, {corpus}"
            yield Check(what, target, median(samples.ratios("bulk", SAME_NETWORK.get(peer, OURS), peer)))
    if corpus != "ncbi-disease":
        yield Check(f"tagging, no word met before, {corpus}", COLD, median(samples.rates("cold", OURS)), TOKENS)


def training_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of the lecture's model, which are for fine-tuned vectors of 100 dimensions."""
    samples, corpus = Samples(outcome["results"]), outcome["corpus"]
    if outcome["size"] == 100 and outcome["way"] == "fine-tuned":
        for batch, target in LECTURE.items():
            if samples.has(str(batch), "PyTorch"):
                what = f"training, lecture's model, {batch:,} windows per batch, against PyTorch, {corpus}"
                yield Check(what, target, median(samples.ratios(str(batch), OURS, "PyTorch")))


def default_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the target of the default network, against both twins."""
    samples = Samples(outcome["results"])
    for twin in WAYS:
        if samples.has("epoch", twin):
            what = f"training, default network, against {twin}, {outcome['corpus']}"
            yield Check(what, DEFAULT, median(samples.ratios("epoch", OURS, twin)))


def real_checks(outcome: dict[str, Any]) -> Iterator[Check]:
    """Yield the target of real training."""
    if "spaCy" in outcome:
        target, theirs, ours = to_spacys_best(outcome)
        ratio = median(theirs / seconds if seconds else 0.0 for seconds in ours)
        best = max(epoch["f1"] for run in outcome["windowner"] for epoch in run["epochs"])
        never = "" if ratio else f"not reached: {100 * best:.1f} against {100 * target:.1f}"
        yield Check(f"CPU seconds to spaCy's own best dev F1, {outcome['corpus']}", REAL, ratio, instead=never)


def start_checks(found: dict[str, Any]) -> Iterator[Check]:
    """Yield the targets of the start, and of `make train`."""
    model = next(model for model in found["models"] if model["rows"] == STARTED_ROWS)
    what = f"start to first tags, {STARTED_ROWS:,} words, CPU s beyond `import numpy, scipy.sparse`"
    yield Check(what, STARTED, median(beyond_imports(model)), "{:.2f} s", most=True)
    seconds = median(run["steps_cpu_seconds"] for run in found["make_train"])
    what = f"training steps of make train, CPU s, dev F1 {best_f1(found):.1f}"
    yield Check(what, MAKE_TRAIN, seconds, "{:.1f} s", most=True)
