"""Answers in batches are those of the command line and of Tagger."""

import json
from dataclasses import replace

import pytest
from synthetic import succeed

from windowner.adapters.service.answering import Answerer
from windowner.adapters.service.requests import TagRequest
from windowner.tagger.tagger import Tagger

TEXTS = [
    "John Smith lives in Paris. Omar met Mary Brown in New York yesterday.",
    "",
    "Nothing\u2028happened \U0001f600 in San\n\nMarino. Paris <script>",
    "Rome, Oslo and Cairo are cities. " * 20,
]
SENTENCES = [["John", "Smith", "lives", "in", "Rome"], [], ["Rome", "is", "bad"], ["O'Neil", "", "Smith"]]


@pytest.fixture(scope="module", params=["tiny", "documents"])
def tagger(request) -> Tagger:
    return Tagger.load(request.getfixturevalue(request.param).model)


def answers(tagger, *requests):
    return [json.loads(answer) for answer in Answerer(tagger)(requests)]


@pytest.mark.parametrize("name", ["tiny", "documents"])
@pytest.mark.parametrize("options", [{}, {"min_probability": 0.6}])
def test_answers_are_those_of_the_command(name, options, request):
    model = request.getfixturevalue(name).model
    source = "\n".join(json.dumps({"text": text}) for text in TEXTS)
    given = [part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", str(value))]
    printed = succeed("tag", model, "-", "--input", "jsonl", "--output", "spans", *given, input=source).stdout
    expected = [json.loads(line) for line in printed.rstrip("\n").split("\n")]
    assert sum(len(record["spans"]) for record in expected) > 3
    several, *single = answers(
        Tagger.load(model), *(TagRequest(texts=TEXTS, **options), *(TagRequest(text=text, **options) for text in TEXTS))
    )
    assert several == {"results": expected}
    assert single == expected


def test_tokens_get_the_tags_of_tagger(tagger):
    alone, together = answers(tagger, TagRequest(tokens=SENTENCES), TagRequest(tokens=SENTENCES, document=True))
    assert [each["tags"] for each in alone["results"]] == tagger.tag(SENTENCES)
    assert [each["tags"] for each in together["results"]] == tagger.tag(SENTENCES, document_starts=[0])
    entities = tagger.entities(SENTENCES)
    for record, sentence, found in zip(alone["results"], SENTENCES, entities, strict=True):
        assert (record["tokens"], record["text"]) == (sentence, " ".join(sentence))
        assert [(s["text"], s["label"]) for s in record["spans"]] == [(e.text, e.type) for e in found]
        assert [record["text"][s["start"] : s["end"]] for s in record["spans"]] == [e.text for e in found]


def test_a_document_ends_with_its_request(documents):
    """Two requests that are answered together do not vote for each other's words."""
    tagger = Tagger.load(documents.model)
    request = TagRequest(tokens=[["Omar", "Miller"], ["Smith", "met", "Omar"]], document=True)
    other = TagRequest(tokens=[["Paris", "and", "Omar"], ["in", "Omar", "."]], document=True)
    assert answers(tagger, request, other) == [*answers(tagger, request), *answers(tagger, other)]


def test_each_request_has_its_own_least_probability(tagger):
    text = " ".join(TEXTS)
    requests = [TagRequest(text=text, min_probability=least) for least in (0.0, 0.5, 0.9, None)]
    found = [[(s["start"], s["label"]) for s in answer["spans"]] for answer in answers(tagger, *requests)]
    for least, own in zip((0.0, 0.5, 0.9, None), found, strict=True):
        assert own == [(span.start, span.label) for span in tagger.tag_text(text, least)]
    assert len(found[0]) > len(found[2])


def test_cutoffs_of_the_model_hold_for_tokens(tiny):
    model = Tagger.load(tiny.model).model
    strict = Tagger(replace(model, cutoffs=dict.fromkeys(model.tags.types, 1.0)))
    (answer,) = answers(strict, TagRequest(tokens=SENTENCES))
    assert {tag for each in answer["results"] for tag in each["tags"]} == {"O"}
    assert not any(each["spans"] for each in answer["results"])
