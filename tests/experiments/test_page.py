"""The answer as a page: the same numbers, in a real browser."""

import json

import pytest

from windowner.experiments.page import as_experiment, write_page
from windowner.report.comparison import seen_scores

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def page(answered):
    return write_page(answered.answer)


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
        [points(one["value"]), f"{points(one['low'])} to {points(one['high'])}", f"{one['p']:.3f}"]
        for one in results["contrasts"]
    ]
    assert browser.console() == []


def test_settings_keep_their_colours_and_trials_their_words(answered, results):
    experiment = as_experiment(answered.answer)
    assert {(trial.label, trial.setting) for trial in experiment.trials} == {("frozen", 0), ("fine-tuned", 1)}
    assert {trial.words for trial in experiment.trials} == {cell["words"] for cell in results["cells"]}
    assert {(one.reference, one.other) for one in experiment.differences} == {("frozen", "fine-tuned")}


def test_familiarity_is_that_of_the_cells(answered):
    most = {cell.label: cell.familiarity for cell in answered.answer.cells if cell.fraction == 1.0}
    assert seen_scores(as_experiment(answered.answer).trials) == most
