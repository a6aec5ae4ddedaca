"""Predictions: probabilities among all legal sequences, spans, and tags that are legal whatever the network says."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from windowner.config.checking import make_config
from windowner.inputs.encoding import encode
from windowner.inputs.forms import Forms
from windowner.inputs.tables import Table
from windowner.network.building import build_network
from windowner.tagger.model import Model
from windowner.tagger.prediction import Prediction, decide, predict_encoded
from windowner.tagger.tagger import Tagger
from windowner.text.legal import legal_transitions
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.spans import TagTable


def test_probabilities_are_those_among_all_legal_sequences(tagger):
    """Three words, each of the K^3 sequences with its score; the illegal ones, whose barrier is e^-30, are left out.

    Tolerance: float32 has 6e-8, logits of size 10 keep 1e-6.
    """
    tagger = Tagger(replace(tagger.model, threshold=0.0))
    prediction = tagger.predict([["in", "New", "York"]])
    z = prediction.logits.astype(np.float64) / tagger.model.temperature
    legal = tagger.model.decoder.legality
    sequences = np.array([y for y in product(range(z.shape[1]), repeat=3) if legal.start[y[0]] and legal.end[y[-1]]])
    sequences = sequences[legal.transition[sequences[:, :-1], sequences[:, 1:]].all(axis=1)]
    p = np.exp(z[np.arange(3), sequences].sum(axis=1))
    p /= p.sum()
    same = sequences == prediction.tags
    np.testing.assert_allclose(prediction.probabilities, p @ same, rtol=1e-5)
    (entities,) = tagger.entities([["in", "New", "York"]])
    assert len(entities) == 1
    for entity in entities:
        assert entity.probability == pytest.approx(p @ same[:, entity.start : entity.end].all(axis=1), rel=1e-5)


def test_the_threshold_and_the_temperature_of_the_model_are_used(tagger, sentences):
    """A threshold of t is a bias of O that is lower by t; a temperature divides the scores.

    Tolerance: a bias is subtracted in float32, of logits of size 10.
    """
    given = tagger.predict(sentences)
    model, o = tagger.model, tagger.model.tags.names.index("O")
    lower = given.logits.copy()
    lower[:, o] -= 1.5
    found = decide(replace(model, threshold=1.5, temperature=1.25), given.logits, given.offsets)
    other = decide(replace(model, threshold=0.0, temperature=1.0), lower / 1.25, given.offsets)
    np.testing.assert_array_equal(found.tags, other.tags)
    np.testing.assert_allclose(found.probabilities, other.probabilities, rtol=1e-4)
    assert (found.tags != decide(replace(model, threshold=-5.0), given.logits, given.offsets).tags).any()


def test_a_probability_too_small_for_float32_is_zero_without_a_warning(tagger):
    """As decoding may choose, when the only legal tag is a very unlikely one."""
    logits = np.zeros((2, len(tagger.model.tags.names)), dtype=np.float32)
    logits[:, 0] = 1000
    prediction = Prediction(tagger.model, np.array([1, 1]), logits, np.array([0, 2]))
    assert prediction.probabilities == pytest.approx([0, 0], abs=1e-300)
    (found,) = prediction.entities([["a", "b"]])
    assert [entity.probability for entity in found] == [0] * len(found) != []


def test_spans_and_tags_are_of_the_same_entities(tagger, sentences):
    prediction = tagger.predict(sentences)
    types = tagger.model.tags.types
    spans = [
        (start, end, types[type_id])
        for start, end, type_id in zip(*(array.tolist() for array in prediction.spans), strict=True)
    ]
    found = prediction.entities(sentences)
    assert spans == [
        (offset + entity.start, offset + entity.end, entity.type)
        for offset, entities in zip(prediction.offsets.tolist(), found, strict=False)
        for entity in entities
    ]
    tags = prediction.tag_names("IOB2")
    for sentence, names, entities in zip(sentences, tags, found, strict=True):
        assert [i for i, name in enumerate(names) if name[0] == "B"] == [entity.start for entity in entities]
        assert [entity.text for entity in entities] == [" ".join(sentence[e.start : e.end]) for e in entities]
    probabilities = [entity.probability for entities in found for entity in entities]
    assert prediction.span_probabilities.tolist() == probabilities


def test_encoded_text_is_tagged_by_the_network_as_it_is_now(tagger, sentences):
    """While it is trained, nothing of it is remembered."""
    model = replace(tagger.model, network=tagger.model.network.astype(np.float32))
    forms = Forms(model.encoder)
    text = encode(sentences, forms, model.network.radius)
    before = predict_encoded(model, text, forms.F)
    np.testing.assert_array_equal(before.tags, tagger.predict(sentences).tags)
    model.network.b2[:] = [100 * (name == "S-LOC") for name in model.tags.names]
    after = predict_encoded(model, text, forms.F)
    assert {model.tags.names[tag] for tag in after.tags} == {"S-LOC"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tags_are_legal_whatever_the_network_says(scheme):
    """A network of large random weights, whose greedy tags are illegal nearly everywhere."""
    rng = np.random.default_rng(5)
    config = make_config({"data": {"train": "t", "scheme": scheme}, "model": {"loss": "word"}}, "test")
    names = tag_set(["A", "B-C", ""], scheme)
    words = [f"w{i}" for i in range(50)]
    table = Table("words", rng.normal(size=(52, 6)).astype(np.float32), 52, words)
    network = build_network(rng, [table], len(names), config.model)
    network.U[...] *= 20
    text = [rng.choice(words, size=n).tolist() for n in rng.integers(0, 12, 200)]
    prediction = Tagger(Model(network, TagTable.of(names), config)).predict(text)
    start, transition, end = legal_transitions(names, scheme)
    greedy_illegal = 0
    for first, last in zip(prediction.offsets[:-1], prediction.offsets[1:], strict=True):
        if first < last:
            y, greedy = prediction.tags[first:last], prediction.logits[first:last].argmax(axis=1)
            assert start[y[0]]
            assert end[y[-1]]
            assert transition[y[:-1], y[1:]].all()
            legal = start[greedy[0]] and end[greedy[-1]] and transition[greedy[:-1], greedy[1:]].all()
            assert not legal or y.tolist() == greedy.tolist()
            greedy_illegal += not legal
    assert greedy_illegal > 100 or scheme in ("IOB1", "IO")
