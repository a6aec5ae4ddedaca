"""Rules match where spaCy's Matcher and EntityRuler match on the same tokens. docs/rules.md lists the differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.forms import Forms
from windowner.tagger.rules.matcher import MatchedForms, Matcher
from windowner.tagger.rules.rules import Rules
from windowner.tagger.rules.token_tests import read_test

spacy = pytest.importorskip("spacy")

WORDS = [*"San san SAN Jose AB 12 3 . Inc. a-b é É ß ΟΔΟΣ İ ٣ ² € — 中文 d'Été 😀 « _ a1b2 ǅ Ⅷ".split(), "e\u0301"]
WORDS += ["x" * 4, "12345", "...--", "X" * 99, "X" * 100]
FLAGS = "IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_UPPER IS_TITLE IS_PUNCT IS_CURRENCY".split()
SHAPES = ["Xxx", "xxx", "XXX", "dd", "d", "xxxx", "LONG", "x-x", "xdxd", ".", "X", "XX", "😀"]
OPERATORS = ["", "", "", "", "?", "*", "+", "!", "{2}", "{1,2}", "{2,}", "{,2}"]
REGEXES = ["^S", "n$", "[0-9]", r"\d", r"^\w+$", "(?i)san", "^.$", "é|ß", "^$"]

strings = st.sampled_from(WORDS)


def values(drawn):
    """A value, or comparisons that may stand in its place."""
    return st.one_of(
        drawn,
        st.lists(drawn, min_size=1, max_size=3).map(lambda some: {"IN": some}),
        st.lists(drawn, min_size=1, max_size=3).map(lambda some: {"NOT_IN": some}),
        st.sampled_from(REGEXES).map(lambda regex: {"REGEX": regex}),
    )


sizes = st.integers(0, 5)
lengths = st.one_of(
    sizes,
    st.dictionaries(st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), sizes, min_size=1, max_size=2),
    st.lists(sizes, min_size=1, max_size=3).map(lambda some: {"IN": some}),
)
attributes = st.one_of(
    st.tuples(st.sampled_from(["TEXT", "ORTH"]), values(strings)),
    st.tuples(st.just("LOWER"), values(strings.map(str.lower))),
    st.tuples(st.just("SHAPE"), values(st.sampled_from(SHAPES))),
    st.tuples(st.just("LENGTH"), lengths),
    st.tuples(st.sampled_from(FLAGS), st.booleans()),
)


@st.composite
def elements(draw):
    """An object of a token pattern."""
    test = dict(draw(st.lists(attributes, max_size=2)))
    if "TEXT" in test:
        test.pop("ORTH", None)
    operator = draw(st.sampled_from(OPERATORS))
    return {**test, **({"OP": operator} if operator else {})}


patterns = st.lists(elements(), min_size=1, max_size=4)
phrases = st.lists(strings, min_size=1, max_size=3).map(" ".join)
texts = st.lists(strings, min_size=1, max_size=9)


class NoTables:
    columns = 1
    gazetteer = None


def found(records, tokens):
    """Start, end and label of the matches that are kept, with phrases that are split at white space."""
    forms = Forms(NoTables())
    rules = Rules.of(records)
    matched = MatchedForms(Matcher.of(rules, "white-space"), forms)
    numbers = np.array([forms[token] for token in tokens], dtype=np.int32)
    columns = matched.find(numbers, np.array([0, len(tokens)]))
    return {(start, end, rules.rules[n].label) for start, end, n in zip(*(c.tolist() for c in columns), strict=True)}


@pytest.fixture(scope="module")
def nlp():
    """A pipeline whose tokenizer splits at white space."""
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: spacy.tokens.Doc(nlp.vocab, words=text.split())
    return nlp


@pytest.mark.parametrize("word", WORDS)
def test_attributes_are_those_of_spacy(nlp, word):
    token = spacy.tokens.Doc(nlp.vocab, words=[word])[0]
    for name in FLAGS:
        assert read_test({name: True})(word) == getattr(token, name.lower())
    assert read_test({"SHAPE": token.shape_, "LOWER": token.lower_, "LENGTH": len(token)})(word)


@settings(max_examples=150, deadline=None)
@given(pattern=patterns, tokens=texts)
def test_a_token_pattern_matches_where_that_of_spacy_does(nlp, pattern, tokens):
    """Matches of rules that say `never` are all kept, be they overlapping."""
    matcher = spacy.matcher.Matcher(nlp.vocab)
    matcher.add("X", [pattern])
    expected = {(start, end, None) for _, start, end in matcher(spacy.tokens.Doc(nlp.vocab, words=tokens))}
    assert found([{"pattern": pattern, "never": True}], tokens) == expected


@settings(max_examples=100, deadline=None)
@given(rules=st.lists(st.one_of(patterns, phrases), min_size=1, max_size=4), tokens=texts)
def test_the_entities_are_those_of_the_entity_ruler(nlp, rules, tokens):
    """Which of two rules with the same match comes first is left open by spaCy. So extents are compared."""
    records = [{"label": f"T{number}", "pattern": pattern} for number, pattern in enumerate(rules)]
    ruler = spacy.pipeline.EntityRuler(nlp)
    ruler.add_patterns(records)
    entities = ruler(spacy.tokens.Doc(nlp.vocab, words=tokens)).ents
    assert {each[:2] for each in found(records, tokens)} == {(each.start, each.end) for each in entities}
