"""What decided about a word: the network, a rule, rules beside it, or a cutoff. The tag is the one that `tag` gives."""

from dataclasses import replace

import pytest

from windowner.tagger.chosen_tag import ChosenTag
from windowner.tagger.explanation import LOGITS
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger

TOKENS = "John Smith lives in New York".split()


def ruled(tagger, *records) -> Tagger:
    return Tagger(tagger.model, rules=Rules.of(records))


def own_tags(tagger, sentence):
    return tagger.tag([sentence], tagger.model.config.data.scheme)[0]


def test_without_rules_and_cutoffs_the_network_decides(tagger, sentences):
    for sentence in sentences[:5]:
        choices = [tagger.explain(sentence, word).choice for word in range(len(sentence))]
        assert choices == [ChosenTag(tag, tag, tag) for tag in own_tags(tagger, sentence)]
        assert {choice.note for choice in choices} == {""}


CASES = {
    "an entity of a known type": ({"label": "LOC", "pattern": "John Smith"}, 0, "rule", True),
    "the name of the rule": ({"label": "LOC", "pattern": "John Smith", "id": "js"}, 1, "rule", "js"),
    "an entity of a type that the model does not know": ({"label": "NEW", "pattern": "lives"}, 2, "rule", True),
    "no entity": ({"pattern": "John", "never": True}, 0, "rules", None),
    "the word beside a rule's entity": ({"label": "LOC", "pattern": "York"}, 4, "rules", None),
    "a word that no rule is about": ({"label": "LOC", "pattern": "York"}, 0, "network", None),
    "a rule that agrees": ({"label": "LOC", "pattern": "New York"}, 5, "rule", True),
}


@pytest.mark.parametrize("name", CASES)
def test_rules_decide(tagger, name):
    record, word, by, mark = CASES[name]
    with_rules = ruled(tagger, record)
    plain, found = tagger.explain(TOKENS, word), with_rules.explain(TOKENS, word)
    assert (found.choice.by, found.choice.rule) == (by, mark)
    assert found.chosen == own_tags(with_rules, TOKENS)[word]
    assert found.choice.alone == plain.chosen
    assert (found.chosen != plain.chosen) == (by != "network" and name != "a rule that agrees")
    assert (found.choice.note == "") == (by == "network")
    assert found.as_dict().items() >= {"decided_by": by, "rule": mark, "chosen": found.chosen}.items()


@pytest.mark.parametrize("name", CASES)
def test_the_shares_are_those_of_the_network_alone(tagger, name):
    """By default a tag of a rule is explained, if the model knows it."""
    record, word, *_ = CASES[name]
    found = ruled(tagger, record).explain(TOKENS, word)
    known = found.chosen in tagger.model.tags.names
    assert found.tag == (found.chosen if known else found.choice.alone)
    plain = tagger.explain(TOKENS, word, found.tag, found.against)
    assert (found.shares, found.difference) == (plain.shares, plain.difference)
    logits = sum(share.nats for share in found.shares if share.kind in LOGITS)
    assert logits == pytest.approx(found.logit_difference, abs=1e-9)


def test_a_cutoff_decides(tagger):
    strict = Tagger(replace(tagger.model, cutoffs={"LOC": 1.0}))
    found = strict.explain(TOKENS, 5)
    assert found.choice == ("O", found.tag, found.tag, "cutoff", None)
    assert found.tag.endswith("-LOC")
    assert found.choice.note.startswith(f"The cutoff of LOC decided. The network alone gives {found.tag}, ")
    assert strict.explain(TOKENS, 0).choice.by == "network"


def test_cutoffs_do_not_decide_about_the_entity_of_a_rule(tagger):
    model = replace(tagger.model, cutoffs=dict.fromkeys(tagger.model.tags.types, 1.0))
    found = Tagger(model, rules=Rules.of([{"label": "LOC", "pattern": "John"}])).explain(TOKENS, 0)
    assert found.choice.by == "rule"
    assert found.chosen.endswith("-LOC")


@pytest.mark.parametrize("with_context", [False, True])
def test_the_tag_is_that_of_the_document(tmp_path_factory, with_context):
    """A model that reads documents, with rules and cutoffs: each word has the tag that `tag` gives to it."""
    from synthetic import train_documents

    model = replace(train_documents(tmp_path_factory.getbasetemp()).run.tagger.model, cutoffs={"LOC": 0.6, "PER": 0.6})
    tagger = Tagger(model, rules=Rules.of([{"label": "LOC", "pattern": "Smith"}]))
    document = [TOKENS, "Mary York met Smith".split(), "New Smith and New Omar".split()]
    expected = tagger.tag(document, model.config.data.scheme, [0] if with_context else None)
    for number, sentence in enumerate(document):
        context = [*document[:number], *document[number + 1 :]] if with_context else []
        found = [tagger.explain(sentence, word, context=context).chosen for word in range(len(sentence))]
        assert found == expected[number]
