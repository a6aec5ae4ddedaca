"""Entities with several types, forgotten ones, rare and unknown types, punctuation at their ends."""

import pytest


def row(words, entity_type):
    first, *rest = words.split()
    return f"{first}\tB-{entity_type}\n" + "".join(f"{word}\tI-{entity_type}\n" for word in rest) + "\n"


def test_the_rarest_type_and_the_clearest_majority_come_first(find):
    train = row("New York", "LOC") * 3 + row("New York", "ORG") + row("Sony", "ORG") + row("Sony", "PER")
    assert find("entity-labels", train=train) == [
        ('"New York": LOC 3, ORG 1', ["train:10", "train:1", "train:4", "train:7"]),
        ('"Sony": PER 1, ORG 1', ["train:13", "train:15"]),
    ]


def test_a_forgotten_entity_in_whole_and_outside_of_others(find):
    """The York of New York is not forgotten. Rome in dev is, and the New York there, once."""
    train = (
        row("New York", "LOC") * 2
        + row("York", "LOC") * 2
        + row("Rome", "LOC")
        + "New\tB-ORG\nYork\tI-ORG\nTimes\tI-ORG\n"
    )
    dev = "Rome\tO\n,\tO\nNew\tO\nYork\tO\n,\tO\nNew\tO\n"
    assert find("forgotten-entities", train=train, dev=dev) == [
        ('"New York": labelled 2, not labelled 1', ["dev:3"]),
        ('"Rome": labelled 1, not labelled 1', ["dev:1"]),
    ]


def test_words_that_are_mostly_no_entity_are_not_forgotten(find):
    assert find("forgotten-entities", train=row("May", "PER") + "May\tO\n\nMay\tO\n") == []


def test_a_type_is_rare_below_twenty(find):
    assert find("rare-types", train=row("Rome", "LOC") * 20, dev=row("Bo", "PER")) == []
    ((found, places),) = find("rare-types", train=row("Rome", "LOC") * 19)
    assert found == "LOC: 19 in train"
    assert places[-1] == "train:37"


def test_a_type_without_a_name(find):
    assert find("rare-types", train="Rome\tB\n")[0][0] == "(no type): 1 in train"


def test_unknown_types_of_each_split(find):
    dev = row("Rome", "LOC") + row("Bo", "PER")
    assert find("unknown-types", train=row("Oslo", "LOC"), dev=dev, test=row("Bo", "PER")) == [
        ("PER: 1 in dev, none in train", ["dev:3"]),
        ("PER: 1 in test, none in train", ["test:1"]),
    ]


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ('" Rome', "starts"),
        ("Rome ,", "ends"),
        ("Rome,", "ends"),
        ("( Rome", "starts"),
        (", Rome ;", "starts and ends"),
        (".", "starts and ends"),
        ("Yahoo !", "ends"),
    ],
)
def test_punctuation_at_an_end(find, words, end):
    assert find("entity-ends", train=row(words, "X")) == [(f'"{words}" {end} in punctuation', ["train:1"])]


@pytest.mark.parametrize(
    "words",
    ["U . S .", "U.S.", "( Rome )", "Rome ( Italy )", '" Let it be "', "O'Neil", "'N Sync", "Rio-Nord", "C++", "@bo"],
)
def test_punctuation_of_a_name(find, words):
    assert find("entity-ends", train=row(words, "X")) == []


def test_without_train_no_type_is_unknown(find):
    assert find("unknown-types", dev=row("Bo", "PER")) == []
