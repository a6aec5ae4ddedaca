"""The page of an experiment that was run has the numbers of results.json, in a real browser."""

import json

import pytest

from windowner.report.experiment_report import report_experiment

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def page(answered):
    return report_experiment(answered.answer)


@pytest.fixture(scope="module")
def results(answered):
    return json.loads((answered.folder / "results.json").read_text(encoding="utf-8"))


def points(value):
    return f"{100 * value:+.1f}".replace("-", "−")


def test_it_says_what_results_json_says(page, results, browser):
    browser.open(page)
    assert browser.ask("return document.querySelector('h1').innerText").replace("\n", " ") == results["advice"]
    scores, differences = browser.ask(
        "return [...document.querySelectorAll('#table table')].map(table => [...table.querySelectorAll('tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.innerText)))"
    )
    assert [row[1:5] for row in scores] == [
        [
            cell["label"],
            *(f"{100 * cell[split]['mean']:.1f} ± {100 * cell[split]['deviation']:.1f}" for split in ("dev", "test")),
            str(cell["n"]),
        ]
        for cell in results["cells"]
    ]
    assert [row[1:] for row in differences] == [
        [points(stored["value"]), f"{points(stored['low'])} to {points(stored['high'])}", f"{stored['p']:.3f}"]
        for stored in results["contrasts"]
    ]
    assert browser.console() == []
