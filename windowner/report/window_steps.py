"""The computation graph of a run's own network on one window of dev, which its page steps through.

The window is the first one on which the tagger misses an entity, because a loss that is not near 0 has gradients that
can be seen. If it misses none, it is the first one with an entity. The scores of tag sequences are left out, as in
`windowner graph`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from windowner.gradients.graph import differentiate_window
from windowner.graph.show.view import view_graph
from windowner.report.graph_page import graph_steps
from windowner.report.mistakes import dev_entities
from windowner.runs.folder import RunFolder
from windowner.text.token_spans import TokenSpan, span_tags


@dataclass(frozen=True)
class WindowSteps:
    """A window, and the graph of its loss.

    Parameters
    ----------
    before, center, after
        Its words.
    tag
        The gold tag of the center word.
    graph
        From `graph_steps`.
    """

    before: Sequence[str]
    center: str
    after: Sequence[str]
    tag: str
    graph: dict[str, Any]


def window_steps(run: RunFolder) -> WindowSteps | None:
    """Return a window of a run's dev with its graph; None if dev holds no entity that the model knows."""
    model = run.tagger.model
    chosen = _choose(run)
    if chosen is None:
        return None
    tokens, span = chosen
    word, radius = span.start, model.network.radius
    tag = span_tags([span], len(tokens), model.config.data.scheme)[word]
    number = model.tags.names.index(tag)
    view = view_graph(*differentiate_window(model.network, model.encoder, tokens, word, number))
    before, after = tokens[max(0, word - radius) : word], tokens[word + 1 : word + 1 + radius]
    return WindowSteps(before, tokens[word], after, tag, graph_steps(view))


def _choose(run: RunFolder) -> tuple[list[str], TokenSpan] | None:
    """Return a sentence, and an entity in it whose first word is the center of the window."""
    missed = ((tokens, span) for tokens, span, is_found in _known_entities(run) if not is_found)
    known = ((tokens, span) for tokens, span, _ in _known_entities(run))
    return next(missed, None) or next(known, None)


def _known_entities(run: RunFolder) -> Iterator[tuple[list[str], TokenSpan, bool]]:
    """Yield the gold entities of dev whose types the model knows, each with its sentence and whether it is found."""
    types = set(run.tagger.model.tags.types)
    for sentence, gold, predicted in zip(run.dev, *dev_entities(run), strict=True):
        for span in gold:
            if span.type in types:
                yield sentence.tokens, span, span in predicted
