"""Types that nobody looked for: which words get a set of tags, and which set."""

import numpy as np
from preparing import prepared

from windowner.inputs.labels import NO_TAG, agreeing_tags
from windowner.runs.folds import join
from windowner.runs.unmarked import leave_open, open_tags
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import TagTable

TABLE = TagTable.of(tag_set(["PER", "ORG"], "IOB2"))  # O, B-PER, I-PER, B-ORG, I-ORG


def corpus(*sentences):
    read = [Sentence(["w"] * len(tags), list(tags), line, []) for line, tags in enumerate(sentences, 1)]
    return Corpus("c", read, [], SCHEMES["IOB2"], ill_formed=0, ill_formed_examples=[])


def test_each_text_has_the_types_that_nobody_looked_for():
    """O of the first text is O or ORG, O of the second one O or PER; a tag stays, and so does a word without one."""
    text = join(
        [
            leave_open(corpus(["B-PER", "O"]), ["ORG"]),
            leave_open(corpus(["O", "B-ORG", "_"]), ["PER"]),
            leave_open(corpus(["O"]), []),
        ]
    )
    numbers, sets = open_tags(text, TABLE, np.array([1, 0, 0, 3, NO_TAG, 0], dtype=np.int32))
    agrees = agreeing_tags(5, sets)[numbers].tolist()
    o_or_org, o_or_per = [True, False, False, True, True], [True, True, True, False, False]
    assert agrees[1] == o_or_org
    assert agrees[2] == o_or_per
    assert agrees[4] == [True] * 5
    assert numbers.tolist()[0:4:3] == [1, 3]
    assert numbers[5] == 0
    assert numbers.dtype == np.int32


def test_where_all_types_were_looked_for_nothing_changes():
    numbers = np.array([0, 1, NO_TAG])
    same, sets = open_tags(corpus(["O", "B-PER", "_"]), TABLE, numbers)
    assert same is numbers
    assert sets is None


def test_tag_probabilities_stay():
    text = leave_open(corpus(["O"]), ["ORG"])
    text.sentences[0] = text.sentences[0]._replace(probabilities=[{"O": 1.0}])
    assert open_tags(text, TABLE, np.array([0]))[1] is None


def test_without_init_no_word_has_a_set(path):
    ready, _ = prepared(path)
    assert ready.training.sets is None
