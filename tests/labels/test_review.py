"""Suspects of a handful of sentences, whose out-of-fold probabilities are made up."""

import numpy as np

from windowner.experiments.out_of_fold import OutOfFold
from windowner.labels.review import review
from windowner.text.sentence import Sentence
from windowner.text.spans import TagTable

NAMES = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]


def predictions(*sentences):
    """Out-of-fold predictions: of each sentence its text, gold tags, and the tags found, with a probability of 0.9."""
    text = [Sentence(words.split(), gold.split(), 1, []) for words, gold, _ in sentences]
    found = [NAMES.index(tag) for *_, tags in sentences for tag in tags.split()]
    numbers = {name: number for number, name in enumerate(NAMES)}
    gold = np.array([numbers.get(tag, -1) for each in text for tag in each.tags], dtype=np.int32)
    probabilities = np.full((len(found), len(NAMES)), 0.1 / (len(NAMES) - 1))
    probabilities[np.arange(len(found)), found] = 0.9
    return OutOfFold(
        sentences=text,
        files=["train.conll"] * len(text),
        folds=np.ones(len(text), dtype=np.intp),
        log_marginals=np.log(probabilities).astype(np.float32),
        tags=TagTable.of(NAMES),
        gold=gold,
        offsets=np.cumsum([0, *(len(each.tokens) for each in text)], dtype=np.intp),
    )


def described(suspects):
    """Kind, sentence, gold and suggestion of each suspect."""
    return [
        (each.kind, each.number, *([span.type for span in side] for side in (each.region.gold, each.region.suggested)))
        for each in suspects
    ]


OSLO = ("Oslo", "B-LOC", "B-LOC")


def test_of_two_suggestions_for_a_place_the_better_one_is_kept():
    """The tagger says that Oslo is no entity; three other places say that it is a LOC."""
    (first,) = review(predictions(OSLO, OSLO, OSLO, ("Oslo", "B-PER", "O")), "IOB2")
    assert described([first]) == [("type", 3, ["PER"], ["LOC"])]
    assert first.elsewhere == (3, 0, 3)
    assert first.p_suggested < 0.1


def test_an_unusual_label_with_which_the_tagger_agrees_is_inconsistent():
    assert described(review(predictions(OSLO, OSLO, OSLO, ("Oslo", "B-PER", "B-PER")), "IOB2")) == [
        ("inconsistent", 3, ["PER"], ["LOC"])
    ]


def test_a_type_that_no_tagger_knows_is_shown_as_it_is_labelled():
    """All places of ORG were in the fold that these taggers lack. Three other places say that Oslo is a LOC."""
    (first,) = review(predictions(OSLO, OSLO, OSLO, ("Oslo", "B-ORG", "O")), "IOB2")
    assert described([first]) == [("type", 3, ["ORG"], ["LOC"])]


def test_words_that_have_never_such_a_tag_elsewhere_come_first():
    """Both labels are one token too long, with the same probabilities, and no name stands twice."""
    commas = [("so , it is", "O O O O", "O O O O")] * 5
    comma = ("Ana Hill ,", "B-PER I-PER I-PER", "B-PER I-PER O")
    name = ("Bo Berg Lund", "B-PER I-PER I-PER", "B-PER I-PER O")
    found = review(predictions(name, *commas, comma), "IOB2")
    assert [(each.kind, each.words) for each in found] == [("boundary", "Ana Hill ,"), ("boundary", "Bo Berg Lund")]
    assert found[0].score > found[1].score + 1


def test_nothing_is_suspicious_where_all_agree():
    assert review(predictions(OSLO), "IOB2") == []
    assert review(predictions(("so it is", "O O O", "O O O")), "IOB2") == []
