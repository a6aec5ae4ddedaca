"""A graph as plain text, and as a Mermaid flowchart for Markdown pages."""

import re

from windowner.graph.show.view import EdgeView, GraphView, NodeView, gradient_text, number_text, shape_text


def to_text(view: GraphView) -> str:
    """Return two tables: the nodes in the order of the forward pass, and the edges in that of the backward pass."""
    return f"{_table(_node_rows(view))}\n\n{_table(_edge_rows(view))}\n"


def to_mermaid(view: GraphView) -> str:
    """Return a Mermaid flowchart, from left to right for a scalar graph and from top to bottom for other graphs."""
    lines = ["flowchart LR" if view.is_scalar else "flowchart TB"]
    for place, node in enumerate(view.nodes):
        left, right = ("([", "])") if node.is_source else ("[", "]")
        lines.append(f'    v{place}{left}"{_node_text(view, place, node)}"{right}')
    for edge in view.edges:
        lines.append(f'    v{edge.start} -- "{_edge_text(view, edge)}" --> v{edge.end}')
    return "\n".join(lines) + "\n"


def _node_rows(view: GraphView) -> list[list[str]]:
    """Return the table of nodes."""
    if view.is_scalar:
        rows = [["node", "is", "value", "gradient"]]
        row = [[node.name, node.formula, number_text(node.value)] for node in view.nodes]
    else:
        rows = [["node", "is", "shape", "mean |value|", "mean |gradient|"]]
        row = [[node.name, node.formula, shape_text(node.shape), number_text(node.value)] for node in view.nodes]
    return rows + [[*cells, gradient_text(view, place)] for place, cells in enumerate(row)]


def _edge_rows(view: GraphView) -> list[list[str]]:
    """Return the table of edges. Edges of arrays are shown without a local gradient."""
    rows = [["backward", "upstream", "* local", "= downstream"]]
    for edge in reversed(view.edges):
        ends = f"{view.nodes[edge.end].name} -> {view.nodes[edge.start].name}"
        rows.append([ends, *map(number_text, (edge.upstream, edge.local, edge.downstream))])
    return rows if view.is_scalar else [[ends, up, down] for ends, up, _, down in rows]


def _table(rows: list[list[str]]) -> str:
    """Return the text of a table whose columns are aligned to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _node_text(view: GraphView, place: int, node: NodeView) -> str:
    """Return a node's Mermaid text."""
    labels = ("value", "gradient") if view.is_scalar else ("mean |value|", "mean |gradient|")
    title = node.name if node.is_source else f"{node.name} = {node.formula}"
    lines = [title, f"{labels[0]} {number_text(node.value)}", f"{labels[1]} {gradient_text(view, place)}"]
    return "<br/>".join(map(_escaped, lines))


def _edge_text(view: GraphView, edge: EdgeView) -> str:
    """Return an edge's Mermaid text."""
    if not view.is_scalar:
        return _escaped(shape_text(edge.shape))
    return f"{_escaped(number_text(edge.value))}<br/>{_escaped(edge.product_text)}"


def _escaped(text: str) -> str:
    """Return text in which each character that Mermaid or Markdown could read as markup is written as its code."""
    return re.sub(r"[^\w .=,()]", lambda match: f"#{ord(match.group())};", text)
