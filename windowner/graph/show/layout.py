"""The layout of a graph: places of its nodes, edge labels and edges, where nothing overlaps.

The method is Sugiyama's (IEEE Transactions on Systems, Man and Cybernetics 11, 1981), in a small form:

    1. A node is in the layer of its longest path from a source. A source is in the layer before its first gate.
    2. Between two layers of nodes lies a layer of edge labels. An edge passes through every layer between its ends. It
       has its label in one of these layers, and a bend in the others. Labels and bends take up room, as nodes do.
    3. Items of a layer are sorted so that few edges cross.
    4. Items move near to their neighbours. Gates pull more than sources, so that the computation runs straight and its
       parameters stand beside it. Then the bends of each edge move into as few straight lines as the room allows.
       `layers` has steps 3 and 4.

`x` runs along the layers and `y` across them. Edges bend only between layers and are straight inside them, so that no
edge touches a label or a node that is not its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from windowner.graph.show.layers import Item, Size, ordered, place_across, straighten

Point = tuple[float, float]

GATE_PULL, SOURCE_PULL = 40.0, 1.0
BEND = (0.0, 6.0)
STUB = 9.0
"""Length of the straight end of an edge, which has room for the head of an arrow."""


@dataclass(frozen=True)
class Layout:
    """Centers of nodes and of edge labels, the corners of each edge's route, and the size of the whole."""

    nodes: list[Point]
    labels: list[Point]
    routes: list[list[Point]]
    width: float
    height: float

    def moved(self, right: float, down: float) -> "Layout":
        """Return the layout with every point moved."""
        return self._mapped(lambda point: (point[0] + right, point[1] + down), self.width, self.height)

    def turned(self) -> "Layout":
        """Return the layout from top to bottom. This layout must have been made of sizes (height, width)."""
        return self._mapped(lambda point: (point[1], point[0]), self.height, self.width)

    def _mapped(self, function: Callable[[Point], Point], width: float, height: float) -> "Layout":
        routes = [[function(point) for point in route] for route in self.routes]
        return Layout(list(map(function, self.nodes)), list(map(function, self.labels)), routes, width, height)


def lay_out(
    node_sizes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    label_sizes: Sequence[Size],
    *,
    layer_gap: float,
    item_gap: float,
) -> Layout:
    """Return the layout of nodes, which are given in topological order, and of the edges between them.

    Parameters
    ----------
    node_sizes, label_sizes : sequence of (float, float)
        Size of each node, and of each edge's label, along and across the layers.
    edges : sequence of (int, int)
        Start and end of each edge, as places in `node_sizes`.
    layer_gap, item_gap : float
        Room between layers, and between the items of a layer.
    """
    ranks = _ranks(len(node_sizes), edges)
    gates = {end for _, end in edges}
    pulls = [GATE_PULL if node in gates else SOURCE_PULL for node in range(len(ranks))]
    items = [Item(2 * rank, size, pull) for rank, size, pull in zip(ranks, node_sizes, pulls, strict=True)]
    chains = [_chain(items, start, end, size) for (start, end), size in zip(edges, label_sizes, strict=True)]
    layers = ordered(items)
    place_across(items, layers, item_gap)
    for chain in chains:
        straighten(items, layers, chain[1:-1], item_gap)
    columns = _columns(items, layers, layer_gap)
    centers = [(sum(columns[item.layer]) / 2, item.y) for item in items]
    labels = [centers[next(i for i in chain if items[i].layer == items[chain[-1]].layer - 1)] for chain in chains]
    height = max(item.y + item.size[1] / 2 for item in items)
    routes = [_route(items, chain, columns, centers) for chain in chains]
    return Layout(centers[: len(node_sizes)], labels, routes, columns[-1][1] - STUB, height)


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return each node's layer, counted among the layers of nodes."""
    rank = [0] * count
    for start, end in sorted(edges, key=lambda edge: edge[1]):
        rank[end] = max(rank[end], rank[start] + 1)
    gates = {end for _, end in edges}
    for node in range(count):
        if node not in gates:
            rank[node] = min((rank[end] for start, end in edges if start == node), default=1) - 1
    return rank


def _chain(items: list[Item], start: int, end: int, label: Size) -> list[int]:
    """Add an edge's label and bends to the layers between its ends. Return the items on its route."""
    chain = [start]
    for layer in range(items[start].layer + 1, items[end].layer):
        items.append(Item(layer, label if layer == items[end].layer - 1 else BEND, items[start].pull))
        chain.append(len(items) - 1)
    chain.append(end)
    for item, following in pairwise(chain):
        items[item].after.append(following)
        items[following].before.append(item)
    return chain


def _columns(items: list[Item], layers: list[list[int]], gap: float) -> list[tuple[float, float]]:
    """Return the x at which each layer begins and ends. Layers of nodes have stubs on both sides for the edges."""
    columns, x = [], -STUB
    for number, layer in enumerate(layers):
        width = max(items[i].size[0] for i in layer) + (0 if number % 2 else 2 * STUB)
        columns.append((x, x + width))
        x += width + gap
    return columns


def _route(
    items: list[Item], chain: list[int], columns: list[tuple[float, float]], centers: list[Point]
) -> list[Point]:
    """Return the corners of an edge's route, from the border of its start to the border of its end."""
    start, *between, end = chain
    points = [
        (centers[start][0] + items[start].size[0] / 2, items[start].y),
        (columns[items[start].layer][1], items[start].y),
    ]
    for i in between:
        points += [(x, items[i].y) for x in columns[items[i].layer]]
    return [
        *points,
        (columns[items[end].layer][0], items[end].y),
        (centers[end][0] - items[end].size[0] / 2, items[end].y),
    ]
