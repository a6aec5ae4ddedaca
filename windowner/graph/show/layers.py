"""Steps 3 and 4 of a layout: the order of the items within each layer, and their places.

    3. Each layer is sorted by the mean place of each item's neighbours in the layer before. The next sweep goes
       backwards and takes the neighbours in the layer after. The order with the fewest crossings is kept.
    4. Items move as near to their neighbours as the order and the gaps allow. Some items pull more than others. After
       that, the label and the bends of an edge move to a common y over as many layers as the room allows.

`layout` has steps 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from scipy.optimize import isotonic_regression

Size = tuple[float, float]

SORTING_SWEEPS, MOVING_SWEEPS = 12, 200


@dataclass
class Item:
    """A node, a label or a bend.

    `before` and `after` are its neighbours in the layers before and after, by their numbers. `pull` is the weight with
    which it attracts them. `y` is its place across the layer.
    """

    layer: int
    size: Size
    pull: float
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    y: float = 0.0


def ordered(items: list[Item]) -> list[list[int]]:
    """Return the items of each layer in an order with few crossings."""
    layers: list[list[int]] = [[] for _ in range(1 + max(item.layer for item in items))]
    for number, item in enumerate(items):
        layers[item.layer].append(number)
    best = [list(layer) for layer in layers]
    for sweep in range(SORTING_SWEEPS):
        forwards = sweep % 2 == 0
        for layer in layers if forwards else reversed(layers):
            _sort_by_neighbours(items, layer, layers, forwards)
        if _crossings(items, layers) < _crossings(items, best):
            best = [list(layer) for layer in layers]
    return best


def _sort_by_neighbours(items: list[Item], layer: list[int], layers: list[list[int]], forwards: bool) -> None:
    """Sort a layer by the mean place of each item's neighbours in the layer before, or in the layer after."""
    places = {item: place for other in layers for place, item in enumerate(other)}

    def mean_place(item: int) -> float:
        neighbours = items[item].before if forwards else items[item].after
        return float(np.mean([places[other] for other in neighbours])) if neighbours else places[item]

    layer.sort(key=mean_place)


def _crossings(items: list[Item], layers: list[list[int]]) -> int:
    """Count the pairs of links that cross between neighbouring layers."""
    crossings = 0
    for layer, following in pairwise(layers):
        places = {item: place for place, item in enumerate(following)}
        ends = [place for start in layer for place in sorted(places[end] for end in items[start].after)]
        crossings += sum(left > right for number, left in enumerate(ends) for right in ends[number + 1 :])
    return crossings


def place_across(items: list[Item], layers: list[list[int]], gap: float) -> None:
    """Set the y of every item, near its neighbours and in the order of its layer. The topmost edge is at 0.

    Items of a layer are at least `gap` apart.
    """
    for layer in layers:
        pack([items[i] for i in layer], [0.0] * len(layer), [1.0] * len(layer), gap)
    for sweep in range(MOVING_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            targets, pulls = zip(*(_target(items, items[i]) for i in layer), strict=True)
            pack([items[i] for i in layer], targets, pulls, gap)
    top = min(item.y - item.size[1] / 2 for item in items)
    for item in items:
        item.y -= top


def _target(items: list[Item], item: Item) -> tuple[float, float]:
    """Return the y to which an item's neighbours pull it, and the strength of the pull."""
    links = [(items[other].y, min(items[other].pull, item.pull)) for other in item.before + item.after]
    strength = sum(pull for _, pull in links)
    return (sum(y * pull for y, pull in links) / strength, strength) if links else (item.y, item.pull)


def pack(layer: list[Item], targets: Sequence[float], pulls: Sequence[float], gap: float) -> None:
    """Set the y of a layer's items as near to their targets as the order and the gap allow.

    `room` is the least distance of an item from the first one. So y - room must not decrease from item to item. The
    nearest such numbers in weighted least squares are the isotonic regression of target - room.
    """
    halves = [item.size[1] / 2 for item in layer]
    room = list(accumulate((above + gap + below for above, below in pairwise(halves)), initial=0.0))
    free = isotonic_regression(np.subtract(targets, room), weights=pulls).x
    for item, y, before in zip(layer, free.tolist(), room, strict=True):
        item.y = y + before


def straighten(items: list[Item], layers: list[list[int]], between: Sequence[int], gap: float) -> None:
    """Move the items of one edge into as few straight lines as the room beside them allows.

    `between` are the edge's label and bends, in the order of their layers. A line goes on as long as its items have a y
    in common. No other item moves, and the picture does not grow.
    """
    bottom = max(item.y + item.size[1] / 2 for item in items)
    line: list[int] = []
    low, high = -np.inf, np.inf
    for number in between:
        lowest, highest = _room(items, layers[items[number].layer], number, gap, bottom)
        if max(low, lowest) > min(high, highest):
            _align(items, line, low, high)
            line, low, high = [], -np.inf, np.inf
        line.append(number)
        low, high = max(low, lowest), min(high, highest)
    _align(items, line, low, high)


def _room(items: list[Item], layer: list[int], number: int, gap: float, bottom: float) -> tuple[float, float]:
    """Return the smallest and the largest y that an item can have while its neighbours in the layer stay."""
    place, half = layer.index(number), items[number].size[1] / 2
    above = [items[i].y + items[i].size[1] / 2 + gap for i in layer[place - 1 : place]] if place else [0.0]
    below = [items[i].y - items[i].size[1] / 2 - gap for i in layer[place + 1 : place + 2]] or [bottom]
    y = items[number].y
    return min(above[0] + half, y), max(below[0] - half, y)  # at y there is room, except for rounding


def _align(items: list[Item], line: list[int], low: float, high: float) -> None:
    """Give the items of a line the y between two bounds that is nearest to that of the edge's neighbour."""
    if line:
        wish = items[items[line[0]].before[0]].y
        for number in line:
            items[number].y = float(min(max(wish, low), high))
