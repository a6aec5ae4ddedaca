"""What rules match, against the obvious way: every rule at every place of every sentence, token by token."""

import re
from copy import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.inputs.forms import Forms
from windowner.inputs.gazetteer import Gazetteer
from windowner.tagger.rules.matcher import MatchedForms, Matcher
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger

TOKENS = ["San", "san", "SAN", "Jose", "of", "AB", "12", "3", ".", "Inc.", "a-b"]


class NoTables:
    """Forms whose rows are never asked for."""

    columns = 1

    def __init__(self, gazetteer=None):
        self.gazetteer = gazetteer


def compare(name, listed, has):
    """Whether a comparison holds."""
    if name == "REGEX":
        return re.search(listed, has)
    return has >= listed if name == ">=" else (has in listed) == (name == "IN")


def passes(test, token):
    """Whether a token passes an object of a pattern, by the definition of each key."""
    shapes = {"San": "Xxx", "san": "xxx", "SAN": "XXX", "12": "dd", "3": "d"}
    for key, value in test.items():
        if key == "OP":
            continue
        has = {
            "TEXT": token,
            "LOWER": token.lower(),
            "LENGTH": len(token),
            "SHAPE": shapes.get(token),
            "IS_DIGIT": token.isdigit(),
            "IS_TITLE": token.istitle(),
        }[key]
        holds = compare(*value.popitem(), has) if isinstance(value := copy(value), dict) else has == value
        if not holds:
            return False
    return True


def ends_of(pattern, tokens, place):
    """All ends of a token pattern that begins at a place, by trying every number of tokens of every element."""
    if not pattern:
        return {place}
    element, *rest = pattern
    op = element.get("OP", "{1}")
    counts = {"?": (0, 1), "*": (0, len(tokens)), "+": (1, len(tokens)), "!": (1, 1), "{1}": (1, 1), "{1,2}": (1, 2)}
    least, most = counts[op]
    found = set()
    for count in range(most + 1):
        if count:
            if place + count > len(tokens) or passes(element, tokens[place + count - 1]) == (op == "!"):
                break
        if count >= least:
            found |= ends_of(rest, tokens, place + count)
    return found


def matches_of(record, tokens):
    """All (start, end) of a rule in a sentence."""
    if "regex" in record:
        edges = [0]
        for token in tokens:
            edges.append(edges[-1] + len(token) + 1)
        found = ((m.start(), m.end() + 1) for m in re.finditer(record["regex"], " ".join(tokens)))
        return [(edges.index(a), edges.index(b)) for a, b in found if a in edges and b in edges and a + 1 < b]
    pattern = record["pattern"]
    if isinstance(pattern, str):
        pattern = [{"TEXT": token} for token in pattern.split()]
    return [(start, end) for start in range(len(tokens)) for end in ends_of(pattern, tokens, start) if end > start]


def kept_of(records, tokens):
    """The matches that are kept: each one is compared with all that were kept before."""
    found = {(start, end, n) for n, record in enumerate(records) for start, end in matches_of(record, tokens)}
    kept = []
    for start, end, n in sorted(found, key=lambda m: (m[0] - m[1], m[0], m[2])):
        label, never = records[n]["label"], records[n].get("never", False)
        disagrees = False
        for start2, end2, n2 in kept:
            label2, never2 = records[n2]["label"], records[n2].get("never", False)
            if start < end2 and start2 < end and not (never and never2):
                same = label == label2 or (never and label is None) or (never2 and label2 is None)
                disagrees |= same or not (never or never2)
        if not disagrees:
            kept.append((start, end, n))
    return sorted(kept)


def find(records, sentences, forms=None):
    """What the matcher keeps, sentence by sentence."""
    forms = Forms(NoTables()) if forms is None else forms
    matched = MatchedForms(Matcher.of(Rules.of(records), "white-space"), forms)
    numbers = np.array([forms[token] for tokens in sentences for token in tokens], dtype=np.int32)
    offsets = np.cumsum([0, *map(len, sentences)])
    found = matched.find(numbers, offsets)
    by_sentence = [[] for _ in sentences]
    for start, end, rule in zip(*(column.tolist() for column in found), strict=True):
        owner = int(np.searchsorted(offsets, start, side="right")) - 1
        by_sentence[owner].append((start - int(offsets[owner]), end - int(offsets[owner]), rule))
    return [sorted(each) for each in by_sentence]


tests = st.one_of(
    st.just({}),
    st.sampled_from(TOKENS).map(lambda token: {"TEXT": token}),
    st.sampled_from(TOKENS).map(lambda token: {"LOWER": token.lower()}),
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3).map(lambda listed: {"TEXT": {"IN": listed}}),
    st.sampled_from(["san", "12"]).map(lambda token: {"LOWER": {"NOT_IN": [token]}}),
    st.sampled_from(["^S", "n$", "[0-9]"]).map(lambda regex: {"TEXT": {"REGEX": regex}}),
    st.booleans().map(lambda flag: {"IS_DIGIT": flag}),
    st.integers(1, 4).map(lambda length: {"LENGTH": {">=": length}, "IS_TITLE": True}),
    st.sampled_from(["Xxx", "dd"]).map(lambda shape: {"SHAPE": shape}),
)
elements = st.tuples(tests, st.sampled_from(["", "", "", "?", "*", "+", "!", "{1,2}"])).map(
    lambda pair: {**pair[0], **({"OP": pair[1]} if pair[1] else {})}
)
bodies = st.one_of(
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3).map(lambda tokens: {"pattern": " ".join(tokens)}),
    st.lists(elements, min_size=1, max_size=3).map(lambda pattern: {"pattern": pattern}),
    st.sampled_from([r"\d+", "San Jose", r"[A-Z]\w*( of)?", "a"]).map(lambda regex: {"regex": regex}),
)
verdicts = st.one_of(
    st.sampled_from(["LOC", "ORG"]).map(lambda label: {"label": label}),
    st.sampled_from(["LOC", "ORG", None]).map(lambda label: {"label": label, "never": True}),
)
records = st.tuples(bodies, verdicts).map(lambda pair: {**pair[0], **pair[1]})


@given(
    rules=st.lists(records, min_size=1, max_size=6),
    sentences=st.lists(st.lists(st.sampled_from(TOKENS), max_size=7), max_size=4),
)
def test_drawn_rules_match_as_the_obvious_way_says(rules, sentences):
    assert find(rules, sentences) == [kept_of(rules, tokens) for tokens in sentences]


def test_forms_that_come_later_are_matched_too():
    forms = Forms(NoTables())
    rules = [{"label": "LOC", "pattern": "San Jose"}, {"label": "N", "pattern": [{"IS_DIGIT": True, "OP": "+"}]}]
    matched = MatchedForms(Matcher.of(Rules.of(rules), "white-space"), forms)
    for tokens, expected in ((["of", "12"], [(1, 2, 1)]), (["San", "Jose", "3", "12"], [(0, 2, 0), (2, 4, 1)])):
        numbers = np.array([forms[token] for token in tokens], dtype=np.int32)
        found = matched.find(numbers, np.array([0, len(tokens)]))
        assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_forms_with_matches_in_a_gazetteer_are_matched_as_they_are_written():
    gazetteer = Gazetteer([(("San", "Jose"), "LOC")])
    forms = Forms(NoTables(gazetteer))
    sentence = gazetteer.mark(["San", "Jose", "12"])
    for rule in ({"pattern": "San Jose"}, {"pattern": [{"IS_TITLE": True, "OP": "+"}]}, {"regex": "San Jose"}):
        assert find([{"label": "X", **rule}], [sentence], forms) == [[(0, 2, 0)]]


def test_a_phrase_is_split_by_the_tokenizer():
    matcher = Matcher.of(Rules.of([{"label": "ORG", "pattern": "O'Neil's,  Inc."}]), "european")
    assert list(matcher.trees["TEXT"].words) == ["O'Neil", "'s", ",", "Inc."]


def test_phrases_that_the_tokenizer_reads_otherwise_in_a_text(tagger):
    """As docs/rules.md says: a full stop belongs to an initial, and no match reaches over the end of a sentence."""
    phrases = ["Edward D", "No. 18"]
    ruled = Tagger(tagger.model, rules=Rules.of({"label": "X", "pattern": phrase} for phrase in phrases))
    for text in ("We saw Edward D.", "We saw No. 18 in May."):
        assert "X" not in [span.label for span in ruled.tag_text(text)]
    assert (0, 8, "X") in [span[:3] for span in ruled.tag_text("Edward D lives.")]
    (found,) = ruled.entities([["We", "saw", "No", ".", "18"]])
    assert ("No . 18", "X") in [(each.text, each.type) for each in found]


def test_a_phrase_whose_tokens_the_tokenizer_does_not_find_is_refused():
    rules = Rules.of([{"label": "ORG", "pattern": "Inc."}, {"label": "ORG", "pattern": "\u200b"}])
    with pytest.raises(DataError, match=r"^rule 2: the phrase .* has no token, expected one at least$"):
        Matcher.of(rules, "european")


def test_no_match_reaches_into_another_sentence():
    rules = [{"label": "LOC", "pattern": "San Jose"}, {"label": "X", "pattern": [{"IS_TITLE": True, "OP": "{2}"}]}]
    assert find(rules, [["San"], ["Jose"], [], ["San"], ["Jose"]]) == [[]] * 5


def test_a_loop_reads_a_hundred_tokens_at_most():
    (found,) = find([{"label": "N", "pattern": [{"IS_DIGIT": True, "OP": "+"}]}], [["12"] * 250])
    assert found == [(0, 100, 0), (100, 200, 0), (200, 250, 0)]


def test_many_rules_about_one_token():
    rules = [{"label": f"T{n}", "pattern": "San"} for n in range(3)]
    assert find(rules, [["San"]]) == [[(0, 1, 0)]]
    never = [{"label": f"T{n}", "pattern": "San", "never": True} for n in range(3)]
    assert find(never, [["San"]]) == [[(0, 1, 0), (0, 1, 1), (0, 1, 2)]]
