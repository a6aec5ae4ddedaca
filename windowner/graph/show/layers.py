"""Items in layers: their order within a layer, and their places.

    3. Items of a layer are sorted by the mean place of their neighbours, layer by layer, forwards and backwards in
       turn. The order with the fewest crossings is kept.
    4. Items move as near to their neighbours as order and gaps allow. Some items pull more than others.

Steps 1 and 2 are in `layout`.
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
        forwards = sweep % 2 == 0
        for layer in layers if forwards else reversed(layers):
            _sort_by_neighbours(items, layer, layers, forwards)
        if _crossings(items, layers) < _crossings(items, best):
            best = [list(layer) for layer in layers]
    return best


def _sort_by_neighbours(items: list[Item], layer: list[int], layers: list[list[int]], forwards: bool) -> None:
    """Sort a layer by the mean place of each item's neighbours in the layer before, or after."""
    places = {item: at for other in layers for at, item in enumerate(other)}

    def mean_place(item: int) -> float:
        neighbours = items[item].before if forwards else items[item].after
        return float(np.mean([places[other] for other in neighbours])) if neighbours else places[item]

    layer.sort(key=mean_place)


def _crossings(items: list[Item], layers: list[list[int]]) -> int:
    """Count the pairs of links that cross between neighbouring layers."""
    crossings = 0
    for layer, following in pairwise(layers):
        place = {item: at for at, item in enumerate(following)}
        ends = [place[end] for start in layer for end in sorted(items[start].after, key=lambda item: place[item])]
        crossings += sum(left > right for at, left in enumerate(ends) for right in ends[at + 1 :])
    return crossings


def place_across(items: list[Item], layers: list[list[int]], gap: float) -> None:
    """Set every item's y: near its neighbours, in the order of its layer, `gap` apart. The topmost edge is at 0."""
    for layer in layers:
        pack([items[i] for i in layer], [0.0] * len(layer), [1.0] * len(layer), gap)
    for sweep in range(MOVING_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wishes, pulls = zip(*(_wish(items, item) for item in layer), strict=True)
            pack([items[i] for i in layer], wishes, pulls, gap)
    top = min(item.y - item.size[1] / 2 for item in items)
    for item in items:
        item.y -= top


def _wish(items: list[Item], place: int) -> tuple[float, float]:
    """Return where an item's neighbours pull it, and how strongly."""
    item = items[place]
    links = [(items[other].y, min(items[other].pull, item.pull)) for other in item.before + item.after]
    strength = sum(pull for _, pull in links)
    return (sum(y * pull for y, pull in links) / strength, strength) if links else (item.y, item.pull)


def pack(layer: list[Item], wishes: Sequence[float], pulls: Sequence[float], gap: float) -> None:
    """Place a layer's items as near to their wishes as order and gap allow, in weighted least squares.

    The room that lies before each item is subtracted from its wish. The places that remain must ascend, and the nearest
    ascending places are an isotonic regression.
    """
    halves = [item.size[1] / 2 for item in layer]
    room = list(accumulate((above + gap + below for above, below in pairwise(halves)), initial=0.0))
    free = isotonic_regression(np.subtract(wishes, room), weights=pulls).x
    for item, y, before in zip(layer, free.tolist(), room, strict=True):
        item.y = y + before
