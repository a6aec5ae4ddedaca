"""The page of a graph, stepped through in a real browser: values forward, gradients backward, each at its step."""

import pytest

from windowner.graph.expressions import FUNCTIONS, differentiate
from windowner.graph.show.view import GraphView, view_graph
from windowner.report.graph_page import write_graph_page

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")

SEEN = """
return [...document.querySelectorAll('.graph svg text')].filter((e) => !e.classList.contains('later'))
  .map((e) => e.textContent)
"""
KEY = "document.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))"


def view_of(expression: str, **numbers: float) -> GraphView:
    _, values, gradients = differentiate(expression, numbers)
    return view_graph(values, gradients)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "graph.html"
    return write_graph_page(view_of("(x + y) * max(y, z)", x=1, y=2, z=0), "(x + y) * max(y, z) <script>", path)


def test_gate_by_gate_forward_and_backward(page, browser):
    """Three gates: step 0 is the inputs, 1 to 3 the gates forward, 4 to 6 backward."""
    browser.open(page)
    assert browser.ask(SEEN).count("6") == 0
    for _ in range(3):
        browser.ask("document.querySelector('[data-go=next]').click()")
    assert "6" in browser.ask(SEEN)
    assert "5 = 2 + 3" not in browser.ask(SEEN)
    browser.ask(KEY, "ArrowRight")
    assert "3 = 1 · 3" in browser.ask(SEEN)
    assert "dn3/dn1 = n2 = 2, so n1 receives 1 · 2 = 2" in browser.ask(
        "return document.querySelector('.now').innerText"
    )
    assert "3 = 3 · 1" not in browser.ask(SEEN)
    browser.ask(KEY, "End")
    assert "5 = 2 + 3" in browser.ask(SEEN)
    browser.ask(KEY, "Home")
    assert "6" not in browser.ask(SEEN)


def test_play_can_be_paused(page, browser):
    browser.open(page)
    label = "return document.querySelector('[data-go=play]').textContent"
    browser.ask(KEY, " ")
    assert browser.ask(label) == "pause"
    browser.ask(KEY, "ArrowRight")
    assert browser.ask(label) == "play"


def test_reduced_motion_moves_nothing(page, browser):
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.open(page)
    style = "return getComputedStyle(document.querySelector('.graph svg text')).transitionDuration"
    assert browser.ask(style) == "0s"


def test_markup_stays_text_and_nothing_is_asked_for(page, browser):
    browser.open(page)
    assert browser.console() == []
    assert "<script>" in browser.ask("return document.querySelector('h1').innerText")
    assert [url for url in browser.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(page, browser, width, scheme):
    browser.see(width, scheme)
    browser.open(page)
    assert browser.sticks_out() == 0
    assert browser.faint(least=20) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_names_its_local_gradient(name, tmp_path):
    """The caption's formula of each function, with a number behind it."""
    text = f"{name}(x, y) + y" if FUNCTIONS[name][0] == 2 else f"{name}(x) - y ** 2 / x"
    path = write_graph_page(view_of(text, x=0.5, y=0.25), text, tmp_path / "graph.html")
    assert "Locally, dn1/dx = " in path.read_text(encoding="utf-8")
