"""From spans of characters to tags and back: nothing is lost silently."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.conversion import document_of, sentences_of, spans_of_tags
from windowner.text.document import Document, Span
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import find_tokenizer

TOKENIZER = find_tokenizer("european")
TEXT = "Angela Merkel visited Paris-Nord. She left."


def align(*spans, text=TEXT, misaligned="split", **options):
    """Return tokens with tags, and the counts that are not 0."""
    counts = AlignmentCounts()
    document = Document(text, [Span(*span) for span in spans], line=7, **options)
    sentences = sentences_of(document, TOKENIZER, misaligned, counts, "f")
    tagged = [" ".join(f"{t}/{tag}" for t, tag in zip(s.tokens, s.tags or [], strict=True)) for s in sentences]
    return tagged, {name: value for name, value in vars(counts).items() if value}


def test_a_span_that_cuts_a_token_splits_it():
    tagged, counts = align((0, 13, "PER"), (22, 27, "LOC"))
    assert tagged == ["Angela/B-PER Merkel/I-PER visited/O Paris/B-LOC -Nord/O ./O", "She/O left/O ./O"]
    assert counts == {"split": 1}


def test_other_ways_with_a_span_that_cuts_a_token():
    assert align((22, 27, "LOC"), misaligned="expand") == (
        ["Angela/O Merkel/O visited/O Paris-Nord/B-LOC ./O", "She/O left/O ./O"],
        {"expanded": 1},
    )
    tagged, counts = align((22, 27, "LOC"), misaligned="drop")
    assert ("LOC" in str(tagged), counts) == (False, {"misaligned": 1})
    with pytest.raises(DataError, match=r"^f:7: span 22 to 27 LOC cuts the tokens 'Paris-Nord'; expected whole tokens"):
        align((22, 27, "LOC"), misaligned="error")


def test_of_overlapping_spans_the_longest_is_kept():
    tagged, counts = align((0, 6, "A"), (0, 13, "PER"), (7, 13, "B"), (14, 21, "C"))
    assert tagged[0].startswith("Angela/B-PER Merkel/I-PER visited/B-C")
    assert counts == {
        "overlapping": 2,
        "overlaps": [
            "f:7: A 'Angela' (0 to 6) overlaps a longer one",
            "f:7: B 'Merkel' (7 to 13) overlaps a longer one",
        ],
    }


def test_white_space_around_a_span_and_spans_without_tokens():
    text = "\u200b \u00a0 Paris\u00a0Metro \u200b"
    tagged, counts = align((9, 17, "PER"), (15, 17, "X"), (0, 3, "Y"), text=text)
    assert tagged == ["Paris/O Metro/B-PER"]
    assert counts == {"blank": 2}
    tagged, counts = align((1, 2, "X"), text="abc", sentences=[[(0, 1), (2, 3)]])
    assert (tagged, counts) == (["a/O c/O"], {"blank": 1})


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (-1, 3), (0, 44), (50, 60)])
def test_a_span_outside_of_the_text(span):
    with pytest.raises(DataError, match=r"^f:7: span -?\d+ to \d+ X, expected 0 <= start < end <= 43, the length"):
        align((*span, "X"))


def test_a_sentence_end_in_a_span_is_none():
    tagged, counts = align((22, 37, "X"))
    assert len(tagged) == 1
    assert counts == {"joined": 1}


def test_a_documents_own_tokens_are_kept():
    tagged, _ = align((0, 3, "X"), text="a bc", sentences=[[(0, 1)], [(2, 4)]])
    assert tagged == ["a/B-X b/I-X c/O"]


def test_a_text_that_is_not_annotated_has_no_tags():
    assert sentences_of(Document("Hi."), TOKENIZER) == [Sentence(["Hi", "."], None, 1, [])]


@given(st.data())
def test_spans_that_do_not_overlap_come_back(data):
    """Any text, any cuts: every span that holds a visible character is an entity again, character by character."""
    text = data.draw(st.text(st.sampled_from("ab.,-' \n\u00a0\u0301\U0001f600\u05d0我")))
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    spans = [Span(start, end, "X") for start, end in pairwise(edges)][::2]
    sentences = sentences_of(Document(text, spans), TOKENIZER)
    found = [text for sentence in sentences for text in _entities(sentence)]
    assert found == ["".join(text[s.start : s.end].split()) for s in spans if text[s.start : s.end].strip()]


def _entities(sentence):
    offsets, place = [], 0
    for token in sentence.tokens:
        offsets.append((place, place + len(token)))
        place += len(token)
    return ["".join(sentence.tokens)[span.start : span.end] for span in spans_of_tags(sentence.tags, offsets)]


@given(
    st.lists(st.lists(st.tuples(st.text(st.sampled_from("ab. "), min_size=1), st.sampled_from(["O", "B-X", "B-Y"]))))
)
def test_sentences_come_back_from_a_document(drawn):
    sentences = [Sentence([t for t, _ in rows], [tag for _, tag in rows], 1, []) for rows in drawn if rows]
    document = document_of(sentences)
    back = sentences_of(document, TOKENIZER)
    blank = any(not token.strip() for sentence in sentences for token in sentence.tokens)
    edged = any(token != token.strip() for sentence in sentences for token in sentence.tokens)
    assert edged or blank or back == sentences
    assert [sentence.tokens for sentence in back] == [sentence.tokens for sentence in sentences] or edged
