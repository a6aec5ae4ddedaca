"""Text through a tagger: spans of characters that fit, whatever the text and however it is cut into chunks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic import FIRST, LAST, PLACES, Tiny, train_tiny

import windowner
from windowner.tagger import chunks
from windowner.tagger import tagger as module
from windowner.text.document import Span

WORDS = [
    *FIRST,
    *LAST,
    *PLACES,
    "met",
    "in",
    ".",
    ", ",
    "! ",
    "\u00a0",
    " ",
    "\r\n",
    "\n\n",
    "\u2028",
    "\u2029",
    "\u200b",
]
WORDS += ["\U0001f600", "\u0301", "\u05d0", "\u202e", "\ufeff", "'s", "-", "\x00"]
TEXTS = st.one_of(
    st.text(), st.lists(st.sampled_from(WORDS)).map("".join), st.lists(st.sampled_from(WORDS)).map(" ".join)
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


def test_spans_of_a_text(tiny):
    text = "\u00a0John Smith\r\nlives in Rio  de Janeiro! \U0001f600 Anna Berg met Omar."
    spans = tiny.run.tagger.tag_text(text)
    assert [(text[span.start : span.end], span.label) for span in spans][:2] == [
        ("John Smith", "PER"),
        ("Rio  de Janeiro", "LOC"),
    ]
    assert windowner.Span is Span
    assert isinstance(spans[0], Span)


def test_probabilities_are_those_of_the_tokens(tiny):
    tagger = tiny.run.tagger
    (entities,) = tagger.entities(["John Smith lives in Paris .".split()])
    spans = tagger.tag_text("John Smith lives in Paris.")
    assert [(span.start, span.end, span.label) for span in spans] == [(0, 10, "PER"), (20, 25, "LOC")]
    assert [span.probability for span in spans] == pytest.approx([entity.probability for entity in entities])
    prediction = tagger.predict(["John Smith lives in Paris .".split()])
    assert prediction.span_probabilities == pytest.approx([span.probability for span in spans])


def test_improbable_entities_are_left_out(tiny):
    tagger, text = tiny.run.tagger, "John Smith lives in Smith, and Omar Miller met Zoe in Berg."
    spans = tagger.tag_text(text)
    limit = sorted(span.probability for span in spans)[1]
    assert len(spans) > 2
    assert tagger.tag_text(text, limit) == [span for span in spans if span.probability >= limit]
    prediction = tagger.predict([["John", "Smith", "lives", "in", "Smith", "."]])
    assert prediction.without_improbable(0) is prediction
    assert prediction.without_improbable(1.0).tag_names("IOB2") == [["O"] * 6]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_spans_fit_and_chunks_change_nothing(tiny, texts):
    tagger = tiny.run.tagger
    together = list(tagger.tag_texts(texts))
    assert len(together) == len(texts)
    for text, spans in zip(texts, together, strict=True):
        alone = tagger.tag_text(text)
        assert [span[:3] for span in alone] == [span[:3] for span in spans]
        assert [span.probability for span in alone] == pytest.approx([span.probability for span in spans])
        last = 0
        for span in spans:
            assert last <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
            last = span.end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "TOKENS", 3)
        patch.setattr(chunks, "SENTENCES", 2)
        cut = list(tagger.tag_texts(iter(texts)))
        patch.setattr(module, "CHARACTERS", 1)  # texts are long, so sentences are cut into chunks
        long = list(tagger.tag_texts(iter(texts)))
    expected = [[span[:3] for span in spans] for spans in together]
    assert [[span[:3] for span in spans] for spans in cut] == expected
    assert [[span[:3] for span in spans] for spans in long] == expected


def test_texts_are_read_as_they_come(tiny):
    def texts():
        yield from ["John Smith lives in Paris."] * 3000
        raise RuntimeError("read too far")

    tagged = tiny.run.tagger.tag_texts(texts())
    assert len(next(tagged)) == 2


def test_what_is_no_text_is_refused(tiny):
    tagger = tiny.run.tagger
    with pytest.raises(ValueError, match="texts is a string, expected several strings"):
        list(tagger.tag_texts("Paris"))
    with pytest.raises(ValueError, match="text 1 is of the type bytes, expected a string"):
        list(tagger.tag_texts(["Paris", b"Rome"]))
    assert tagger.tag_text("John Smith lives in Paris.")  # and the next call works
