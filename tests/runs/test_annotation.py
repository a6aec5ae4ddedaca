"""Words that are not annotated: what they are, what is expected of them, and what is refused."""

import pytest
from preparing import prepared

from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.inputs.labels import NO_TAG, EntityRatio
from windowner.runs.annotation import entity_share, forget_outside

TRAIN = "Ana B-PER\nRey I-PER\nis O\nin O\nRome B-LOC\n\nno O\nnews O\n\n_ _\n? ?\n- -\n"
DEV = "Ana B-PER\nis O\nin O\nOslo B-LOC\n\nno O\nold O\n_ _\n"


@pytest.fixture
def written(path):
    """A config whose train has 10 words, 3 of entities and 3 not annotated; a third of dev is in entities."""
    (path.parent / "train.conll").write_text(TRAIN)
    (path.parent / "dev.conll").write_text(DEV)
    (path.parent / "test.conll").write_text(DEV)
    return path


def tags_of(training):
    return training.text.tags.tolist()


def test_a_tag_that_says_nothing_is_unknown(written):
    ready, notes = prepared(written)
    assert [tag == NO_TAG for tag in tags_of(ready.training)] == [False] * 7 + [True] * 3
    assert ready.training.prior is None
    assert "3 training words of 10 are not annotated\n" in notes
    assert "1 token not annotated" in notes  # of dev


def test_outside_of_entities_nothing_is_known(written):
    """A third of 10 words is expected in entities. 3 are, so 1/3 of 7 remains."""
    ready, notes = prepared(written, "data.unlabelled_as=unknown")
    assert [tag == NO_TAG for tag in tags_of(ready.training)] == [False, False, True, True, False] + [True] * 5
    outside = ready.model.tags.names.index("O")
    ratio = (10 / 3 - 3) / 7
    assert ready.training.prior == EntityRatio(outside, pytest.approx(ratio), pytest.approx(0.05 * ratio), 1.0)
    assert "7 training words of 10 are not annotated; 4.8% of them are expected to be part of entities" in notes


@pytest.mark.parametrize(("share", "ratio"), [("0.65", 0.5), ("0.1", 0.0), ("1", 1.0)])
def test_a_share_that_is_given(written, share, ratio):
    ready, _ = prepared(written, "data.unlabelled_as=unknown", f"data.entity_ratio={share}")
    assert ready.training.prior.ratio == pytest.approx(ratio)


def test_a_share_holds_for_single_words_too(written):
    ready, _ = prepared(written, "data.entity_ratio=0.4")
    assert ready.training.prior.ratio == pytest.approx(1 / 3)  # (4 - 3) of 3


def test_somebody_must_say_what_is_no_entity(written):
    with pytest.raises(DataError, match=r"7 training words of 10 are not annotated and none is O, expected .* a prior"):
        prepared(written, "data.unlabelled_as=unknown", "data.entity_ratio=off")


@pytest.mark.parametrize("name", ["dev", "test"])
def test_what_is_scored_must_say_what_is_no_entity(written, name):
    (written.parent / f"{name}.conll").write_text(DEV.replace("O\n", "_\n"))
    with pytest.raises(DataError, match=rf"{name}.conll: 5 words of {name} not annotated and none O"):
        prepared(written)


def test_without_dev_nothing_says_what_is_no_entity(written):
    with pytest.raises(DataError, match=r"words of dev not annotated and none O"):
        prepared(written, "data.dev=", "data.unlabelled_as=unknown")


def test_a_fold_of_partial_text_knows_what_dev_knows(path):
    """Train has no O, and dev has. The prior stays, because most words are still not annotated."""
    ready, _ = prepared(path, "data.unlabelled_as=unknown", "data.fold=1/5")
    assert {"O", "_"} <= {tag for tags in ready.corpora["fold"].tags for tag in tags}
    assert ready.training.prior is not None


def test_the_share_of_entity_words(written):
    assert entity_share(read_corpus(written.parent / "train.conll")) == 3 / 7
    assert entity_share(forget_outside(read_corpus(written.parent / "train.conll"))) == 1.0
