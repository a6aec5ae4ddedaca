"""Items in layers: in which order they stand, and where.

    3. Within a layer, items are sorted by the mean place of their neighbours, to and fro; the order with the fewest
       crossings is kept.
    4. Items move as near to their neighbours as order and gaps allow; some pull more than others.

The numbers go on from those in `layout`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

Size = tuple[float, float]

SORTING_SWEEPS, MOVING_SWEEPS = 12, 200


@dataclass
class Item:
    """A node, a label or a bend."""

    layer: int
    size: Size
    pull: float
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    y: float = 0.0


def ordered(items: list[Item]) -> list[list[int]]:
    """Return the items of each layer in an order with few crossings."""
    layers: list[list[int]] = [[] for _ in range(1 + max(item.layer for item in items))]
    for place, item in enumerate(items):
        layers[item.layer].append(place)
    best = [list(layer) for layer in layers]
    for sweep in range(SORTING_SWEEPS):
        forth = sweep % 2 == 0
        for layer in layers if forth else reversed(layers):
            _sort_by_neighbours(items, layer, layers, forth)
        if _crossings(items, layers) < _crossings(items, best):
            best = [list(layer) for layer in layers]
    return best


def _sort_by_neighbours(items: list[Item], layer: list[int], layers: list[list[int]], forth: bool) -> None:
    """Sort a layer by the mean place of each item's neighbours in the layer before, or after."""
    places = {item: at for other in layers for at, item in enumerate(other)}

    def mean_place(item: int) -> float:
        neighbours = items[item].before if forth else items[item].after
        return float(np.mean([places[other] for other in neighbours])) if neighbours else places[item]

    layer.sort(key=mean_place)


def _crossings(items: list[Item], layers: list[list[int]]) -> int:
    """Count the pairs of links that cross between neighbouring layers."""
    crossings = 0
    for one, other in pairwise(layers):
        place = {item: at for at, item in enumerate(other)}
        ends = [place[end] for start in one for end in sorted(items[start].after, key=lambda item: place[item])]
        crossings += sum(left > right for at, left in enumerate(ends) for right in ends[at + 1 :])
    return crossings


def place_across(items: list[Item], layers: list[list[int]], gap: float) -> None:
    """Give every item its y: near its neighbours, in order, `gap` apart; the smallest extent is at 0."""
    for layer in layers:
        _pack([items[i] for i in layer], [0.0] * len(layer), [1.0] * len(layer), gap)
    for sweep in range(MOVING_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wishes, pulls = zip(*(_wish(items, item) for item in layer), strict=True)
            _pack([items[i] for i in layer], wishes, pulls, gap)
    top = min(item.y - item.size[1] / 2 for item in items)
    for item in items:
        item.y -= top


def _wish(items: list[Item], place: int) -> tuple[float, float]:
    """Return where an item's neighbours pull it, and how strongly."""
    item = items[place]
    links = [(items[other].y, min(items[other].pull, item.pull)) for other in item.before + item.after]
    strength = sum(pull for _, pull in links)
    return (sum(y * pull for y, pull in links) / strength, strength) if links else (item.y, item.pull)


def _pack(layer: list[Item], wishes: Sequence[float], pulls: Sequence[float], gap: float) -> None:
    """Place a layer's items as near to their wishes as order and gap allow, in weighted least squares.

    With the room that must lie before each item taken off, what is left is to make the wishes ascend: neighbours that
    do not are pooled into blocks at their mean.
    """
    room = list(accumulate((one.size[1] / 2 + gap + other.size[1] / 2 for one, other in pairwise(layer)), initial=0.0))
    blocks: list[tuple[float, float, int]] = []  # mean, pull, number of items
    for wish, pull, before in zip(wishes, pulls, room, strict=True):
        block = wish - before, pull, 1
        while blocks and blocks[-1][0] > block[0]:
            block = _pooled(blocks.pop(), block)
        blocks.append(block)
    ascending = [mean for mean, _, count in blocks for _ in range(count)]
    for item, y, before in zip(layer, ascending, room, strict=True):
        item.y = y + before


def _pooled(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    """Return two blocks as one."""
    pull = one[1] + other[1]
    return (one[0] * one[1] + other[0] * other[1]) / pull, pull, one[2] + other[2]
