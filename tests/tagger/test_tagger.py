"""The tagger: its calls, from one thread and many, and that neither memory limits nor mistakes change a tag."""

import copy
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from linecache import getline
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowner.tagger.chunks
from windowner.config.loading import load_config
from windowner.inputs import encoding, forms
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import encode
from windowner.inputs.forms import Forms
from windowner.network import projections
from windowner.network.model import WindowNetwork
from windowner.network.projections import Projections
from windowner.runs.preparation import prepare
from windowner.tagger import caches, predictor
from windowner.tagger.chunks import chunks
from windowner.tagger.tagger import Tagger
from windowner.text.numbered import NumberedTokens
from windowner.text.schemes import SCHEMES

SENTENCE = "John Smith lives in New York .".split()
TAGS = "B-PER I-PER O O B-LOC I-LOC O".split()

# Calls


def test_tags_and_entities(tagger):
    assert tagger.tag([SENTENCE]) == [TAGS]
    ((person, place),) = tagger.entities([SENTENCE])
    assert person[:4] == (0, 2, "PER", "John Smith")
    assert place[:4] == (4, 6, "LOC", "New York")
    assert 0.3 < place.probability <= 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_schemes_say_the_same_entities(tagger, scheme):
    tags = {
        "IOB2": "B-PER I-PER O O B-LOC I-LOC O",
        "IOB1": "I-PER I-PER O O I-LOC I-LOC O",
        "IO": "I-PER I-PER O O I-LOC I-LOC O",
        "BIOES": "B-PER E-PER O O B-LOC E-LOC O",
        "BILOU": "B-PER L-PER O O B-LOC L-LOC O",
    }
    assert tagger.tag([SENTENCE], scheme) == [tags[scheme].split()]


def test_an_unknown_scheme(tagger):
    with pytest.raises(ValueError, match="unknown scheme 'IOB', expected one of IOB2, IOB1"):
        tagger.tag([SENTENCE], "IOB")


def test_empty_sentences_keep_their_place(tagger):
    assert tagger.tag([]) == []
    assert tagger.entities([]) == []
    assert tagger.tag([[]]) == [[]]
    assert tagger.entities([[], []]) == [[], []]
    assert tagger.tag([[], SENTENCE, [], [], SENTENCE, []]) == [[], TAGS, [], [], TAGS, []]
    (found,) = tagger.entities([SENTENCE])
    assert tagger.entities([[], SENTENCE, [], SENTENCE]) == [[], found, [], found]
    assert tagger.predict([]).probabilities.shape == (0,)


def test_any_iterable_of_any_sequences(tagger, sentences, expected):
    assert tagger.tag(tuple(sentence) for sentence in sentences) == expected
    assert tagger.tag(iter([np.array(SENTENCE)])) == [TAGS]


@pytest.mark.parametrize("call", ["tag", "entities"])
def test_a_string_is_no_sentence(tagger, call):
    """Python would read it as a sentence of letters."""
    for wrong in (["Paris is big"], SENTENCE, "Paris is big"):
        with pytest.raises(ValueError, match="a sentence is a string, expected a list of tokens"):
            getattr(tagger, call)(wrong)


@pytest.mark.parametrize("call", ["tag", "entities"])
@pytest.mark.parametrize("sentence", [None, 3])
def test_a_sentence_that_has_no_tokens_to_count_is_an_error(tiny, call, sentence):
    tagger = Tagger.load(tiny.model)
    with pytest.raises(ValueError, match=f"a sentence is of the type {type(sentence).__name__}, expected a list"):
        getattr(tagger, call)([sentence])


def test_odd_tokens(tagger):
    odd = ["", " ", "\t", "\n", "\u2028", "\ud800", "a" * 10_000, "\U0001f600", "İ", "ﬀ", "\0", "1" * 50, "²", "٣"]
    (tags,) = tagger.tag([odd])
    assert len(tags) == len(odd)


def test_numbered_tokens_get_the_tags_of_their_sentences(tagger):
    tokens = NumberedTokens(["York", "in", "New"], np.array([1, 2, 0, 1, 0]), np.array([3, 2]))
    expected = tagger.predict([["in", "New", "York"], ["in", "York"]])
    found = tagger.predict_numbered(tokens)
    np.testing.assert_array_equal(found.logits, expected.logits)
    assert found.tag_names("IOB2") == expected.tag_names("IOB2")
    numbers, names = found.number_tags("BILOU")
    assert [names[number] for number in numbers] == [tag for tags in expected.tag_names("BILOU") for tag in tags]


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=6))
def test_any_text_gets_a_tag_a_token(tagger, drawn):
    assert [len(tags) for tags in tagger.tag(drawn)] == [len(sentence) for sentence in drawn]


# Copies


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda tagger: pickle.loads(pickle.dumps(tagger))])
@pytest.mark.parametrize("override", ["features.gazetteer_train=2", "model.document=on"])
def test_a_copy_tags_as_the_tagger_does(tiny, sentences, copied, override):
    """With names that are matched, and with documents. Each copy has caches of its own."""
    tagger = Tagger(prepare(load_config(tiny.config, [override])).model, cache_mb=3)
    expected = tagger.predict(sentences).logits
    other = copied(tagger)
    np.testing.assert_array_equal(other.predict(sentences).logits, expected)
    assert other._caches is not tagger._caches
    assert other._caches.megabytes == 3


# Mistakes and interrupts


@pytest.mark.parametrize(
    ("sentence", "token"),
    [
        (["Paris", None], "None"),
        (["Paris", 3], "3"),
        (["Paris", ["x"]], "['x']"),
        (["Paris", {"x": 1}], "{'x': 1}"),
        (["new-one", "Paris", b"x"], "b'x'"),
        ([float("nan"), "Paris"], "nan"),
        (b"x", "120"),  # bytes are a sequence of numbers
        ([np.array(["x"])], "array(['x']"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("cache_mb", [256, 0])
def test_a_bad_token_is_named_and_changes_no_later_tag(tiny, sentences, expected, sentence, token, cache_mb):
    """In the middle of a call, after forms that were not met before."""
    tagger = Tagger.load(tiny.model, cache_mb)
    tagger.tag(sentences[:20])
    for call in (tagger.tag, tagger.entities):
        with pytest.raises(ValueError, match=r"^a token is .*, expected a string$") as error:
            call([*sentences[20:40], sentence, *sentences[40:]])
        assert token in str(error.value)
        assert tagger.tag(sentences) == expected


@pytest.mark.parametrize("minimum", [float("nan"), -0.1, 1.1, "0.5"])
def test_a_least_probability_that_is_none(tagger, minimum):
    with pytest.raises(ValueError, match=r"the least probability is .*, expected a number from 0 to 1"):
        tagger.tag_text("John Smith lives in Paris.", minimum)


def test_a_bad_token_where_names_are_matched(tiny, sentences):
    tagger = Tagger(prepare(load_config(tiny.config, ["features.gazetteer_train=2"])).model)
    expected = tagger.tag(sentences)
    for token in (None, 3, ["x"], b"x"):
        with pytest.raises(ValueError, match=r"^a token is .*, expected a string$"):
            tagger.tag([*sentences[::2], ["new-one", "Paris", token]])
        assert tagger.tag(sentences) == expected


@pytest.mark.parametrize("method", ["logits", "_extend"])
@pytest.mark.parametrize("moment", ["before", "behind"])
def test_an_interrupt_changes_no_later_tag(tiny, sentences, expected, monkeypatch, method, moment):
    """When the forms have their numbers, and the projections are not there yet, or half of them are."""
    tagger = Tagger.load(tiny.model)
    tagger.tag(sentences[:20])
    right = getattr(Projections, method)

    def interrupted(self, *args):
        if moment == "behind":
            right(self, *args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Projections, method, interrupted)
        with pytest.raises(KeyboardInterrupt):
            tagger.tag([["new-one", "new-two"], *sentences[30:]])
    assert tagger.tag(sentences) == expected


def test_an_interrupt_at_any_line_changes_no_later_tag(tiny, sentences):
    """Raised before each line of the package that a call runs before tags are chosen, one line after the other.

    Except before `with`: Python lets no interrupt come between the end of a block and the release of its lock.
    """
    text = [["NEW", "newer", "Paris", "9"], *sentences[:3]]
    expected = Tagger.load(tiny.model).predict(text).logits
    modules = {module.__file__ for module in (predictor, caches, forms, encoding, projections)}
    for line in count(1):
        tagger = Tagger.load(tiny.model)
        tagger.tag(sentences[1:2])
        interrupt = Interrupt(modules, line)
        before = sys.gettrace()
        try:
            sys.settrace(interrupt)
            tagger.predict(text)
        except KeyboardInterrupt:
            pass
        else:
            break
        finally:
            sys.settrace(before)
        assert not tagger._caches.is_lent, interrupt.place  # else the next call would wait forever
        # A product of other shape adds in another order: float32 has 6e-8, the sums about 100 terms of size 1.
        np.testing.assert_allclose(tagger.predict(text).logits, expected, rtol=0, atol=1e-4, err_msg=interrupt.place)
    assert line > 50


class Interrupt:
    """A trace function that raises before line number `line` of those that are run in some modules."""

    def __init__(self, modules: set[str], line: int):
        self.modules = modules
        self.left = line
        self.place = ""

    def __call__(self, frame, event, arg):
        name, number = frame.f_code.co_filename, frame.f_lineno
        if name not in self.modules:
            return None
        if event == "line" and not getline(name, number).strip().startswith("with "):
            self.left -= 1
            if not self.left:
                self.place = f"{name}:{number}"
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


# Threads


@pytest.fixture
def hasty_threads():
    """Let threads take turns every few microseconds, so that what can go wrong between them does."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty_threads")
@pytest.mark.parametrize("room", [100_000, 300, 0])
def test_many_threads_get_the_tags_of_one(tiny, sentences, room, monkeypatch):
    """Eight threads on a fresh tagger, all with words of their own; with little room, forms are forgotten meanwhile.

    With room for all, the threads share what is kept: each form is projected once, whichever thread met it first.
    """
    cache_mb = room * tiny.run.tagger.model.network.W[0].nbytes / 1e6
    texts = [[[*sentence, f"new{i}-{j}"] for j, sentence in enumerate(sentences)] for i in range(8)]
    alone = Tagger.load(tiny.model)
    expected = [alone.tag(text) for text in texts]
    distinct = {token for text in texts for sentence in text for token in sentence}
    projected = []
    right = WindowNetwork.project
    monkeypatch.setattr(WindowNetwork, "project", lambda self, X, out: projected.append(len(X)) or right(self, X, out))
    for _ in range(5):
        projected.clear()
        tagger, barrier = Tagger.load(tiny.model, cache_mb), Barrier(len(texts))

        def work(text, tagger=tagger, barrier=barrier):
            barrier.wait()
            return [tags for first in range(0, len(text), 5) for tags in tagger.tag(text[first : first + 5])]

        with ThreadPoolExecutor(len(texts)) as pool:
            assert list(pool.map(work, texts)) == expected
        assert sum(projected) == len(distinct) + 1 or room < len(distinct)  # and the padding


# Memory


@pytest.mark.parametrize("room", [0, 5])
def test_forgetting_forms_changes_no_tag(tiny, sentences, expected, monkeypatch, room):
    """With room for five forms' projections, or for none, what was kept is forgotten again and again."""
    monkeypatch.setattr(windowner.tagger.chunks, "SENTENCES", 3)
    tagger = Tagger.load(tiny.model, cache_mb=room * tiny.run.tagger.model.network.W[0].nbytes / 1e6)
    sizes = []
    right = Projections.logits
    monkeypatch.setattr(Projections, "logits", lambda self, text, F: sizes.append(len(F)) or right(self, text, F))
    for chunk in chunks(sentences, len):
        tagger.tag(chunk)
    assert tagger.tag(sentences) == expected
    most = max(len({token for sentence in chunk for token in sentence}) for chunk in chunks(sentences, len))
    assert len(sizes) == 2 * 20
    assert max(sizes) <= 1 + 5 + most  # the padding, what was kept, and what a chunk adds


def test_a_form_is_projected_once(tiny, sentences, monkeypatch):
    tagger = Tagger.load(tiny.model)
    projected = []
    right = WindowNetwork.project
    monkeypatch.setattr(WindowNetwork, "project", lambda self, X, out: projected.append(len(X)) or right(self, X, out))
    first, again = tagger.predict(sentences).logits, tagger.predict(sentences).logits
    assert projected == [len({token for sentence in sentences for token in sentence}) + 1]  # and the padding
    np.testing.assert_array_equal(again, first)


def test_projections_are_those_of_whole_batches(tagger, sentences):
    """The kept rows against the network's own forward pass over the text as one batch.

    A product of other shape adds in another order: float32 has 6e-8, the sums about 100 terms of size 1.
    """
    network, known = tagger.model.network, Forms(tagger.model.encoder)
    text = encode(sentences, known, network.radius)
    batch = make_batch(text, known.F, Distinct(len(known.F)))
    np.testing.assert_allclose(tagger.predict(sentences).logits, network.forward(batch).z2, atol=1e-4)


@pytest.mark.parametrize("windows", [1, 2, 7, 10_000])
def test_the_number_of_windows_a_batch_changes_no_tag(tagger, sentences, expected, monkeypatch, windows):
    logits = tagger.predict(sentences).logits
    monkeypatch.setattr(projections, "WINDOWS", windows)
    monkeypatch.setattr(projections, "FORMS", windows)
    assert tagger.tag(sentences) == expected
    # A product of other shape adds in another order: float32 has 6e-8, the sums about 100 terms of size 1.
    np.testing.assert_allclose(tagger.predict(sentences).logits, logits, atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 59, 60, 61])
def test_the_number_of_sentences_at_a_time_changes_no_tag(tagger, sentences, expected, monkeypatch, count):
    monkeypatch.setattr(windowner.tagger.chunks, "SENTENCES", count)
    assert tagger.tag(sentences) == expected
    assert [len(chunk) for chunk in chunks(range(60), lambda _: 1)] == [count] * (60 // count) + [60 % count] * (
        60 % count > 0
    )


def test_sentences_at_a_time_are_bounded_by_tokens_too(monkeypatch):
    """A sentence is never cut, so a chunk may hold as many tokens more as its last sentence has."""
    monkeypatch.setattr("windowner.tagger.chunks.TOKENS", 5)
    assert list(chunks(["abc", "de", "fghijklm", "n", "o"], len)) == [["abc", "de"], ["fghijklm"], ["n", "o"]]


def test_neighbours_in_the_list_change_no_tag(tagger, sentences, expected):
    assert [tagger.tag([sentence])[0] for sentence in sentences] == expected
    assert tagger.tag(sentences[::-1]) == expected[::-1]


def test_a_long_sentence(tagger):
    """Every window lies far from the edges, except for the first and last ones."""
    (tags,) = tagger.tag([SENTENCE * 1500])
    assert tags == TAGS * 1500


def test_many_tags_make_fewer_tokens_at_a_time(tagger, sentences, expected, monkeypatch):
    assert [windowner.tagger.chunks.most_tokens(tags) for tags in (9, 500, 2000)] == [100_000, 100_000, 25_000]
    monkeypatch.setattr(windowner.tagger.chunks, "LOGITS", 50)
    assert len(list(tagger.predictions(sentences))) > 1
    assert tagger.tag(sentences) == expected
