"""Pages of tagged text: the same entities as in spans, from every input, in a real browser."""

import html
import json
import re
import sys

import pytest
from synthetic import error_of, succeed

from windowner.markup import filling

pytest.importorskip("jinja2")

HOSTILE = "<script>document.title=1</script>"
TEXT = f"Anna Smith lives in Paris.\n\n{HOSTILE} John lives in Rome & <b>New York</b>.\n"
COLUMNS = f"John\tx\n{HOSTILE}\tx\n\nAnna\tx\nlives\tx\nin\tx\nParis\tx\n"
RECORDS = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(TEXT.splitlines()))
INPUTS = {"text": TEXT, "columns": COLUMNS, "records": RECORDS}


def shown(page):
    """The text of each paragraph, and its entities with their labels."""
    paragraphs = re.findall(r'<p class="text".*?>(.*?)</p>', page, flags=re.DOTALL)
    label = r"<small>(.*?)&nbsp;<span class=\"p\">(.*?)</span></small>"
    entities = [re.findall(rf"<mark[^>]*>(.*?){label}</mark>", text) for text in paragraphs]
    texts = [html.unescape(re.sub("<.*?>", "", re.sub(label, "", text))) for text in paragraphs]
    unescaped = [[tuple(map(html.unescape, entity)) for entity in found] for found in entities]
    return list(zip(texts, unescaped, strict=True))


@pytest.mark.parametrize("form", INPUTS)
def test_a_page_has_the_entities_of_spans(tiny, form):
    options = ["--input", "text"] if form == "text" else []
    spans, page = (
        succeed("tag", tiny.model, *options, "--output", output, input=INPUTS[form]).stdout
        for output in ("spans", "html")
    )
    expected = [
        (each["text"], [(s["text"], s["label"], f"{s['probability']:.2f}") for s in each["spans"]])
        for each in map(json.loads, spans.splitlines())
        if each["text"]
    ]
    found = shown(page)
    assert sum(len(entities) for _, entities in found) >= 1
    assert [(text, [entity[:2] for entity in entities]) for text, entities in found] == [
        (text, [entity[:2] for entity in entities]) for text, entities in expected
    ]
    for (_, entities), (_, others) in zip(found, expected, strict=True):
        assert [float(p) for *_, p in entities] == pytest.approx([float(p) for *_, p in others], abs=0.0101)


def test_several_processes_write_the_same_page(tiny, tmp_path):
    path = tmp_path / "many.txt"
    path.write_text(TEXT * 2000, encoding="utf-8")
    one, two = (
        succeed("tag", tiny.model, path, "--input", "text", "--output", "html", "--jobs", jobs).stdout for jobs in "12"
    )
    assert one == two
    assert one.count("<!doctype html>") == one.count("</html>") == 1


def test_a_folder_of_pages(tiny, tmp_path):
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, encoding="utf-8")
    succeed("tag", tiny.model, texts, "--input", "text", "--output", "html", "--out", out)
    page = (out / "a.txt.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert len(shown(page)) == 2


def test_the_least_probability_is_that_of_spans(tiny):
    page = succeed(
        "tag", tiny.model, "--input", "text", "--output", "html", "--min-probability", "1", input=TEXT
    ).stdout
    assert '<p class="text"' in page
    assert not any(entities for _, entities in shown(page))


def test_without_jinja_it_says_what_to_install_before_it_tags(tiny, monkeypatch):
    filling.own_environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert 'pip install "windowner[report]"' in error_of("tag", tiny.model, "--output", "html", input=TEXT)
    filling.own_environment.cache_clear()


@pytest.fixture(scope="module")
def page(tiny, tmp_path_factory):
    """A page whose texts, and whose title, would be markup if they were not escaped."""
    folder = tmp_path_factory.mktemp("pages")
    source = folder / "<script>1<.txt"
    source.write_text(TEXT + "Anna" * 60 + " saw Paris\n", encoding="utf-8")
    path = folder / "page.html"
    path.write_bytes(succeed("tag", tiny.model, source, "--input", "text", "--output", "html").stdout_bytes)
    return path


def test_markup_stays_text_and_nothing_is_asked_for(page, browser):
    browser.open(page)
    assert browser.ask("return document.title") == "<script>1<.txt · windowner"
    assert browser.ask("return document.querySelectorAll('script, .texts b').length") == 0
    assert HOSTILE in browser.ask("return document.querySelector('main').innerText")
    assert browser.console() == []
    assert [url for url in browser.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]
    assert browser.ask("return document.querySelector('.legend').innerText").split() == ["LOC", "PER"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(page, browser, width, scheme):
    browser.open(page)
    browser.see(width, scheme)
    assert browser.sticks_out() == 0
    assert browser.faint(least=10) == []
