"""Cutoffs: own, shared or none; kept in the model, applied everywhere, undone; dev counted once."""

from dataclasses import replace

import numpy as np
import pytest

from windowner.errors import ConfigError, ModelError
from windowner.formats.reading import read_corpus
from windowner.runs.cutoffs import fit_cutoffs, keep_cutoffs, known_types
from windowner.runs.folder import read_run
from windowner.runs.found import FoundEntities, count_found, found_on_dev
from windowner.runs.metrics import evaluate
from windowner.runs.predictions import TaggedSpan
from windowner.runs.training import train
from windowner.tagger.parts import read_model, write_model
from windowner.tagger.tagger import Tagger


@pytest.fixture
def run(path, tmp_path):
    train(path, tmp_path / "run")
    return read_run(tmp_path / "run")


def found(*types):
    """Entities of types A, B, ...; each type is (number, share of the most probable ones that is correct)."""
    names = [chr(ord("A") + number) for number in range(len(types))]
    ids = np.repeat(np.arange(len(types)), [count for count, _ in types])
    p = np.concatenate([np.linspace(0.99, 0.01, count) for count, _ in types])
    correct = np.concatenate([np.arange(count) < share * count for count, share in types])
    support = np.array([max(1, round(count * share)) for count, share in types])
    return FoundEntities(names, ids, p, correct, support)


def test_a_type_of_few_entities_gets_the_cutoff_of_all_together():
    entities = found((200, 0.5), (10, 0.5))
    large, small = fit_cutoffs(entities, 0.8, ["A", "B"])
    assert (large.source, small.source) == ("own", "shared")
    assert 0.3 < large.after.cutoff < 0.5
    everything = replace(entities, types=["all"], type_ids=np.zeros(210, dtype=int), support=np.array([105]))
    assert small.after.cutoff == fit_cutoffs(everything, 0.8, ["all"])[0].after.cutoff
    assert small.best is None


def test_where_nothing_reaches_the_target_types_are_left_as_they_are():
    entities = replace(found((100, 1)), correct=np.arange(100) % 2 == 0)
    (cutoff,) = fit_cutoffs(entities, 0.9, ["A"])
    assert (cutoff.source, cutoff.after) == ("none", cutoff.before)
    assert 0.4 < cutoff.best.lower < 0.6


def test_entities_of_dev_are_counted_as_scores_are(run):
    entities = found_on_dev(run)
    for number, name in enumerate(entities.types):
        score = run.metrics["dev"]["types"][name]
        p, correct, support = entities.of_type(name)
        assert support == score["support"]
        assert correct.mean() == pytest.approx(score["precision"])
        assert correct.sum() / support == pytest.approx(score["recall"])
        assert len(p) == (entities.type_ids == number).sum()


def test_a_run_of_an_earlier_revision_is_tagged_again(run):
    without = replace(run, dev=[type(line)(line.tokens, line.gold, line.predicted) for line in run.dev])
    keep_cutoffs(run, {"PER": 0.9})  # is not applied to dev
    old, new = found_on_dev(without), found_on_dev(run)
    np.testing.assert_allclose(old.probability, new.probability, atol=1e-6)
    assert old.correct.tolist() == new.correct.tolist()


def test_spans_are_placed_in_their_sentences():
    """The second sentence starts at token 2; its entity of the wrong type is wrong."""
    gold = [["B-A", "O"], ["O", "B-B"]]
    spans = [[TaggedSpan(0, 1, "A", 0.9)], [TaggedSpan(0, 1, "B", 0.5), TaggedSpan(1, 2, "A", 0.4)]]
    assert count_found(gold, spans, ["A", "B"]).correct.tolist() == [True, False, False]
    spans[1][1] = TaggedSpan(1, 2, "B", 0.4)
    assert count_found(gold, spans, ["A", "B"]).correct.tolist() == [True, False, True]


def test_a_kept_cutoff_is_applied_and_removed(run, path):
    test = read_corpus(path.parent / "test.conll")
    before = evaluate(Tagger.load(run.path), test)
    keep_cutoffs(run, {"PER": 0.95})
    tagger = Tagger.load(run.path)
    assert tagger.model.cutoffs == {"PER": 0.95}
    entities = [entity for found in tagger.entities(test.tokens) for entity in found]
    assert min(entity.probability for entity in entities if entity.type == "PER") >= 0.95
    after = evaluate(tagger, test)
    assert after.types["LOC"].predicted == before.types["LOC"].predicted
    assert after.types["PER"].predicted < before.types["PER"].predicted
    keep_cutoffs(read_run(run.path), {"PER": 0.0})
    assert evaluate(Tagger.load(run.path), test) == before


def test_text_has_the_same_entities_as_tokens_and_a_minimum_replaces_cutoffs(run):
    text = "John Smith lives in Paris ."
    model = run.tagger.model
    raw = {span.label: span.probability for span in Tagger(model).tag_text(text)}
    cut = Tagger(replace(model, cutoffs={"PER": 1.0, "LOC": 0.0}))
    assert "PER" in raw
    assert [span.label for span in cut.tag_text(text)] == [label for label in raw if label != "PER"]
    assert {entity.type for entity in cut.entities([text.split()])[0]} == raw.keys() - {"PER"}
    assert all("PER" not in tag for tag in cut.tag([text.split()])[0])
    assert {span.label for span in cut.tag_text(text, min_probability=0.0)} == raw.keys()


def test_a_cutoff_of_another_type_or_no_probability_is_no_model(run, tmp_path):
    for cutoffs in ({"ORG": 0.5}, {"PER": 1.5}):
        write_model(replace(run.tagger.model, cutoffs=cutoffs), tmp_path / "wrong")
        with pytest.raises(ModelError, match=r"ORG|cutoffs"):
            read_model(tmp_path / "wrong")


def test_types_that_the_model_does_not_know(run):
    assert known_types(run, []) == run.tagger.model.tags.types
    with pytest.raises(ConfigError, match="--types ORG: the model has no such type, expected some of LOC, PER"):
        known_types(run, ["ORG"])
