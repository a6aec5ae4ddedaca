"""Explanations of a trained tagger: they add up to what its own forward pass says, with and without a document."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from synthetic import train_documents

from windowner.config.loading import load_config
from windowner.errors import ModelError
from windowner.network.folding import fold
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.runs.training import train
from windowner.tagger import explained_word
from windowner.tagger.context_words import context_words
from windowner.tagger.explanation import LOGITS, feature_name, share_name
from windowner.tagger.tagger import Tagger
from windowner.text.spans import TagTable

FLOAT32 = 1e-4
"""Between logits in float32, which the tagger computes, and in float64."""


def with_model(tagger, **changes) -> Tagger:
    return Tagger(replace(tagger.model, **changes))


@pytest.fixture(scope="module")
def of_documents(tmp_path_factory) -> Tagger:
    return train_documents(tmp_path_factory.getbasetemp()).run.tagger


def logit_sum(found):
    return sum(share.nats for share in found.shares if share.kind in LOGITS)


@pytest.mark.parametrize("threshold", [0.0, 0.7])
@pytest.mark.parametrize("loss", ["word", "posterior", "viterbi"])
def test_the_shares_add_up_to_the_taggers_own_scores(of_documents, sentences, threshold, loss):
    """Tolerance: float64 for the remainder."""
    model = of_documents.model
    settings = replace(model.config.model, decoding="viterbi" if loss == "viterbi" else "posterior")
    network = replace(model.network, chain=None) if loss == "word" else model.network
    config = replace(model.config, model=settings)
    changed = with_model(of_documents, threshold=threshold, temperature=1.0, network=network, config=config)
    names = changed.model.tags.names
    for sentence in sentences[:6]:
        prediction = changed.predict([sentence])
        for word in range(len(sentence)):
            found = changed.explain(sentence, word)
            k, m = names.index(found.tag), names.index(found.against)
            assert found.chosen == found.tag == names[prediction.tags[word]]
            assert abs(found.remainder) < 1e-9
            assert abs(logit_sum(found) - found.logit_difference) < 1e-9
            own = prediction.logits[word]
            assert found.logit_difference == pytest.approx(float(own[k] - own[m]), abs=FLOAT32)
            if loss == "viterbi":  # a temperature of 1, and the threshold in the logits: as probabilities are computed
                log_p = prediction.log_marginals[word]
                assert found.difference == pytest.approx(log_p[k] - log_p[m], abs=FLOAT32)


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_every_nonlinearity_and_an_ensemble(of_documents, sentences, nonlinearity):
    """Against the tagger's own logits. The second member is the first one with other weights."""
    network = replace(of_documents.model.network, nonlinearity=nonlinearity)
    folded = fold([network, replace(network, W=network.W[:, ::-1].copy(), b1=network.b1 + 0.1)])
    changed = with_model(of_documents, network=folded)
    names = changed.model.tags.names
    for sentence in sentences[:3]:
        logits = changed.predict([sentence]).logits
        for word in range(len(sentence)):
            found = changed.explain(sentence, word)
            own = logits[word, names.index(found.tag)] - logits[word, names.index(found.against)]
            assert abs(found.remainder) < 1e-9
            assert logit_sum(found) == pytest.approx(float(own), abs=FLOAT32)


PRESETS = {
    "default": [],
    "fast": ["preset=fast"],
    "best": ["preset=best"],
    "lecture": ["preset=lecture"],
    "everything": ["preset=best", "features.gazetteer_train=2", "model.document=on", "features.characters=8"],
    "a gazetteer": ["features.gazetteer_train=2"],
}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset(tiny, sentences, tmp_path, name):
    """The issue's tolerance: the shares equal the tagger's own difference of logits to 1e-4. Dev is one document."""
    keys = [*PRESETS[name], "train.epochs=2", f'vectors.source="{tiny.folder / "vectors.txt"}"']
    if name in ("default", "fast", "best"):
        keys.append("model.hidden=24")
    own = tiny.config.read_text(encoding="utf-8").partition("[features]")[0]  # the keys of the preset stay
    config = tmp_path / "preset.toml"
    config.write_text(own.replace('= "', f'= "{tiny.folder}/'), encoding="utf-8")
    tagger = train(load_config(config, keys), tmp_path / "run").tagger
    names, some = tagger.model.tags.names, sentences[:6]
    logits = tagger.predict(some, np.array([0, len(some)]) if tagger.model.reads_documents else None).logits
    place = 0
    features = set()
    for number, sentence in enumerate(some):
        for word in range(len(sentence)):
            found = tagger.explain(sentence, word, context=some[:number] + some[number + 1 :])
            k, m = names.index(found.tag), names.index(found.against)
            assert logit_sum(found) == pytest.approx(float(logits[place, k] - logits[place, m]), abs=FLOAT32)
            assert sum(share.nats for share in found.shares) == pytest.approx(found.difference, abs=FLOAT32)
            features |= {share.feature for share in found.shares if share.kind == "word"}
            features |= {share.kind for share in found.shares}
            place += 1
    assert ("gazetteer.LOC" in features) == (name in ("everything", "a gazetteer"))
    assert ("characters" in features) == (name == "everything")
    assert name != "everything" or "mention" in features


def test_a_gazetteer_match_is_a_share(tiny, sentences, tmp_path):
    """The value of the share says where in the matched name the word stands, and another word has no match."""
    keys = ["features.gazetteer_train=2", "train.epochs=2"]
    tagger = train(load_config(tiny.config, keys), tmp_path / "run").tagger
    found = tagger.explain(["lives", "in", "Paris"], 2)
    values = {(share.position, share.feature): share for share in found.shares if share.kind == "word"}
    assert values[0, "gazetteer.LOC"].value != values[-1, "gazetteer.LOC"].value
    assert values[0, "gazetteer.LOC"].nats != 0
    assert logit_sum(found) == pytest.approx(found.logit_difference, abs=FLOAT32)


def test_other_mentions_are_shares(of_documents, sentences):
    document = [["Paris", "is", "big"], ["I", "left", "Paris", "for", "paris"], ["no", "mention"]]
    alone = of_documents.explain(document[0], 0, "B-LOC", "O")
    found = of_documents.explain(document[0], 0, "B-LOC", "O", document[1:])
    votes = [share for share in found.shares if share.kind == "mention"]
    assert [share_name(vote) for vote in votes] == ["Paris (sentence 2, word 3)", "paris (sentence 2, word 5)"]
    assert not [share for share in alone.shares if share.kind == "mention"]
    assert abs(found.remainder) < 1e-9
    logits = of_documents.predict(document, np.array([0, 3])).logits[0]
    names = of_documents.model.tags.names
    expected = logits[names.index("B-LOC")] - logits[names.index("O")]
    assert logit_sum(found) == pytest.approx(float(expected), abs=FLOAT32)


def test_words_and_features_have_their_names(tagger):
    found = tagger.explain(["Paris", "is"], 0, against="O", tag="B-LOC")
    words = [share for share in found.by_word if share.kind == "word"]
    radius = tagger.model.network.radius
    assert [share.position for share in words] == list(range(-radius, radius + 1))
    assert [share.word for share in words][radius : radius + 2] == ["Paris", "is"]
    assert not any(share.word for share in words[:radius])
    assert share_name(words[0]) == "(edge)"
    center = [feature_name(share) for share in found.shares if share.kind == "word" and share.position == 0]
    assert center[0].startswith("vector")
    assert "capitals title" in center
    totals = {share.kind: share.nats for share in found.by_word if share.kind != "word"}
    assert sum(totals.values()) + sum(share.nats for share in words) == pytest.approx(found.difference)
    assert abs(found.largest[0].nats) == max(abs(share.nats) for share in found.shares)
    assert found.as_dict()["shares"][0]["word"] == ""


def test_the_tag_against_which_is_explained_may_be_the_chosen_one(tagger):
    chosen = tagger.explain(["Paris", "is"], 0)
    back = tagger.explain(["Paris", "is"], 0, against=chosen.tag)
    assert (back.tag, back.difference) == (chosen.against, pytest.approx(-chosen.difference))


def test_a_planted_mistake_shows_as_a_remainder(tagger, monkeypatch):
    """The bias of the hidden layer is left out: the shares no longer add up."""
    window_shares = explained_word.window_shares
    monkeypatch.setattr(explained_word, "window_shares", lambda *args: (window_shares(*args)[0], 0.0))
    assert abs(tagger.explain(["Paris", "is"], 0).remainder) > 1e-3


def test_what_cannot_be_explained(tagger):
    with pytest.raises(ValueError, match="word is 2, expected a number from 0 below 2"):
        tagger.explain(["Paris", "is"], 2)
    for word in (1.5, None, True, "1"):
        with pytest.raises(ValueError, match=f"word is {word!r}, expected a number from 0 below 2"):
            tagger.explain(["Paris", "is"], word)
    for sentence in (3, None):
        with pytest.raises(ValueError, match=f"of the type {type(sentence).__name__}, expected a list of tokens"):
            tagger.explain(sentence, 0)
    with pytest.raises(ValueError, match="the tag 'LOC' is unknown, expected one of"):
        tagger.explain(["Paris", "is"], 0, "LOC")
    with pytest.raises(ValueError, match="are both O"):
        tagger.explain(["Paris", "is"], 0, "O", "O")
    with pytest.raises(ValueError, match="the sentence has no token, expected one at least"):
        tagger.explain([], 0)
    with pytest.raises(ValueError, match="is a string"):
        tagger.explain("Paris", 0)
    with pytest.raises(ModelError, match="the tag O alone"):
        with_model(tagger, tags=TagTable.of(["O"])).explain(["Paris"], 0)


@pytest.mark.parametrize(("position", "documents"), [(-1, None), (0, [0, 3, 9]), (1, [0, 9])])
def test_what_a_word_means_is_the_mean_of_its_explanations(of_documents, sentences, position, documents):
    """Against `explain`, occurrence by occurrence. Tolerance: tables are in float32, sums in float64."""
    some, model = sentences[:9], of_documents.model
    edges = None if documents is None else np.array(documents)
    found = context_words(model, some, position, "LOC", edges)
    tags = {-1: ["B-LOC", "S-LOC"], 0: ["B-LOC", "I-LOC", "E-LOC", "S-LOC"], 1: ["E-LOC", "S-LOC"]}[position]
    expected = {}
    for number, sentence in enumerate(some):
        cuts = pairwise(documents or range(10))
        (context,) = [some[a:number] + some[number + 1 : b] for a, b in cuts if a <= number < b]
        for word in range(len(sentence)):
            every = (of_documents.explain(sentence, word, tag, "O", context) for tag in tags)
            each = max(every, key=lambda found: found.logit_difference)
            (share,) = [share for share in each.by_word if share.kind == "word" and share.position == position]
            expected.setdefault(share.word, []).append(share.nats)
    assert {each.word: each.occurrences for each in found} == {word: len(shares) for word, shares in expected.items()}
    for each in found:
        assert each.nats == pytest.approx(np.mean(expected[each.word]), abs=1e-6)
    assert [each.nats for each in found] == sorted((each.nats for each in found), reverse=True)


def test_a_place_that_no_window_has(tagger, sentences):
    with pytest.raises(ValueError, match="position is 9, expected a number from"):
        context_words(tagger.model, sentences, 9, "LOC")
    with pytest.raises(ValueError, match="the type 'X' is unknown"):
        context_words(tagger.model, sentences, 0, "X")
