"""The page of a run, in a real browser."""

import json
import re
import shutil
import sys
from itertools import pairwise
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from synthetic import error_of, succeed, write_unsealed

from windowner.report import run_report
from windowner.report.figures import LIGHT
from windowner.report.run_report import precision_recall
from windowner.runs.file_names import CONFIG_NAME, DEV_NAME, HISTORY_NAME, METRICS_NAME
from windowner.runs.found import found_on_dev

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

HOSTILE = '<img src="http://example.invalid/x.png" onerror="document.title=1"><script>document.title=1</script>&amp;'


@pytest.fixture(scope="module")
def page(fine_tuned_run, tmp_path_factory):
    """The page of a run whose dev has a token, and an entity type, that would be HTML if they were not escaped."""
    run = shutil.copytree(fine_tuned_run.path, tmp_path_factory.mktemp("hostile") / "run")
    row = {"tokens": [HOSTILE, "b"], "gold": [f"B-{HOSTILE}", "O"], "predicted": ["O", "B-LOC"]}
    dev = (run / DEV_NAME).read_text(encoding="utf-8")
    (run / DEV_NAME).write_text(json.dumps(row) + "\n" + dev, encoding="utf-8")
    write_unsealed(run, threshold=0.75)
    result = succeed("report", run)
    assert result.stdout.strip() == str(run / "report.html")
    return run / "report.html"


@pytest.fixture
def opened(page, browser):
    browser.open(page)
    return browser


def test_it_opens_from_disk_and_requests_and_logs_nothing(opened, page):
    assert opened.ask("return document.title").endswith("· windowner")
    assert opened.console() == []
    assert [url for url in opened.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]


def test_what_comes_from_data_is_text(opened):
    assert opened.ask("return document.querySelectorAll('img, .page script').length") == 0
    assert HOSTILE in opened.ask("return document.querySelector('#sentences mark').firstChild.data")
    assert HOSTILE in opened.ask("return document.querySelector('.matrix').innerText")


def test_the_threshold_is_shown(page):
    assert "<dt>subtracted from O’s score, nats</dt><dd>0.75</dd>" in page.read_text(encoding="utf-8")


def visible(browser):
    """The kinds of mistakes of the sentences that can be seen."""
    items = "[...document.querySelectorAll('#sentences > li')].filter(item => item.checkVisibility())"
    return browser.ask(f"return {items}.map(item => item.dataset.kinds)")


def test_the_filter_shows_sentences_of_one_kind(opened):
    everything = visible(opened)
    assert {"missed", "spurious"} <= {kind for kinds in everything for kind in kinds.split()}
    opened.driver.find_element("css selector", "input[value=missed]").send_keys(" ")  # by keyboard
    shown = visible(opened)
    assert shown == [kinds for kinds in everything if "missed" in kinds.split()]
    assert 0 < len(shown) < len(everything)
    assert opened.ask("return document.querySelector('output').value") == f"{len(shown)} of {len(everything)} sentences"


def test_without_scripts_everything_is_there_but_the_filter(browser, page, tmp_path):
    plain = tmp_path / "plain.html"
    plain.write_text(re.sub(r"<script>.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    browser.open(plain)
    assert not browser.ask("return document.querySelector('form.filter').checkVisibility()")
    assert len(visible(browser)) > 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(opened, width, scheme):
    """Nothing is wider than the window. All text has a contrast of at least 4.5, in pictures too."""
    opened.see(width, scheme)
    assert opened.sticks_out() == 0
    assert opened.faint() == []


TWELVE = (
    "ORGANIZATION GEOPOLITICAL CREATIVEWORK MANUFACTURER INSTALLATION PROFESSIONAL MEASUREMENTS CELEBRATIONS "
    "PUBLICATIONS INSTRUMENTAL REGULATIONAL JURISDICTION"
).split()
TOO_WIDE = """
return [...document.querySelectorAll('table')].filter(t => t.checkVisibility())
  .filter(t => t.getBoundingClientRect().width > t.parentElement.clientWidth + 0.5)
  .map(t => [t.innerText.slice(0, 60), t.getBoundingClientRect().width, t.parentElement.clientWidth]);
"""
BROKEN = """
return [...document.querySelectorAll('.matrix thead th + th span')].filter(name => {
  const words = document.createRange();
  words.selectNodeContents(name.firstChild);
  return new Set([...words.getClientRects()].map(r => Math.round(r.x))).size > 1;
}).map(name => name.innerText);
"""
OVERLAPPING = """
const boxes = [...document.querySelectorAll('table, figure')].filter(t => t.checkVisibility())
  .map(t => t.getBoundingClientRect());
return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>
  a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)).length;
"""


@pytest.fixture(scope="module")
def page_of_twelve(fine_tuned_run, tmp_path_factory):
    """The page of a run with twelve types of twelve letters, each taken for each other, and words of other scripts."""
    run = shutil.copytree(fine_tuned_run.path, tmp_path_factory.mktemp("twelve") / "run")
    rows = [
        {"tokens": ["東京", "दिल्ली"], "gold": [f"B-{gold}", "O"], "predicted": [f"B-{found}", "O"]}
        for gold in TWELVE
        for found in TWELVE
    ]
    (run / DEV_NAME).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    metrics = json.loads((run / METRICS_NAME).read_text(encoding="utf-8"))
    for split in ("dev", "test"):
        (rates, *_) = metrics[split]["types"].values()
        metrics[split]["types"] = dict.fromkeys(TWELVE, rates)
    write_unsealed(run, dev=metrics["dev"], test=metrics["test"])
    succeed("report", run)
    return run / "report.html"


@pytest.mark.parametrize("width", [400, 700, 1280])
def test_twelve_types_of_twelve_letters_can_be_read(browser, page_of_twelve, width):
    """No table is cut off or runs into another, and every type's name is on one line."""
    browser.open(page_of_twelve)
    browser.see(width, "light")
    assert browser.sticks_out() == 0
    assert browser.ask(TOO_WIDE) == []
    assert browser.ask("return document.querySelectorAll('.matrix thead th + th').length") == 13
    assert browser.ask(BROKEN) == []
    assert browser.ask(OVERLAPPING) == 0


def test_its_parts_are_named(opened):
    """One h1, headings in order, sections by their heading, pictures and tables with names, ids that occur once."""
    levels = opened.ask("return [...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = opened.ask("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(set(ids)) == len(ids)
    assert all(opened.ask("return [...document.querySelectorAll('nav a')].map(a => !!document.querySelector(a.hash))"))
    assert opened.ask("return [...document.querySelectorAll('svg')].every(e => e.closest('[role=img][aria-label]'))")
    assert opened.ask("return [...document.querySelectorAll('table')].every(t => t.querySelector('th[scope]'))")


def test_pictures_lie_beside_it_and_it_is_small(page):
    names = {path.name for path in (page.parent / "pictures").iterdir()}
    stems = ("calibration", "dev-f1", "loss", "precision-recall", "seen-unseen", "vectors-moved", "vectors-plane")
    assert names == {f"{stem}.{kind}" for stem in stems for kind in ("svg", "png")}
    assert page.stat().st_size < 3e6


def test_the_same_run_gives_the_same_page(page, tmp_path):
    again = tmp_path / "again" / "page.html"
    succeed("report", page.parent, "--out", again)
    assert again.read_bytes() == page.read_bytes()


def test_a_frozen_run_has_no_moved_vectors(tiny):
    out = tiny.folder.parent / "frozen-report" / "page.html"
    succeed("report", tiny.run.folder, "--out", out)
    text = out.read_text(encoding="utf-8")
    assert 'id="vectors"' not in text
    assert 'id="units"' in text


def test_a_run_whose_training_text_is_gone_shows_the_rest(fine_tuned_run, tmp_path):
    run = shutil.copytree(fine_tuned_run.path, tmp_path / "run")
    config = (run / CONFIG_NAME).read_text(encoding="utf-8")
    (run / CONFIG_NAME).write_text(config.replace("train.conll", "gone.conll"), encoding="utf-8")
    succeed("report", run)
    text = (run / "report.html").read_text(encoding="utf-8")
    assert "gone.conll: no such file" in text
    assert 'id="vectors"' not in text
    assert 'id="mistakes"' in text
    assert "by their least known word" in text  # the scores of this picture are in metrics.json


# Mistakes


@pytest.mark.parametrize("name", [METRICS_NAME, HISTORY_NAME, DEV_NAME])
@pytest.mark.parametrize(("content", "message"), [(None, "no such file"), (b"{", "damaged"), (b"[1]\n", "damaged")])
def test_a_damaged_run_leaves_no_page(fine_tuned_run, tmp_path, name, content, message):
    run = shutil.copytree(
        fine_tuned_run.path, tmp_path / "run", ignore=shutil.ignore_patterns("report.html", "pictures")
    )
    (run / name).unlink()
    if content is not None:
        (run / name).write_bytes(content)
    error = error_of("report", run)
    assert error.startswith(str(run / name))
    assert message in error
    assert not (run / "report.html").exists()


def test_no_run(tmp_path):
    assert "no such folder; expected a run" in error_of("report", tmp_path / "none")
    (tmp_path / "experiment.json").write_text("{}")
    assert "an experiment, not a run; `windowner compare` writes its report.html" in error_of("report", tmp_path)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("jinja2", 'HTML needs jinja2: pip install "windowner[report]"'),
        ("matplotlib.figure", 'a report needs matplotlib and jinja2: pip install "windowner[report]"'),
    ],
)
def test_without_the_extra_the_error_names_it(fine_tuned_run, tmp_path, monkeypatch, module, message):
    monkeypatch.setitem(sys.modules, module, None)
    error = error_of("report", fine_tuned_run.path, "--out", tmp_path / "page.html")
    assert error == message
    assert list(Path(tmp_path).iterdir()) == []


def test_a_cutoff_is_a_dot_on_the_precision_recall_curve_of_its_type(fine_tuned_run):
    found = found_on_dev(fine_tuned_run)
    entities = found.of_type("PER")
    figure = precision_recall(found, {"PER": float(np.median(entities[0]))}).figure(LIGHT)
    lines = figure.axes[0].get_lines()
    curves = {line.get_label(): line for line in lines if not line.get_label().startswith("_")}
    (dot,) = [line for line in lines if line.get_label().startswith("_")]
    assert curves.keys() == {"LOC", "PER"}
    place = dot.get_xydata()[0].tolist()
    assert place in curves["PER"].get_xydata().tolist()
    assert dot.get_color() == curves["PER"].get_color()
    kept = entities[0] >= np.median(entities[0])
    assert place == pytest.approx([entities[1][kept].sum() / entities[2], entities[1][kept].mean()])


def test_a_group_without_gold_entities_has_no_bar():
    """F1 of nothing is no F1 of 0."""
    scores = {"seen": {"f1": 0.0, "support": 3}, "unseen": {"f1": 0.0, "support": 0}}
    (axes,) = run_report.familiarity_bars({"familiarity": scores}).figure(LIGHT).axes
    seen, unseen = (bar.get_height() for bar in axes.patches)
    assert seen == 0
    assert isnan(unseen)
    assert [text.get_text() for text in axes.texts] == ["0"]
