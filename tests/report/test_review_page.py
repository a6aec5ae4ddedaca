"""The page on which labels are reviewed, in a real browser: by click, by keyboard, exported, applied, read again."""

import json
import time

import pytest

from windowner.config.checking import make_config
from windowner.formats.reading import read_corpus
from windowner.labels.correcting import write_corrected_files
from windowner.labels.decisions import read_decisions
from windowner.labels.regions import differing_regions
from windowner.labels.suspects import Elsewhere, Suspect
from windowner.report.review_page import write_review_page
from windowner.text.token_spans import TokenSpan, sentence_spans

pytest.importorskip("jinja2")

HOSTILE = "<script>document.title=1</script>"
TEXT = f"{HOSTILE} O\nmet O\nAna B-LOC\nHill O\n\n</script><b> B-PER\nwon O\n\nRome O\n\nOslo B-ORG\n"
SUGGESTED = [[(2, 4, "PER")], [(0, 1, "LOC")], [(0, 1, "LOC")], []]
TYPES = ["LOC", "PER", HOSTILE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    (folder / "train.conll").write_text(TEXT, encoding="utf-8")
    corpus = read_corpus(folder / "train.conll")
    suspects = []
    for number, (tags, entities) in enumerate(zip(corpus.tags, SUGGESTED, strict=True)):
        (gold,) = sentence_spans([tags])
        for region in differing_regions(number, gold, [TokenSpan(*entity) for entity in entities]):
            line = corpus.sentences[number].line_of(region.start)
            tokens = corpus.tokens[number]
            elsewhere = Elsewhere(3, 0, 2)
            suspects.append(Suspect(region, corpus.path, number, line, tokens, gold, 0.01, 0.9, elsewhere, 5.0))
    write_review_page(suspects, TYPES, f"made up {HOSTILE}", folder / "review.html", 9)
    return folder


@pytest.fixture
def opened(folder, browser):
    browser.driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.open(folder / "review.html")
    yield browser
    browser.ask("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")


def press(browser, keys):
    for key in keys:
        browser.driver.find_element("css selector", "body").send_keys(key)


def text_of(browser, id):
    return browser.ask("return document.getElementById(arguments[0]).innerText", id)


def exported(folder, browser):
    """Press e, and return the decisions of the file that is downloaded."""
    for old in folder.glob("*.jsonl"):
        old.unlink()
    press(browser, "e")
    for _ in range(100):
        if found := [path for path in folder.glob("*.jsonl") if path.stat().st_size]:
            return found[0], [json.loads(line) for line in found[0].read_text(encoding="utf-8").splitlines()]
        time.sleep(0.1)
    raise AssertionError("nothing was downloaded")


def test_it_opens_from_disk_and_markup_stays_text(opened, folder):
    assert opened.ask("return document.title") == f"Review of made up {HOSTILE} · windowner"
    assert opened.console() == []
    assert [url for url in opened.requests() if not url.startswith("data:")] == [
        (folder / "review.html").absolute().as_uri()
    ]
    assert HOSTILE in text_of(opened, "gold")
    assert "Ana Hill" in text_of(opened, "suggested")
    assert "1 of 4" in text_of(opened, "where")
    assert "train.conll:3" in text_of(opened, "where")


def test_by_keyboard_alone_exported_applied_and_read_again(opened, folder):
    """Accepts, chooses a type, keeps, goes back and forth, takes back."""
    press(opened, "a1k")
    assert "4 of 4" in text_of(opened, "where")
    press(opened, "au")
    assert text_of(opened, "progress") == "3 of 4 decided: 2 changed, 1 kept"
    press(opened, "a")
    path, decisions = exported(folder, opened)
    assert [each["decision"] for each in decisions] == ["accept", "accept", "keep", "accept"]
    config = make_config({"data": {"train": "train.conll"}}, "config", directory=folder)
    list(write_corrected_files(config, read_decisions(path), folder / "corrected"))
    expected = TEXT.replace("Ana B-LOC\nHill O", "Ana B-PER\nHill I-PER").replace("B-PER\nwon", "B-LOC\nwon")
    expected = expected.replace("Oslo B-ORG", "Oslo O")
    assert (folder / "corrected" / "train.conll").read_text(encoding="utf-8") == expected


def test_by_click(opened, folder):
    for button in ("accept", "keep", "back"):
        opened.driver.find_element("id", button).click()
    assert opened.ask("return document.getElementById('keep').getAttribute('aria-pressed')") == "true"
    opened.driver.find_element("css selector", "#types button:nth-child(3)").click()
    assert "chosen" in opened.ask("document.getElementById('back').click(); return document.body.innerText")
    _, decisions = exported(folder, opened)
    assert [each["spans"] for each in decisions][1] == [{"start": 0, "end": 1, "label": HOSTILE}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(opened, width, scheme):
    opened.see(width, scheme)
    assert opened.sticks_out() == 0
    assert opened.faint(least=20) == []


def test_a_page_without_pictures_leaves_no_folder(folder):
    assert not (folder / "pictures").exists()
