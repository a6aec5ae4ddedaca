"""The page about where two taggers differ, in a real browser."""

import pytest

from windowner.labels.differences import compare_taggers
from windowner.report import difference_page
from windowner.report.difference_page import write_difference_page
from windowner.text.sentence import Sentence

pytest.importorskip("jinja2")

HOSTILE = "<script>document.title=1</script>"
A = [["B-PER", "O"], ["B-LOC", "O"], ["O", "O"], ["B-LOC", "O"]]
B = [["B-LOC", "O"], ["B-LOC", "I-LOC"], ["B-PER", "O"], ["B-LOC", "O"]]
GOLD = [["B-LOC", "O"], ["B-LOC", "O"], ["O", "B-PER"], ["O", "O"]]


class Fixed:
    def __init__(self, tags):
        self.tags = tags

    def tag(self, sentences, document_starts=None):
        return self.tags


def compared(gold=GOLD):
    sentences = [
        Sentence([HOSTILE, "met"], None if gold is None else gold[number], 3 * number + 1, [HOSTILE, "met"])
        for number in range(4)
    ]
    return compare_taggers(Fixed(A), Fixed(B), "some/dev.conll", sentences, [])


@pytest.fixture
def opened(tmp_path, browser):
    path = write_difference_page(compared(), (f"runs/{HOSTILE}", "runs/b"), tmp_path / "diff.html")
    browser.open(path)
    return browser


def shown(browser):
    return browser.ask("return [...document.querySelectorAll('#sentences > li:not([hidden])')].map(e => e.innerText)")


def test_it_opens_from_disk_and_markup_stays_text(opened):
    assert opened.ask("return document.title") == f"runs/{HOSTILE} and runs/b · windowner"
    assert opened.console() == []
    assert len(shown(opened)) == 3
    assert "some/dev.conll:4" in shown(opened)[1]


def test_sentences_are_chosen_by_kind_and_by_who_is_right(opened):
    for value, places in (("type", [0]), ("only-b", [2]), ("right-b", [0]), ("right-a", [1, 2]), ("only-a", [])):
        opened.ask(f"document.querySelector('input[value={value}]').click(); return 0")
        assert [text.split(" ")[0] for text in shown(opened)] == [f"some/dev.conll:{3 * place + 1}" for place in places]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(opened, width, scheme):
    opened.see(width, scheme)
    assert opened.sticks_out() == 0
    assert opened.faint(least=20) == []


def test_without_labels_nobody_is_right(tmp_path):
    page = write_difference_page(compared(gold=None), ("a", "b"), tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "found by A alone" in page
    for absent in ("A is right", "entity F1", "· labels"):
        assert absent not in page


def test_a_page_says_how_many_sentences_it_leaves_out(tmp_path, monkeypatch):
    monkeypatch.setattr(difference_page, "SHOWN", 2)
    page = write_difference_page(compared(), ("a", "b"), tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "The first 2 of the 3 sentences" in " ".join(page.split())


def test_where_nothing_differs(tmp_path):
    same = compare_taggers(Fixed([["O"]]), Fixed([["O"]]), "x", [Sentence(["a"], None, 1, [])], [])
    page = write_difference_page(same, ("a", "b"), tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "the same entities in every sentence" in page
