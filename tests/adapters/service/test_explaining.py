"""Explanations are those of Tagger, for the word that is meant."""

import pytest

from windowner.adapters.service.explaining import explained
from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import ExplainRequest
from windowner.tagger.explanation import share_name
from windowner.tagger.tagger import Tagger
from windowner.text.stretches import LONGEST

TEXT = "\U0001f600 John Smith lives in Paris. We saw Mary Brown in Paris on Monday."
FIRST = ["\U0001f600", "John", "Smith", "lives", "in", "Paris", "."]


@pytest.fixture(scope="module")
def tagger(tiny) -> Tagger:
    return Tagger.load(tiny.model)


@pytest.fixture(scope="module")
def reader(documents) -> Tagger:
    return Tagger.load(documents.model)


def test_a_word_of_a_text(tagger):
    found = tagger.explain(FIRST, 5)
    for which in ({"character": TEXT.index("Paris") + 2}, {"word": 5}):
        answer = explained(tagger, ExplainRequest(text=TEXT, **which))
        assert answer.items() >= found.as_dict().items()
        assert [row["word"] for row in answer["words"]] == [
            share_name(share) for share in sorted(found.by_word, key=lambda share: -abs(share.nats))
        ]
        assert sum(row["nats"] for row in answer["words"]) == pytest.approx(found.difference, abs=1e-9)
        assert [TEXT[start:end] for start, end in answer["offsets"]] == FIRST


def test_a_word_of_a_later_sentence(tagger):
    later = [["We", "saw", "Mary"], ["in", "Paris"]]
    answer = explained(tagger, ExplainRequest(tokens=later, word=4, against="O"))
    assert answer.items() >= tagger.explain(later[1], 1, against="O").as_dict().items()
    assert "offsets" not in answer


def test_other_sentences_of_a_text_are_its_context(reader):
    second = ["We", "saw", "Mary", "Brown", "in", "Paris", "on", "Monday", "."]
    answer = explained(reader, ExplainRequest(text=TEXT, word=12))
    assert answer.items() >= reader.explain(second, 5, context=[FIRST]).as_dict().items()
    assert "mention" in {share["kind"] for share in answer["shares"]}


def test_sentences_of_tokens_are_a_document_if_they_are_said_to_be_one(reader):
    tokens = [["in", "Paris"], ["Paris", "and", "Rome"]]
    alone = explained(reader, ExplainRequest(tokens=tokens, word=1))
    together = explained(reader, ExplainRequest(tokens=tokens, word=1, document=True))
    assert alone["shares"] == reader.explain(tokens[0], 1).as_dict()["shares"]
    assert together["shares"] == reader.explain(tokens[0], 1, context=tokens[1:]).as_dict()["shares"]


def test_context_ends_with_the_stretch_that_is_tagged_together(reader):
    """The tags that are explained are those that the tagger gives."""
    text = "Omar met John in Paris. " * (LONGEST // 5)
    places = [text.index("John"), text.index("John", len(text) // 2), text.rindex("Paris")]
    spans = reader.tag_text(text, 0.0)
    for place in places:
        answer = explained(reader, ExplainRequest(text=text, character=place))
        assert 0 < sum(share["kind"] == "mention" for share in answer["shares"]) < LONGEST // 6 + 1
        tagged = {span.label for span in spans if span.start <= place < span.end}
        assert {answer["chosen"].partition("-")[2]} - {""} == tagged


@pytest.mark.parametrize(
    ("request_", "where"),
    [
        (ExplainRequest(text="a b", word=2), "word"),
        (ExplainRequest(text="", word=0), "text"),
        (ExplainRequest(text=" \n", character=0), "text"),
        (ExplainRequest(text="a b", character=1), "character"),
        (ExplainRequest(text="a b", character=3), "character"),
        (ExplainRequest(tokens=[[], []], word=0), "tokens"),
        (ExplainRequest(text="a", word=0, tag="B-X"), "tag"),
        (ExplainRequest(text="a", word=0, against="B-X"), "against"),
        (ExplainRequest(text="a", word=0, tag="O", against="O"), "against"),
    ],
)
def test_a_word_or_tag_that_is_not_there(tagger, request_, where):
    with pytest.raises(Problem) as caught:
        explained(tagger, request_)
    assert (caught.value.status, caught.value.where) == (422, where)
