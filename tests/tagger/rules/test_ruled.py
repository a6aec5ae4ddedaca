"""Tags under rules against all legal tag sequences of short sentences, of which those that obey the rules are kept."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from windowner.network.chain.scores import Chain
from windowner.tagger.rules.matches import Matches, kept_matches
from windowner.tagger.rules.ruled import RuledModel
from windowner.tagger.rules.rules import Rules
from windowner.text.legal import legal_transitions
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.spans import TagTable
from windowner.text.token_spans import TokenSpan, sentence_spans

RULES = Rules.of(
    [
        {"label": "LOC", "pattern": "a", "id": "first"},
        {"label": "PER", "pattern": "a"},
        {"label": "NEW", "pattern": "a"},
        {"label": "LOC", "pattern": "a", "never": True},
        {"label": "NEW", "pattern": "a", "never": True},
        {"label": None, "pattern": "a", "never": True},
    ]
)
ENTITIES, NEVER = (0, 1, 2), {3: "LOC", 4: "NEW", 5: None}


def model_of(tagger, scheme, decoding, chain):
    """A model with the tags of LOC and PER, a chain of drawn scores, and a threshold."""
    names = tag_set(["LOC", "PER"], scheme)
    config = tagger.model.config
    config = replace(config, data=replace(config.data, scheme=scheme), model=replace(config.model, decoding=decoding))
    network = replace(tagger.model.network, chain=chain)
    changed = replace(tagger.model, tags=TagTable.of(names), network=network, config=config)
    return replace(changed, temperature=1.0, threshold=0.3)


@cache
def legal_sequences(scheme, length):
    """All legal sequences of a length, and the entities of each one."""
    names = tag_set(["LOC", "PER"], scheme)
    legality = legal_transitions(names, scheme)
    legal = [
        tags
        for tags in product(range(len(names)), repeat=length)
        if legality.start[tags[0]]
        and legality.end[tags[-1]]
        and all(legality.transition[a, b] for a, b in pairwise(tags))
    ]
    return np.array(legal), sentence_spans([[names[tag] for tag in tags] for tags in legal])


def obeys(spans, matches, scheme):
    """Whether a sentence with these entities obeys the rules, as docs/rules.md has it."""
    given = {TokenSpan(a, b, RULES.rules[n].label) for a, b, n in matches if n in ENTITIES}
    wanted = {span for span in given if span.type != "NEW"}
    covered = {token for span in given for token in range(span.start, span.end)}
    if scheme == "IO":  # touching entities of one type are one entity
        wanted = merged(wanted)
    others = set(spans) - wanted
    if not wanted <= set(spans) or any(covered & set(range(span.start, span.end)) for span in others):
        return False
    if scheme == "IOB1" and any(a.end == b.start and a.type == b.type for a in others for b in wanted):
        return False
    never = [(range(a, b), NEVER[n]) for a, b, n in matches if n in NEVER]
    return not any(
        label in (None, span.type) and set(tokens) & set(range(span.start, span.end))
        for span in others
        for tokens, label in never
    )


def merged(spans):
    found = []
    for span in sorted(spans):
        if found and (found[-1].end, found[-1].type) == (span.start, span.type):
            found[-1] = TokenSpan(found[-1].start, span.end, span.type)
        else:
            found.append(span)
    return set(found)


def conditional(z, model, matches):
    """All legal sequences that obey the rules, and the probability of each one given the rules."""
    scheme = model.config.data.scheme
    sequences, spans = legal_sequences(scheme, len(z))
    kept = np.array([obeys(each, matches, scheme) for each in spans])
    sequences = sequences[kept]
    s = z[np.arange(len(z)), sequences].sum(axis=1)
    if model.network.chain is not None:
        chain = model.network.chain
        s += chain.start[sequences[:, 0]] + chain.end[sequences[:, -1]]
        s += chain.transition[sequences[:, :-1], sequences[:, 1:]].sum(axis=1)
    p = np.exp(s - s.max())
    return sequences, p / p.sum()


def marginals_of(sequences, p, K):
    found = np.zeros((sequences.shape[1], K))
    for tags, weight in zip(sequences, p, strict=True):
        found[np.arange(len(tags)), tags] += weight
    return found


spans = st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 5))
sentences = st.lists(st.tuples(st.integers(1, 4), st.lists(spans, max_size=4)), min_size=1, max_size=3)


@pytest.mark.parametrize("kind", ["word", "posterior", "viterbi"])
@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=sentences, seed=st.integers(0, 1000))
def test_drawn_matches_give_the_best_sequence_that_obeys(tagger, scheme, kind, drawn, seed):
    """Logits of float64. The barrier of illegal sequences bounds the error of probabilities."""
    rng = np.random.default_rng(seed)
    K = len(tag_set(["LOC", "PER"], scheme))
    chain = Chain(rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K)) if kind != "word" else None
    model = model_of(tagger, scheme, "viterbi" if kind == "viterbi" else "posterior", chain)
    offsets = np.cumsum([0, *(length for length, _ in drawn)])
    z = 3 * rng.normal(size=(offsets[-1], K))
    raw = [
        (offset + a, min(offset + a + size, offset + length), n)
        for offset, (length, some) in zip(offsets, drawn, strict=False)
        for a, size, n in some
        if a < length
    ]
    matches = kept_matches(Matches(*np.array(raw, dtype=np.intp).reshape(-1, 3).T), RULES.rules)
    prediction = RuledModel(model, RULES).decide(z, offsets, matches)
    scores = model.decoder.subtract_threshold(z)
    for first, last in pairwise(offsets):
        here = [(a - first, b - first, n) for a, b, n in zip(*matches, strict=True) if first <= a < last]
        sequences, p = conditional(scores[first:last], model, here)
        expected = marginals_of(sequences, p, K)
        np.testing.assert_allclose(np.exp(prediction.log_marginals[first:last]), expected, rtol=0, atol=1e-6)
        if kind == "posterior":
            plain = marginals_of(*conditional(z[first:last], model, here), K)
            plain[:, 0] *= np.exp(-model.threshold)
            p = plain[np.arange(last - first), sequences].prod(axis=1)
        np.testing.assert_array_equal(prediction.tags[first:last], sequences[p.argmax()])


def predict(tagger, scheme, z, entities, offsets=None):
    """What a model without a chain predicts for one sentence under matches of `RULES`."""
    model = model_of(tagger, scheme, "viterbi", None)
    matches = kept_matches(Matches(*np.array(entities, dtype=np.intp).reshape(-1, 3).T), RULES.rules)
    return RuledModel(model, RULES).decide(z, np.array([0, len(z)]) if offsets is None else offsets, matches)


def sure_of(scheme, tags):
    """Logits of a network that is sure of these tags."""
    names = tag_set(["LOC", "PER"], scheme)
    z = np.zeros((len(tags), len(names)), dtype=np.float32)
    z[np.arange(len(tags)), [names.index(tag) for tag in tags]] = 20
    return z


def test_an_entity_of_the_network_around_that_of_a_rule_is_cut(tagger):
    """The network is sure of one PER of four words. The rule says that its second word is a LOC."""
    z = sure_of("BIOES", ["B-PER", "I-PER", "I-PER", "E-PER"])
    found = predict(tagger, "BIOES", z, [(1, 2, 0)])
    assert found.tag_names("BIOES")[0][1] == "S-LOC"
    assert found.tag_names("BIOES")[0][0] in ("O", "S-PER", "S-LOC")
    (entity,) = (each for each in found.entities([list("abcd")])[0] if each.start == 1)
    assert entity == (1, 2, "LOC", "b", 1.0, "first")


def test_an_entity_of_a_rule_does_not_grow_to_the_right(tagger):
    found = predict(tagger, "IOB2", sure_of("IOB2", ["B-LOC", "I-LOC", "I-LOC"]), [(0, 2, 0)])
    assert found.tag_names("IOB2")[0][:2] == ["B-LOC", "I-LOC"]
    assert found.tag_names("IOB2")[0][2] != "I-LOC"


def test_an_unknown_type_is_laid_over_and_is_O_for_the_network(tagger):
    found = predict(tagger, "BIOES", sure_of("BIOES", ["S-PER", "B-PER", "E-PER", "S-LOC"]), [(1, 3, 2)])
    assert found.tag_names("BIOES") == [["S-PER", "B-NEW", "E-NEW", "S-LOC"]]
    names = found.model.tags.names
    assert [names[tag] for tag in found.tags] == ["S-PER", "O", "O", "S-LOC"]
    assert [entity.rule for entity in found.entities([list("abcd")])[0]] == [None, True, None]
    np.testing.assert_allclose(found.probabilities, 1, atol=1e-6)


def test_cutoffs_leave_the_entities_of_rules_in(tagger):
    z = np.zeros((3, 9), dtype=np.float32)
    z[2, tag_set(["LOC", "PER"], "BIOES").index("S-PER")] = 1
    found = predict(tagger, "BIOES", z, [(0, 1, 0)])
    assert found.without_improbable(1.0).tag_names("IO") == [["I-LOC", "O", "O"]]


@pytest.mark.parametrize("with_chain", [True, False])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_probability_of_a_rules_entity_is_one_without_rounding(tagger, scheme, with_chain):
    rng = np.random.default_rng(5)
    K = len(tag_set(["LOC", "PER"], scheme))
    chain = Chain(3 * rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K)) if with_chain else None
    model = replace(model_of(tagger, scheme, "posterior", chain), temperature=1.7, cutoffs={"LOC": 1.0, "PER": 1.0})
    z = (9 * rng.normal(size=(300, K))).astype(np.float32)
    matches = Matches(np.arange(0, 300, 10), np.arange(6, 306, 10), np.arange(30) % 3)
    found = RuledModel(model, RULES).decide(z, np.array([0, 7, 150, 300]), kept_matches(matches, RULES.rules))
    marked = [mark is not None for mark in found.rule_marks]
    assert sum(marked) >= 25
    assert (found.span_probabilities[marked] == 1).all()
    assert sum(mark is not None for mark in found.without_improbable().rule_marks) == sum(marked)


def test_sentences_without_a_match_are_tagged_as_without_rules(tagger):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(60, 9)).astype(np.float32)
    offsets = np.array([0, 20, 40, 60])
    model = model_of(tagger, "BIOES", "viterbi", None)
    found = predict(tagger, "BIOES", z, [(25, 27, 0)], offsets)
    plain = model.decoder(z, offsets)
    outside = np.r_[0:20, 40:60]
    np.testing.assert_array_equal(found.tags[outside], plain[outside])
    np.testing.assert_array_equal(found.logits[outside], z[outside])
    assert (found.logits[20:40] == -np.inf).any()


def test_the_logits_of_the_caller_stay_as_they_are(tagger):
    z = sure_of("BIOES", ["O", "O"])
    predict(tagger, "BIOES", z, [(0, 1, 0)])
    np.testing.assert_array_equal(z, sure_of("BIOES", ["O", "O"]))
