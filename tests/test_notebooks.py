"""What a notebook shows of what a user has in hand: HTML, in which markup stays text, and nothing without jinja2."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import windowner
from windowner.experiments.cells import MeanScore
from windowner.markup import filling
from windowner.scoring.entities import PRF
from windowner.scoring.exact_spans import SpanScores
from windowner.tagger.chosen_tag import ChosenTag
from windowner.tagger.explanation import Explanation, Share

HOSTILE = "<script>document.title=1</script>"
RULED = ChosenTag("O", "O", "O", "rule", HOSTILE)


def made():
    """One object of each kind, with markup wherever data stands."""
    scores = windowner.score([["B-LOC", "O"]], [["B-LOC", f"B-{HOSTILE}"]])
    metrics = {"best_epoch": 3, "epochs": 8, "mode": "frozen"}
    cell = SimpleNamespace(
        words=1000, setting=SimpleNamespace(label=HOSTILE), dev=MeanScore(0.8125, 0.02), test=None, n=3
    )
    rest = dict.fromkeys("base confidence contrasts crossings finished failed trial_count folder".split())
    return {
        "scores": scores,
        "spans": SpanScores(PRF(2, 1, 1), {HOSTILE: PRF(2, 1, 1)}, 1, 0),
        "run": windowner.Run(Path("runs", HOSTILE.replace("/", "")), None, [], metrics, {"dev": scores}),
        "answer": windowner.Answer(name=HOSTILE, by="mode", split="dev", advice=HOSTILE, cells=[cell], **rest),
        "document": windowner.Document(HOSTILE, [windowner.Span(0, 8, HOSTILE)]),
        "explanation": Explanation(
            (HOSTILE, "a"), 0, f"B-{HOSTILE}", "O", RULED, 1.5, 1.5, [Share("word", 1.5, 0, HOSTILE, "words")]
        ),
    }


SHOWN = {
    "scores": ["50.0", "100.0"],
    "spans": ["66.7"],
    "run": ["kept epoch 3 of 8", "Scores on dev"],
    "answer": ["81.2 ± 2.0", "1,000"],
    "document": ["<mark"],
    "explanation": ["+1.500", "vector", "The rule &lt;script&gt;"],
}


@pytest.mark.parametrize("name", made())
def test_it_is_shown_and_markup_stays_text(name):
    pytest.importorskip("jinja2")
    html = made()[name]._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert [text for text in SHOWN[name] if text not in html] == []


@pytest.mark.parametrize("name", made())
def test_without_jinja_nothing_is_shown_and_nothing_raised(name, monkeypatch):
    filling.own_environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert made()[name]._repr_html_() is None
    filling.own_environment.cache_clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_all_of_it_fits_and_can_be_read(browser, tmp_path, width, scheme):
    """A notebook is light or dark by its own choice. So the HTML takes on the colour of the text around it."""
    ground = {"light": "#fff; color: #111", "dark": "#111; color: #eee"}[scheme]
    body = "".join(each._repr_html_() for each in made().values())
    page = tmp_path / "notebook.html"
    page.write_text(
        f'<!doctype html><link rel="icon" href="data:,"><meta charset="utf-8">'
        f'<body style="margin: 8px; background: {ground}"><div class="page">{body}</div>'
    )
    browser.open(page)
    browser.see(width, scheme)
    assert browser.console() == []
    assert browser.sticks_out() == 0
    assert browser.faint(least=20) == []
