"""`windowner.render`: every form in which a text and its entities come."""

import re

import pytest

import windowner
from windowner.text.document import Document, Span

pytest.importorskip("jinja2")

TEXT, TOKENS = "Ann saw New York.", ["Ann", "saw", "New", "York", "."]
SPANS = [Span(0, 3, "PER", 0.9), Span(8, 16, "LOC", 0.75)]
ENTITIES = [windowner.Entity(0, 1, "PER", "Ann", 0.9), windowner.Entity(2, 4, "LOC", "New York", 0.75)]
TAGS = ["B-PER", "O", "B-LOC", "I-LOC", "O"]


def marked(html):
    """The marked texts with their labels."""
    label = r'style="--hue: var\(--series-(\d)\)">(.*?)<small>(.*?)</small></mark>'
    found = re.findall(f'<mark class="entity" {label}', html)
    return [(text, re.sub("<.*?>", "", label).replace("&nbsp;", " "), int(hue)) for hue, text, label in found]


WITH = [("Ann", "PER 0.90", 1), ("New York", "LOC 0.75", 0)]
WITHOUT = [("Ann", "PER", 1), ("New York", "LOC", 0)]


@pytest.mark.parametrize(
    ("texts", "found", "expected"),
    [
        (TEXT, SPANS, WITH),
        (TOKENS, ENTITIES, WITH),
        (TOKENS, TAGS, WITHOUT),
        ([TEXT, TEXT], [SPANS, SPANS], [*WITH, *WITH]),
        ([TEXT, TEXT], iter([SPANS, []]), WITH),
        ([TOKENS, TOKENS], [TAGS, TAGS], [*WITHOUT, *WITHOUT]),
        ([TOKENS], [ENTITIES], WITH),
        ((TOKENS,), [ENTITIES], WITH),
        (Document(TEXT, SPANS), None, WITH),
        (TEXT, [], []),
        (TOKENS, [], []),
        ([], [], []),
    ],
)
def test_every_form(texts, found, expected):
    html = windowner.render(texts, found)
    assert marked(html) == expected
    assert html._repr_html_() == str(html)


def test_colours_follow_the_given_types():
    assert marked(windowner.render(TEXT, SPANS, types=["PER", "ORG", "LOC"])) == [
        ("Ann", "PER 0.90", 0),
        ("New York", "LOC 0.75", 2),
    ]


def test_markup_stays_text():
    assert "<script" not in windowner.render(["<script>", "&"], ["B-<script>", "O"])


@pytest.mark.parametrize(
    ("texts", "found", "message"),
    [
        (TEXT, None, "nothing found was given"),
        (TEXT, TAGS, "expected a list of Span"),
        (TOKENS, SPANS, "expected a list of tags or of Entity"),
        (TOKENS, TAGS[:2], "2 tags, expected 5"),
        ([TEXT, TEXT], [SPANS], "entities of 1 texts, expected those of 2"),
        (TEXT, [Span(3, 99, "PER")], "characters 3 to 99, expected 0 to 17"),
    ],
)
def test_what_does_not_fit(texts, found, message):
    with pytest.raises(ValueError, match=message):
        windowner.render(texts, found)
