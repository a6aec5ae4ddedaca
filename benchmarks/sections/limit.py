"""Rates of this machine, and the share of the limit that they set which windowner reaches."""

from collections.abc import Iterator
from statistics import median

from benchmarks.harness import Samples, spread
from benchmarks.limits import Shape, Work, tagging_work, training_work
from benchmarks.sections.outcomes import Outcome, Results, median_shares, outcomes
from benchmarks.workloads.models import MACHINE, OURS, WORDS
from docs.pages import table

RATES = {"product": "product, GFLOP/s", "near": "rows of P, GB/s", "far": "rows of E, GB/s", "copy": "copy, GB/s"}
Line = tuple[str, str, Work, float, list[float]]  # corpus, what, work, its windows, windowner's rates in all rounds


def limit(results: Results) -> str:
    """Return the tables of rates and of shares."""
    measured, rows = [], []
    for samples, lines in measured_lines(results):
        rates = [{name: result[name] for name in RATES} for result in samples.results["rates"][MACHINE]]
        measured += rates
        for corpus, what, work, windows, found in lines:
            parts = [work.seconds(each) for each in rates]
            allowed = [windows / sum(part.values()) for part in parts]
            shares = [rate / most for rate, most in zip(found, allowed, strict=True)]
            cells = [f"{median(allowed):,.0f}", f"{median(found):,.0f}", spread(shares, "{:.0%}")]
            rows.append([corpus, what, *cells, median_shares(parts)])
    if not rows:
        return ""
    heads = ("corpus", "work", "limit per second", "windowner", "share of the limit", "the limit consists of")
    scaled = [spread([rates[name] / 1e9 for rates in measured], "{:.1f}") for name in RATES]
    return f"{table([*RATES.values()], [scaled], 0)}\n\n{table(heads, rows, 2)}"


def measured_lines(results: Results) -> Iterator[tuple[Samples, list[Line]]]:
    """Yield the samples of each outcome that has rates, and its lines of the table."""
    for workload, lines in {"training": lecture_lines, "default": default_lines, "tagging": tagging_lines}.items():
        for outcome, samples in outcomes(results, workload):
            if samples.has("rates", MACHINE):
                yield samples, lines(outcome, samples)


def shape_of(found: Outcome, **known: float) -> Shape:
    """Return the shape that a worker measured."""
    names = ("N", "R", "C", "D", "H", "K", "chain")
    return Shape(**{**{name: found[name] for name in names if name in found}, **known})


def lecture_lines(outcome: Outcome, samples: Samples) -> list[Line]:
    """Return a line for each batch size of the lecture's model."""
    lines = []
    for batch, found in outcome["shapes"].items():
        shape = shape_of(found)
        work = training_work(shape, "sgd", outcome["way"] == "fine-tuned", dropout=False)
        what = f"lecture's model, {outcome['way']}, D {outcome['size']}, batch {int(batch):,}"
        lines.append((outcome["corpus"], what, work, shape.N, samples.rates(batch, OURS)))
    return lines


def default_lines(outcome: Outcome, samples: Samples) -> list[Line]:
    """Return the line of the default network."""
    shape = shape_of(outcome["shape"])
    work = training_work(shape, "adam", fine_tuned=True, dropout=True)
    what = f"default network, batch {outcome['settings']['batch']}"
    return [(outcome["corpus"], what, work, shape.N, samples.rates("epoch", OURS))]


def tagging_lines(outcome: Outcome, samples: Samples) -> list[Line]:
    """Return the lines of tagging in memory, of words that were met before."""
    lines: list[Line] = []
    for name, what in ((OURS, "tagging, default network"), (WORDS, "tagging, lecture's model")):
        shape = shape_of(outcome["shapes"][name], N=1, R=0)
        lines.append((outcome["corpus"], what, tagging_work(shape), 1, samples.rates("bulk", name)))
    return lines
