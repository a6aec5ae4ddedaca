"""Sentences in one stream: nothing lost, nothing mixed, whatever is taken, cut or sliced.

The oracle throughout is `plain_windows`: every window written out by a loop over sentences.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.encoding import encode, encode_numbered, lay_out, ranges
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.tables import PAD
from windowner.text.numbered import NumberedTokens


def make_text(lengths, radius):
    """A text whose forms are 1, 2, 3 ... and whose tags are 10, 11, 12 ..., so that every token has its own number."""
    count = sum(lengths)
    forms = np.arange(1, count + 1, dtype=np.int32)
    return lay_out(forms, np.array(lengths, dtype=np.intp), np.arange(10, 10 + count, dtype=np.int32), radius)


def plain_sentences(text):
    """Forms and tags of each sentence, as pairs."""
    pairs = list(zip(text.stream[text.centers].tolist(), text.tags.tolist(), strict=True))
    return [pairs[first:last] for first, last in pairwise(text.offsets)]


def plain_windows(sentences, radius):
    """Every window of every sentence, by loops."""
    windows = []
    for sentence in sentences:
        padded = [PAD] * radius + [form for form, _ in sentence] + [PAD] * radius
        windows += [padded[i : i + 2 * radius + 1] for i in range(len(sentence))]
    return windows


def windows_of(text):
    return [text.stream[c - text.radius : c + text.radius + 1].tolist() for c in text.centers]


lengths_strategy = st.lists(st.integers(1, 6), min_size=1, max_size=8)
radii = st.integers(0, 3)
drawn = settings(derandomize=True, max_examples=50, deadline=None)


def test_the_stream_of_the_module_docstring():
    encoder = FormEncoder([])
    text = encode([["The", "UN", "meets"], ["Paris", "is", "big", "."]], Forms(encoder), radius=2)
    assert text.stream.tolist() == [0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 7, 0, 0]
    assert text.centers.tolist() == [2, 3, 4, 7, 8, 9, 10]
    assert text.offsets.tolist() == [0, 3, 7]
    assert text.tags is None
    assert len(text) == 7


def test_ranges_of_the_docstring():
    assert ranges(np.array([5, 0]), np.array([2, 3])).tolist() == [5, 6, 0, 1, 2]


@drawn
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=8))
def test_ranges_are_the_runs_end_to_end(runs):
    starts, lengths = (np.array([run[i] for run in runs], dtype=np.intp) for i in (0, 1))
    expected = [number for start, length in runs for number in range(start, start + length)]
    assert ranges(starts, lengths).tolist() == expected


@drawn
@given(lengths_strategy, radii)
def test_no_window_crosses_a_sentence(lengths, radius):
    text = make_text(lengths, radius)
    assert windows_of(text) == plain_windows(plain_sentences(text), radius)
    assert len(text.stream) == sum(lengths) + (len(lengths) + 1) * radius
    assert [len(sentence) for sentence in plain_sentences(text)] == lengths


def test_radius_0_has_no_padding():
    text = make_text([2, 1], 0)
    assert text.stream.tolist() == [1, 2, 3]
    assert windows_of(text) == [[1], [2], [3]]


@drawn
@given(lengths_strategy, radii, st.data())
def test_take_returns_those_sentences_in_that_order(lengths, radius, data):
    """Some sentences may be left out, and others taken twice."""
    text = make_text(lengths, radius)
    order = data.draw(st.lists(st.integers(0, len(lengths) - 1), min_size=1, max_size=10))
    taken = text.take(np.array(order))
    before = plain_sentences(text)
    assert plain_sentences(taken) == [before[i] for i in order]
    assert windows_of(taken) == plain_windows([before[i] for i in order], radius)


def test_text_without_tags_stays_without():
    text = lay_out(np.array([1, 2, 3], dtype=np.int32), np.array([2, 1]), None, 1)
    assert text.take(np.array([1])).tags is None
    assert text.sentences(0, 1).tags is None
    assert text.windows(0, 2).tags is None


@drawn
@given(lengths_strategy, radii, st.data())
def test_sentences_are_a_slice_of_them(lengths, radius, data):
    text = make_text(lengths, radius)
    first = data.draw(st.integers(0, len(lengths) - 1))
    last = data.draw(st.integers(first + 1, len(lengths)))
    part = text.sentences(first, last)
    assert plain_sentences(part) == plain_sentences(text)[first:last]
    assert windows_of(part) == plain_windows(plain_sentences(text)[first:last], radius)
    assert np.shares_memory(part.stream, text.stream)
    assert np.shares_memory(part.tags, text.tags)


@drawn
@given(lengths_strategy, radii, st.data())
def test_windows_keep_their_neighbours_wherever_the_text_is_cut(lengths, radius, data):
    """A run of windows may begin in the middle of a sentence; its words still see those before."""
    text = make_text(lengths, radius)
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))
    part = text.windows(first, last)
    assert windows_of(part) == windows_of(text)[first:last]
    assert part.tags.tolist() == text.tags[first:last].tolist()
    assert part.offsets.tolist() == [0, last - first]


@drawn
@given(lengths_strategy, st.integers(1, 40))
def test_cuts_lose_no_sentence_whatever_their_size(lengths, size):
    cuts = make_text(lengths, 2).cuts(size)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(lengths)
    assert all(first < last for first, last in cuts)
    assert all(before[1] == after[0] for before, after in pairwise(cuts))


@pytest.mark.parametrize(
    ("lengths", "size", "cuts"),
    [
        ([4, 4, 4, 4], 8, [(0, 2), (2, 4)]),
        ([4, 4, 4, 4], 4, [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ([4, 4, 4, 4], 1000, [(0, 4)]),
        ([1, 100, 1], 10, [(0, 2), (2, 3)]),  # a sentence longer than the batch is a batch, never two
        ([100], 10, [(0, 1)]),
        ([1, 1, 1], 1, [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_cuts_have_about_the_size_wanted(lengths, size, cuts):
    assert make_text(lengths, 1).cuts(size) == cuts


def test_cuts_of_many_sentences_are_near_their_size():
    """Each edge is off by less than one sentence, so each batch by less than two on either side."""
    lengths = np.random.default_rng(1).integers(1, 30, 500).tolist()
    text = make_text(lengths, 2)
    sizes = [int(text.offsets[last] - text.offsets[first]) for first, last in text.cuts(256)]
    assert sum(sizes) == sum(lengths)
    assert min(sizes) > 256 - 2 * 30
    assert max(sizes) < 256 + 2 * 30


@pytest.mark.parametrize("gazetteer", [None, Gazetteer([(("York", "York"), "LOC"), (("York",), "PER")])])
@drawn
@given(sentences=st.lists(st.lists(st.sampled_from(["in", "York", "", "."]), min_size=1)), radius=radii)
def test_numbered_tokens_are_encoded_as_their_sentences(gazetteer, sentences, radius):
    """The forms may have other numbers, so the forms themselves are compared."""
    distinct = ["unused", ".", "York", "in", ""]
    numbers = np.array([distinct.index(token) for sentence in sentences for token in sentence], dtype=np.int32)
    tokens = NumberedTokens(distinct, numbers, np.array(list(map(len, sentences)), dtype=np.intp))
    assert tokens.sentences() == sentences
    met = [Forms(FormEncoder([], gazetteer)) for _ in range(2)]
    assert met[0].numbers(["before"], 1) == [1]
    texts = encode_numbered(tokens, met[0], radius), encode(sentences, met[1], radius)
    found, expected = ([["", *forms][form] for form in text.stream] for text, forms in zip(texts, met, strict=True))
    assert found == expected
    assert "unused" not in met[0]
    np.testing.assert_array_equal(texts[0].centers, texts[1].centers)
    np.testing.assert_array_equal(texts[0].offsets, texts[1].offsets)
