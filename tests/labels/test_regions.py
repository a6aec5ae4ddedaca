"""Regions of two labellings, worked out by hand."""

import pytest

from windowner.labels.regions import Region, differing_regions
from windowner.text.token_spans import TokenSpan, sentence_spans, span_tags


def spans(*entities):
    return tuple(TokenSpan(*entity) for entity in entities)


@pytest.mark.parametrize(
    ("gold", "suggested", "kind"),
    [
        (spans(), spans((1, 2, "PER")), "missed"),
        (spans((1, 2, "PER")), spans(), "spurious"),
        (spans((1, 2, "PER")), spans((1, 2, "LOC")), "type"),
        (spans((1, 2, "PER")), spans((1, 3, "PER")), "boundary"),
        (spans((0, 2, "ORG"), (2, 3, "LOC")), spans((0, 3, "ORG")), "boundary"),
    ],
)
def test_each_kind_once(gold, suggested, kind):
    (region,) = differing_regions(7, gold, suggested)
    assert (region.kind, region.gold, region.suggested) == (kind, gold, suggested)
    assert region.sentence == 7
    assert region._replace(agreed=True).kind == "inconsistent"


def test_what_both_sides_have_is_in_no_region_and_neighbours_are_regions_of_their_own():
    same = spans((0, 1, "PER"))
    gold, suggested = (*same, *spans((1, 2, "LOC"))), (*same, *spans((2, 3, "LOC")))
    assert differing_regions(0, gold, suggested) == [
        Region(0, 1, 2, spans((1, 2, "LOC")), ()),
        Region(0, 2, 3, (), spans((2, 3, "LOC"))),
    ]


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES", "BILOU"])
def test_tags_of_spans_are_read_as_the_same_spans(scheme):
    entities = spans((0, 1, "PER"), (1, 3, "PER"), (3, 4, "LOC"), (5, 8, "PER"))
    assert sentence_spans([span_tags(entities, 9, scheme)]) == [list(entities)]
