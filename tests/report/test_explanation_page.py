"""The page and the picture of an explanation, in a real browser."""

import pytest

from windowner.report.explanation_page import FEATURES, explanation_picture, write_explanation_page
from windowner.tagger.chosen_tag import ChosenTag
from windowner.tagger.explanation import Explanation, Share

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")

HOSTILE = "<script>document.title=1</script>"
RULED = ChosenTag("B-LOC", "B-LOC", "O", "rule", HOSTILE)


@pytest.fixture(scope="module")
def found() -> Explanation:
    features = [Share("word", 0.01 * number, -1, HOSTILE, f"suffix{number}", HOSTILE) for number in range(40)]
    others = [
        Share("word", -2.5, 0, "Paris", "words"),
        Share("word", 0.5, 1, "", "capitals"),
        Share("mention", 1.0, 0, HOSTILE, "sentence 2, word 5"),
        Share("bias", -0.25),
        Share("left", 0.125),
        Share("right", 0.0),
    ]
    total = sum(share.nats for share in [*features, *others])
    return Explanation((HOSTILE, "Paris"), 1, "B-LOC", "O", RULED, total, total - 0.125, [*features, *others])


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    return write_explanation_page(found, tmp_path_factory.mktemp("explanation") / "paris.html")


def test_markup_stays_text_and_nothing_is_asked_for(page, browser):
    browser.open(page)
    assert browser.ask("return document.title") == "Paris: B-LOC against O · windowner"
    assert browser.console() == []
    assert [url for url in browser.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]
    assert HOSTILE in browser.ask("return document.querySelector('h1').innerText")


def test_the_numbers_of_the_explanation_are_on_the_page(found, page):
    text = page.read_text(encoding="utf-8")
    assert f"{found.difference:+.3f}" in text
    assert "−2.500" in text
    assert "The rule &lt;script&gt;document.title=1&lt;/script&gt; decided. The network alone gives O" in text
    assert f"{42 - FEATURES} others" in text
    assert "sentence 2, word 5" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(page, browser, width, scheme):
    browser.open(page)
    browser.see(width, scheme)
    assert browser.sticks_out() == 0
    assert browser.faint(least=20) == []


def test_the_picture_names_every_word(found):
    svg = explanation_picture(found).svg()
    assert "&lt;script" in svg
    assert all(text in svg for text in ("Paris", "(edge)", "bias", "tags on the left", "−2.50", "+1.00"))
