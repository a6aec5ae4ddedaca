"""Repeated sentences, sentences with two labellings, and suspicious lengths."""

ROME = "Rome\tB-LOC\nis\tO\nbig\tO\n\n"


def test_a_repeated_sentence_names_all_of_its_places(find):
    ((found, places),) = find("repeated-sentences", train="so\tO\n\n" + ROME + ROME, dev="so\tO\n\n", test=ROME)
    assert found == '"Rome is big" is in train and test'
    assert places == ["test:1", "train:3", "train:7"]


def test_sentences_that_repeat_within_a_split_or_have_two_tokens_are_no_finding(find):
    assert find("repeated-sentences", train=ROME + ROME + "so\tO\n.\tO\n", dev="so\tO\n.\tO\n") == []


def test_the_scheme_does_not_matter_for_the_labels_of_a_sentence(find):
    """New York is one entity in both files, IOB2 and IOB1."""
    train, dev = "New\tB-LOC\nYork\tI-LOC\n", "New\tI-LOC\nYork\tI-LOC\n"
    assert find("sentence-labels", train=train, dev=dev) == []
    ((found, places),) = find("sentence-labels", train=train, dev=dev.replace("York\tI", "York\tB"))
    assert found == '"New York" is labelled in 2 ways'
    assert places == ["train:1", "dev:1"]


def test_a_long_sentence_where_it_starts(find):
    text = "so\tO\n\n" + "a\tO\n" * 201
    assert find("long-sentences", train=text) == [("a sentence of 201 tokens: are blank lines missing?", ["train:3"])]
    assert find("long-sentences", train="so\tO\n\n" + "a\tO\n" * 200) == []


def test_the_only_sentence_of_a_file_is_long_earlier(find):
    assert len(find("long-sentences", train="a\tO\n" * 51)) == 1
    assert find("long-sentences", train="a\tO\n" * 50) == []


def test_one_token_sentences_are_counted_by_split(find):
    few, many = "a\tO\n\n" * 99 + "a\tO\nb\tO\n", "b\tO\na\tO\n\n" + "a\tO\n\n" * 100
    ((found, places),) = find("one-token-sentences", train=few, dev=many)
    assert found == "100 of 101 sentences of dev have one token"
    assert places[:2] == ["dev:4", "dev:6"]
    assert find("one-token-sentences", train="a\tO\nb\tO\n\n" * 1901 + "a\tO\n\n" * 100) == []
