"""Templates: what comes from data is escaped, and without jinja2 the error says what to install."""

import sys

import pytest

from windowner.errors import ConfigError
from windowner.markup import filling
from windowner.markup.marks import Mark, cut
from windowner.markup.tagged_page import page_frame, texts_html

HOSTILE = "<script>document.title=1</script>"


@pytest.fixture
def no_jinja(monkeypatch):
    """Forget what was imported before, too."""
    filling.own_environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    yield
    filling.own_environment.cache_clear()


def test_without_jinja_an_error_says_what_to_install(no_jinja):
    with pytest.raises(ConfigError, match=r'pip install "windowner\[report\]"'):
        filling.fill("paragraphs.html", {"texts": []})


def test_without_jinja_a_notebook_shows_nothing(no_jinja):
    assert filling.for_notebook("texts.html", {"texts": []}) is None


def test_everything_is_escaped():
    pytest.importorskip("jinja2")
    page = "".join([*page_frame(HOSTILE, [HOSTILE]), texts_html([(HOSTILE, [Mark(0, 8, HOSTILE)])])])
    fragment = filling.for_notebook("texts.html", {"texts": [cut(HOSTILE, [Mark(8, 9, HOSTILE, HOSTILE)])]})
    assert "<script" not in page + fragment
    assert page.count("&lt;script&gt;") >= 4
    assert filling.Html(fragment)._repr_html_() == fragment


def test_a_page_is_cut_where_its_texts_stand():
    """A name that looks like the place of the texts is no such place."""
    pytest.importorskip("jinja2")
    head, foot = page_frame("<!-- texts -->", ["LOC"])
    assert head.rstrip().endswith('<main class="texts">')
    assert foot.lstrip().startswith("</main>")


def test_a_blank_text_is_left_out():
    pytest.importorskip("jinja2")
    assert texts_html([(" \n", []), ("", [])]) == ""


def test_the_label_of_an_entity_has_its_type_and_its_probability():
    pytest.importorskip("jinja2")
    text = texts_html([("in Paris", [Mark(3, 8, "", probability=0.875, hue=2)])])
    assert 'in <mark class="entity" style="--hue: var(--series-2)">Paris<small>(no type)&nbsp;' in text
    assert '<span class="p">0.88</span></small></mark></p>' in text
