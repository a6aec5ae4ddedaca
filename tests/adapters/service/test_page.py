"""The page in a real browser: by mouse, by keyboard alone, on a telephone, and with hostile text."""

import re
from dataclasses import replace

import pytest
from serving import serving
from synthetic import succeed

from windowner.tagger.parts import write_model
from windowner.tagger.tagger import Tagger
from windowner.text.spans import TagTable

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
TEXT = f"\U0001f600 John Smith lives in Paris. We saw Mary Brown on Monday.\n{HOSTILE}"
MARKS = """return [...document.querySelectorAll('#tagged mark')].map((mark) => [
  mark.firstChild.data, mark.querySelector('small').firstChild.data, mark.querySelector('span').textContent])"""
ROWS = """return [...document.querySelectorAll('#words tr')].map((row) =>
  [...row.children].map((cell) => cell.textContent.replace('−', '-')))"""
EXPANDED = "return [...document.querySelectorAll('#tagged mark[aria-expanded=true]')].map((m) => m.firstChild.data)"


@pytest.fixture(scope="module")
def tagger(tiny) -> Tagger:
    return Tagger.load(tiny.model)


@pytest.fixture
def page(browser, service):
    """The browser on the page, where a text has been tagged."""
    browser.see(1280, "light")
    browser.visit(service.address)
    wait(browser, "return document.querySelectorAll('#tagged mark').length")
    return browser


def wait(browser, script, *args):
    """Wait until a script returns something true, and return that."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser.driver, 20, 0.02).until(lambda _: browser.ask(script, *args))


def type_text(browser, text):
    """Put a text into the box as pasting does, and wait until it is tagged."""
    browser.ask(
        "const box = document.getElementById('text'); box.value = arguments[0]; box.dispatchEvent(new Event('input'))",
        text,
    )
    script = "return document.getElementById('tagged').textContent.includes(arguments[0])"
    wait(browser, script, text.split()[-1])


def press(browser, *keys):
    """Press keys, wherever the focus is."""
    from selenium.webdriver import ActionChains

    ActionChains(browser.driver).send_keys(*keys).perform()


def expected_marks(tagger, text, least=0.0):
    spans = tagger.tag_text(text, least)
    return [[text[span.start : span.end], span.label, f"{span.probability:.2f}"] for span in spans]


def test_entities_are_those_of_the_tagger(page, tagger):
    type_text(page, TEXT)
    expected = expected_marks(tagger, TEXT)
    assert len(expected) >= 3
    assert page.ask(MARKS) == expected


def test_markup_stays_text_and_nothing_but_its_own_origin_is_asked(page, service):
    type_text(page, TEXT)
    assert HOSTILE in page.ask("return document.getElementById('tagged').textContent")
    assert page.ask("return document.querySelectorAll('#tagged script, #tagged img').length") == 0
    assert page.ask("return document.title") == "run · windowner"
    assert page.console() == []
    asked = {url for url in page.requests() if not url.startswith(("data:", "about:"))}
    assert asked == {f"{service.address}/{path}" for path in ("", "healthz", "tag")}


def test_the_words_are_those_of_explain(page, tiny):
    """In the order and with the numbers that `windowner explain` prints."""
    type_text(page, TEXT)
    page.ask("[...document.querySelectorAll('#tagged mark')].find((m) => m.firstChild.data === 'Paris').focus()")
    wait(page, "return !document.getElementById('why').hidden")
    sentence = "\U0001f600 John Smith lives in Paris ."
    printed = succeed("explain", tiny.model, "--sentence", sentence, "--word", "6").stdout
    lines = printed.splitlines()[4:]  # the sentence, the tags, an empty line, and the heads of the columns
    rows = [line.split() for line in lines]
    rows = rows[: next(number for number, row in enumerate(rows) if row[1:] == ["sum"])]
    assert [f"{nats} {place} {word}".split() for word, place, nats in page.ask(ROWS)] == rows
    title = re.search(r"^(\S+) against (\S+): (\S+) nats", printed, re.MULTILINE)
    assert page.ask("return document.getElementById('why-h').textContent") == f"Paris: why {title[1]}?"
    assert page.ask("return document.getElementById('against').value") == title[2]
    assert f"is {title[3]} nats" in page.ask("return document.getElementById('sum').textContent")


def test_it_says_that_a_rule_decided(browser, tiny, tmp_path):
    rules = tmp_path / "rules.jsonl"
    rules.write_text('{"label": "VERB", "pattern": "lives", "id": "<b>"}\n', encoding="utf-8")
    with serving(tiny.run.folder, "--rules", str(rules)) as ruled:
        browser.visit(ruled.address)
        wait(browser, "return document.getElementById('status').textContent")
        type_text(browser, TEXT)
        assert ["lives", "VERB", "1.00"] in browser.ask(MARKS)
        mark = "[...document.querySelectorAll('#tagged mark')].find((mark) => mark.firstChild.data === 'lives')"
        assert browser.ask(f"return {mark}.className") == "entity hue-2"  # after LOC and PER
        browser.ask(f"{mark}.click()")
        wait(browser, "return !document.getElementById('why').hidden")
        assert browser.ask("return document.getElementById('why-h').textContent") == "lives: why S-VERB?"
        said = browser.ask("return document.getElementById('sum').textContent")
        assert said.startswith("The tagger gives S-VERB. The rule <b> decided. The network alone gives O, and ")


def test_another_word_and_another_tag_are_explained(page):
    type_text(page, TEXT)
    page.ask("document.querySelector('#tagged mark').click()")
    wait(page, "return document.querySelectorAll('#tokens button').length")
    page.ask("[...document.querySelectorAll('#tokens button')].find((b) => b.textContent === 'in').click()")
    wait(page, "return document.getElementById('why-h').textContent === 'in: why O?'")
    page.ask(
        """const choice = document.getElementById('against'); choice.value = 'I-PER';
        choice.dispatchEvent(new Event('change'))"""
    )
    wait(page, "return document.getElementById('sum').textContent.includes('O minus that of I-PER')")


def test_a_pointer_over_an_entity_is_enough(page):
    from selenium.webdriver import ActionChains

    type_text(page, TEXT)
    mark = page.driver.find_elements("css selector", "#tagged mark")[1]
    ActionChains(page.driver).move_to_element(mark).perform()
    wait(page, "return !document.getElementById('why').hidden")
    assert page.ask(EXPANDED) == [page.ask(MARKS)[1][0]]


def test_everything_is_reached_by_keyboard(page, tagger):
    """The box has the focus; Tab leads to the slider, to the entities, and to what explains them."""
    from selenium.webdriver import Keys

    assert page.ask("return document.activeElement.id") == "text"
    page.ask("document.activeElement.select()")
    press(page, "We saw Mary Brown in Paris.")
    wait(page, "return document.getElementById('tagged').textContent.includes('Mary')")
    press(page, Keys.TAB)
    assert page.ask("return document.activeElement.id") == "least"
    press(page, Keys.END)
    wait(page, "return document.getElementById('least-shown').textContent === '1.00'")
    assert page.ask(MARKS) == []
    assert page.ask("return document.getElementById('status').textContent").startswith("0 entities, ")
    press(page, Keys.HOME)
    assert len(page.ask(MARKS)) == len(tagger.tag_text("We saw Mary Brown in Paris.", 0.0))
    press(page, Keys.TAB)
    wait(page, "return !document.getElementById('why').hidden")
    first = page.ask("return document.activeElement.firstChild.data")
    assert page.ask(EXPANDED) == [first]
    press(page, Keys.ESCAPE)
    assert page.ask("return document.getElementById('why').hidden")
    press(page, Keys.ENTER)
    wait(page, "return !document.getElementById('why').hidden")
    while page.ask("return document.activeElement.tagName") == "MARK":
        press(page, Keys.TAB)
    assert page.ask("return document.activeElement.id") == "close"
    press(page, Keys.ENTER)
    wait(page, "return document.getElementById('why').hidden")
    assert page.ask("return document.activeElement.tagName") == "MARK"


def test_the_slider_hides_less_probable_entities(page, tagger):
    type_text(page, TEXT)
    least = sorted(span.probability for span in tagger.tag_text(TEXT, 0.0))[1]
    least = min(round(least + 0.01, 2), 1.0)
    page.ask(
        """const slider = document.getElementById('least'); slider.value = arguments[0];
        slider.dispatchEvent(new Event('input'))""",
        least,
    )
    assert page.ask(MARKS) == expected_marks(tagger, TEXT, least)


def test_a_text_that_is_too_long_is_told(page):
    page.ask(
        """const box = document.getElementById('text'); box.value = 'x'.repeat(100001);
        box.dispatchEvent(new Event('input'))"""
    )
    wait(page, "return !document.getElementById('problem').hidden")
    assert "expected at most" in page.ask("return document.getElementById('problem').textContent")
    type_text(page, TEXT)
    assert page.ask("return document.getElementById('problem').hidden")


def test_half_of_a_surrogate_pair_becomes_a_replacement_character(page):
    page.ask(
        """const box = document.getElementById('text'); box.value = 'x\\ud83d John Smith';
        box.dispatchEvent(new Event('input'))"""
    )
    wait(page, "return document.getElementById('tagged').textContent.includes('x\\ufffd ')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(page, width, scheme):
    type_text(page, TEXT + " Pneumono" + "ultra" * 60)
    page.see(width, scheme)
    page.ask("[...document.querySelectorAll('#tagged mark')].at(-1).focus()")
    wait(page, "return !document.getElementById('why').hidden")
    page.ask("document.querySelector('details').open = true")
    assert page.sticks_out() == 0
    assert page.faint(least=30) == []
    covered = """const mark = document.activeElement.getBoundingClientRect();
      const over = document.elementFromPoint(mark.left + 4, mark.top + mark.height / 2);
      return !document.activeElement.contains(over)"""
    assert not page.ask(covered)


def test_everything_has_a_name(page):
    """What a screen reader says of each control."""
    page.ask("document.querySelector('#tagged mark').click()")
    wait(page, "return !document.getElementById('why').hidden")
    names = page.ask(
        """return [...document.querySelectorAll('button, select, textarea, input, [role=button], section, table')]
          .map((e) => [e.outerHTML.slice(0, 80), (e.getAttribute('aria-label') || '') +
            (e.labels ? [...e.labels].map((l) => l.textContent).join() : '') + (e.caption ? e.caption.textContent : '')
            + [e.getAttribute('aria-labelledby')].filter(Boolean).map((id) => document.getElementById(id).textContent)
            + ('button' === e.localName || e.getAttribute('role') === 'button' ? e.textContent : '')])"""
    )
    assert len(names) > 8
    assert [element for element, name in names if not name.strip()] == []


TYPES = [
    "__proto__",
    "constructor",
    "toString",
    "<img src=x onerror=document.title=1>",
    "</script><script>document.title=1",
]
"""Types that JavaScript finds in every object, and markup."""


@pytest.fixture(
    scope="module", params=[TYPES[:2], TYPES[2:4], [TYPES[4], TYPES[0]]], ids=["prototype", "image", "script"]
)
def hostile(request, tagger, tmp_path_factory):
    """A tagger with other names of its types, of which the first one has a cutoff, and its service."""
    names = dict(zip(tagger.types, request.param, strict=True))
    tags = [tag if tag == "O" else f"{tag[:2]}{names[tag[2:]]}" for tag in tagger.model.tags.names]
    model = replace(tagger.model, tags=TagTable.of(tags), cutoffs={request.param[0]: 0.01})
    path = tmp_path_factory.mktemp("hostile") / f"{TYPES[3]}.safetensors"
    write_model(model, path)
    with serving(path) as running:
        yield Tagger(model), running


def test_types_of_any_name_are_shown_and_explained(hostile, browser):
    tagger, service = hostile
    browser.visit(service.address)
    wait(browser, "return document.querySelectorAll('#tagged mark').length")
    type_text(browser, TEXT)
    spans = [span for span in tagger.tag_text(TEXT, 0.0) if span.probability >= 0.01]
    assert {span.label for span in spans} == set(tagger.types)
    assert browser.ask(MARKS) == [
        [TEXT[span.start : span.end], span.label, f"{span.probability:.2f}"] for span in spans
    ]
    for number, span in enumerate(spans):
        browser.ask(f"document.querySelectorAll('#tagged mark')[{number}].click()")
        wait(browser, "return document.getElementById('why-h').textContent.includes(arguments[0])", span.label)
    assert browser.ask("return document.title").startswith(TYPES[3])
    assert browser.ask("return document.querySelectorAll('img').length") == 0
    assert browser.ask("return document.scripts.length") == 1
    assert browser.console() == []
