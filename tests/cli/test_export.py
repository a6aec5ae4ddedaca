"""`windowner export`."""

import re

import pytest
from synthetic import error_of, invoke, succeed

pytest.importorskip("jinja2")


def test_a_page(tiny, tmp_path):
    page = tmp_path / "new" / "tagger.html"
    out = succeed("export", tiny.model.parent, "--html", page, "--words", "7").stdout
    assert re.fullmatch(r".*tagger\.html: 7 of \d+ words, 0\.\d MB\n", out)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "Zurich" not in text
    assert [path.name for path in page.parent.iterdir()] == ["tagger.html"]


def test_errors(tiny, tmp_path):
    page = tmp_path / "tagger.html"
    assert "expected a run that `windowner train` wrote" in error_of("export", tiny.model, "--html", page)
    assert invoke("export", tiny.model.parent).exit_code == 2
    assert invoke("export", tiny.model.parent, "--html", page, "--words", "0").exit_code == 2
    (tmp_path / "folder").mkdir()
    assert "cannot be written" in error_of("export", tiny.model.parent, "--html", tmp_path / "folder")
    assert not page.exists()
