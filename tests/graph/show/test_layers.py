"""Items stand near their neighbours: worked examples."""

import pytest

from windowner.graph.show.layers import Item, pack, place_across


def test_items_are_packed_by_weighted_least_squares():
    """Two items, 10 high and 10 apart, both wish to be at 0; the first pulls with 3 and the second with 1.

    3 a^2 + (a + 20)^2 is least where 4 a = -20, so a = -5. The third item is at its wish, which is far away.
    """
    layer = [Item(0, (10, 10), pull=1) for _ in range(3)]
    pack(layer, targets=(0, 0, 100), pulls=(3, 1, 1), gap=10)
    assert [item.y for item in layer] == pytest.approx([-5, 15, 100])


def test_room_is_kept_between_items_of_any_height():
    """Wishes in the wrong order: the items end side by side, half of 20 + 4 + half of 6 = 17 apart."""
    layer = [Item(0, (10, 20), pull=1), Item(0, (10, 6), pull=1)]
    pack(layer, targets=(10, 0), pulls=(1, 1), gap=4)
    assert [item.y for item in layer] == pytest.approx([5 - 8.5, 5 + 8.5])


def test_a_parent_stands_between_its_children():
    """Both children, 10 high, want to be at the parent's y; with a gap of 10 the nearest places are 10 above and below.

    The topmost edge is at 0, so the children are at 5 and 25, and the parent is at their mean.
    """
    parent = Item(0, (10, 10), pull=1, after=[1, 2])
    children = [Item(1, (10, 10), pull=1, before=[0]) for _ in range(2)]
    place_across([parent, *children], [[0], [1, 2]], gap=10)
    assert [item.y for item in (parent, *children)] == pytest.approx([15, 5, 25])
