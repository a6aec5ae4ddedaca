"""A computation graph as a page that opens from disk: it is stepped through forward and backward, gate by gate."""

from pathlib import Path

from windowner.graph.show.view import GraphView
from windowner.report.figures import load_matplotlib
from windowner.report.page import render, write_page


def write_graph_page(view: GraphView, title: str, path: Path) -> Path:
    """Write the page of a graph, and return its path.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The page cannot be written.
    """
    return write_page("graph.html", {"title": title, "graph": graph_steps(view)}, path)


def graph_page(view: GraphView, title: str) -> str:
    """Return the page of a graph as text.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    return render("graph.html", {"title": title, "graph": graph_steps(view)})[0]


def graph_steps(view: GraphView) -> dict[str, object]:
    """Return what the template `steps.html` shows of a graph: its SVG, the width of it, and a caption for each step.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    load_matplotlib()  # which measures text
    from markupsafe import Markup

    from windowner.graph.show.animation import animate

    found = animate(view)
    return {"svg": Markup(found.svg), "width": found.width, "captions": found.captions}
