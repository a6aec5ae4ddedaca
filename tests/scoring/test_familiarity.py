"""Groups of entities, on a sentence worked by hand."""

import numpy as np
import pytest

from windowner.scoring.familiarity import GROUPS, entity_groups, familiarity, score_groups
from windowner.text.schemes import IOB2
from windowner.text.spans import EncodedTags, Spans
from windowner.text.tag_writing import write_prefixes

ROWS = {"paris": 5, "Paris": 5, "lyon": 6, "new": 7, "york": 8}
TOKENS = "Paris lyon xyz new york Paris".split()


def spans(*entities):
    return Spans(*(np.array(column, dtype=np.intp) for column in zip(*entities, strict=True)))


def tags(entities, length):
    """The tags of one sentence with these entities."""
    first = np.arange(length) == 0
    return EncodedTags(*write_prefixes(entities, first, IOB2), first, ["A", "B"])


@pytest.fixture
def groups():
    """`paris` and `new` were seen, and so was `abc`, which has no row of its own."""
    return familiarity(TOKENS, ["paris", "new", "abc"], lambda form: ROWS.get(form, 1), unknown=1)


def test_forms_that_share_a_row_are_one_word_and_no_row_is_unseen(groups):
    assert [GROUPS[group] for group in groups] == [
        "seen",
        "only as vectors",
        "unseen",
        "seen",
        "only as vectors",
        "seen",
    ]


def test_an_entity_is_as_known_as_its_least_known_word(groups):
    found = entity_groups(spans((0, 1, 0), (1, 3, 0), (3, 5, 0), (5, 6, 0)), groups)
    assert found.tolist() == [0, 2, 1, 0]


def test_every_group_is_scored_apart(groups):
    """Seen: of two gold, one found right, one with another type. Vectors: `new york`, and a spurious `lyon`."""
    gold = tags(spans((0, 1, 0), (3, 5, 0), (5, 6, 0)), 6)
    predicted = spans((0, 1, 0), (1, 2, 0), (3, 5, 0), (5, 6, 1))
    scores = score_groups(gold, predicted, groups)
    assert {name: (counts.support, counts.predicted, counts.correct) for name, counts in scores.items()} == {
        "seen": (2, 2, 1),
        "only as vectors": (1, 2, 1),
        "unseen": (0, 0, 0),
    }


def test_groups_add_up_to_the_whole():
    rng = np.random.default_rng(0)
    starts = np.cumsum(rng.integers(2, 5, 50))
    sides = [Spans(starts, starts + rng.integers(1, 3, 50), rng.integers(0, 2, 50)) for _ in range(2)]
    length = starts[-1] + 3
    scores = score_groups(tags(sides[0], length), sides[1], rng.integers(0, 3, length))
    assert (
        sum(counts.support for counts in scores.values()) == sum(counts.predicted for counts in scores.values()) == 50
    )
    same = (sides[0].end == sides[1].end) & (sides[0].type_id == sides[1].type_id)
    assert sum(counts.correct for counts in scores.values()) == same.sum() > 0


def test_no_entities(groups):
    none = Spans(*(np.zeros(0, dtype=np.intp) for _ in range(3)))
    assert all(counts.f1 == 0 for counts in score_groups(tags(none, 6), none, groups).values())
