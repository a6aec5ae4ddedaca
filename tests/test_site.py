"""The site: it builds without a broken link, asks nobody else for anything, and can be read at two widths."""

import os
import re
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browsing import browser_fixture as browser_fixture

pytest.importorskip("mkdocstrings")
pytest.importorskip("material")

from docs import site_pages

ROOT = Path(__file__).parents[1]
FETCHED = re.compile(
    r'<(?:script|img|iframe|link rel="(?:stylesheet|icon|preconnect)")[^>]*(?:src|href)="?(https?:)?//'
)
READ = ("index", "lecture", "api", "changelog", "config", "benchmarks", "source/windowner/network/model.py")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """With --quiet, mkdocs counts no warnings, and --strict finds nothing."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def address(site):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_link_to_a_source_file_leads_to_its_page(site):
    pages = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert 'href="source/windowner/network/model.py.html"' in pages[site / "lecture.html"]
    assert "def backward" in re.sub("<[^>]+>", "", pages[site / "source/windowner/network/model.py.html"])
    assert {name for name, text in pages.items() if FETCHED.search(text)} == set()


def test_every_public_name_is_in_the_reference(site):
    import windowner

    text = (site / "api.html").read_text(encoding="utf-8")
    ids = re.findall(r'<h3[^>]*id="windowner\.([\w.]+)"', text)
    assert {f"{home}.{name}" for name, home in windowner._HOMES.items()} <= set(ids)


def test_the_graph_of_the_lecture_can_be_stepped_through(browser, address):
    browser.visit(f"{address}/lecture.html")
    browser.ask("document.querySelector('a[href=\"lecture/scalar-graph.html\"]').click()")
    browser.ask("document.querySelector('[data-go=last]').click()")
    assert browser.ask("return document.querySelector('.count').innerText") == "step 6 of 6"
    assert "5 = 2 + 3" in browser.ask("return document.querySelector('.graph svg').textContent")
    assert browser.console() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_pages_can_be_read(browser, address, width, scheme):
    browser.see(width, scheme)
    for page in READ:
        browser.visit(f"{address}/{page}.html")
        assert browser.sticks_out() <= 0, page
        assert browser.console() == []
        assert {
            request for request in browser.requests() if not request.startswith((address, "data:", "blob:"))
        } == set()
        ground = browser.ask("return getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light"), ground


def test_links_are_rewritten_outside_of_code_alone():
    text = "See [a](docs/text.md#x),\n[b](windowner/files.py) and [c](#y).\n\n```\n[a](docs/text.md)\n```\n"
    sources = {}
    page = site_pages.for_site(text, "README.md", "index.md", {"docs/text.md": "text.md"}, sources)
    assert page == text.replace("(docs/text.md#x)", "(text.md#x)").replace(
        "(windowner/files.py)", "(source/windowner/files.py.md)"
    )
    assert list(sources) == ["windowner/files.py"]


def test_what_belongs_to_an_item_is_indented_by_four():
    text = "1. one\n   more\n\n   ```sh\n   code\n     deep\n   ```\n\nafter\n  as it is\n\n- two\n  more\n"
    expected = "1. one\n    more\n\n    ```sh\n    code\n      deep\n    ```\n\nafter\n  as it is\n\n- two\n    more\n"
    assert site_pages.indented_lists(text) == expected
