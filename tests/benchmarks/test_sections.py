"""Tables and targets from results that are small enough to work out by hand."""

import pytest

from benchmarks.machine import installed_mb, is_needed
from benchmarks.page import SECTIONS
from benchmarks.sections.limit import limit
from benchmarks.sections.real import real
from benchmarks.sections.scaling import beyond_imports
from benchmarks.sections.tagging import files
from benchmarks.targets import checks
from benchmarks.workloads.real import seconds_to, to_own_best, to_spacys_best


def epoch(f1, seconds, peak=100):
    return {"f1": f1, "cpu_seconds": seconds, "peak_mb": peak}


REAL = {
    "corpus": "btc",
    "windowner": [{"epochs": [epoch(0.5, 2), epoch(0.7, 4), epoch(0.6, 6)], "peak_mb": 300}],
    "whole_table_mb": 400,
    "spaCy": [epoch(0.4, 10), epoch(0.6, 40), epoch(0.6, 50)],
    "CRFsuite": {"f1": 0.8, "cpu_seconds": 30, "iterations": 100, "training_peak_mb": 60},
}


def test_spacys_best_is_the_first_evaluation_with_its_highest_f1():
    assert to_spacys_best(REAL) == (0.6, 40, [4])
    assert to_own_best(REAL) == [4]
    assert seconds_to(REAL["windowner"][0]["epochs"], 0.9) is None


def test_real_says_never_where_an_f1_is_not_reached():
    rows = real({"real": {"results": [REAL]}}).splitlines()[2:]
    assert [[cell.strip() for cell in row.split("|")][2:7] for row in rows] == [
        ["windowner", "70.0", "4.0", "", ""],
        ["spaCy, with vectors", "60.0", "40.0", "4.0", "10.0"],
        ["CRFsuite", "80.0", "30.0", "never", ""],
    ]


def timed(units, cpu, wall=1.0):
    return {"units": units, "cpu_seconds": cpu, "wall_seconds": wall, "peak_mb": 1}


FILES = {
    "corpus": "btc",
    "results": {
        "columns": {
            "windowner": [timed(2_000_000, 1, wall=3)],
            "windowner, 2 jobs": [timed(2_000_000, 2, wall=2)],
            "windowner, words": [timed(3_000_000, 1)],
            "PyTorch": [timed(1_500_000, 1)],
            "CRFsuite": [timed(100, 1)],
        },
        "json-lines": {"windowner": [timed(450_000, 1)]},
        "raw-text": {"windowner": [timed(500_000, 1)]},
    },
}


def test_files_are_compared_within_a_case():
    rows = files({"files": {"results": [FILES]}}).splitlines()[2:]
    assert [row.split(" | ")[-4:] for row in rows] == [
        ["windowner", "2,000,000", "1.00", " |"],
        ["windowner, 2 jobs", "1,000,000", "2.00", "1.50 |"],
        ["windowner, words", "3,000,000", "1.00", " |"],
        ["PyTorch", "1,500,000", "2.00", " |"],
        ["CRFsuite", "100", "20000.00", " |"],
        ["windowner", "450,000", "1.00", " |"],
        ["windowner", "500,000", "1.00", " |"],
    ]


def test_a_target_is_met_or_missed_by_a_share():
    found = {check.what: check.cells()[2:] for check in checks({"files": {"results": [FILES]}})}
    assert found == {
        "columns, file to file, btc": ["2,000,000 tokens/s", "met"],
        "JSON Lines of tokens, file to file, btc": ["450,000 tokens/s", "**missed by 50%**"],
        "raw text to spans, btc": ["500,000 tokens/s", "met"],
        "two jobs against one, wall time, btc": ["1.50x", "**missed by 14%**"],
    }
    (check,) = checks({"real": {"results": [REAL]}})
    assert check.cells()[1:] == ["≥ 10.00x", "10.00x", "met"]


def test_the_limit_is_the_work_of_a_batch_at_the_rates_of_the_machine():
    """2 N H K = 2 * 5 * 3 = 30 FLOP, 3 rows of 5 floats, 5 floats copied: 30 / 60 + 120 / 240 + 40 / 40 = 2 s."""
    shape = {"C": 3, "D": 2, "H": 5, "K": 3, "chain": False}
    results = {
        "rates": {"machine": [{"product": 60.0, "near": 240.0, "far": 1.0, "copy": 40.0}]},
        "bulk": {name: [timed(1, 4)] for name in ("windowner", "windowner, words")},
    }
    outcome = {"corpus": "btc", "shapes": dict.fromkeys(("windowner", "windowner, words"), shape), "results": results}
    row = limit({"tagging": {"results": [outcome]}}).splitlines()[-1].split(" | ")
    assert row[-2:] == ["50%", "products 25%, rows of P 25%, copies 50% |"]


def test_start_is_counted_beyond_imports_of_the_same_round():
    model = {"started": [0.5, 0.4], "numpy": [0.1, 0.1], "imports": [0.25, 0.25]}
    assert beyond_imports(model) == pytest.approx([0.25, 0.15])
    assert beyond_imports(model, "numpy") == pytest.approx([0.4, 0.3])


def test_without_results_a_section_is_empty():
    assert all(not section({}) for name, section in SECTIONS.items() if name != "machine")


def test_what_an_extra_needs_is_counted_with_the_extra_alone():
    assert is_needed("numpy>=1.26", ())
    assert not is_needed('jinja2>=3.1; extra == "report"', ("glove",))
    assert is_needed("jinja2>=3.1; extra == 'report'", ("glove", "report"))
    assert installed_mb("no-such-package") is None
    assert installed_mb("click") < installed_mb("numpy")
