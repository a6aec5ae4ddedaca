"""The window network as a graph of gates, in the form of the lecture.

    x  = [x_-2 x_-1 x_0 x_1 x_2]     (N, C*D)     the rows of every window's words, side by side
    z1 = x W + b1,  h = f(z1)        (N, H)       with W as (C*D, H)
    z2 = h U + b2                    (N, K)
    J  = cross-entropy(z2, y) + l2/2 (|W|^2 + |U|^2)

With characters, x also holds X_c of every window's words (`gradients.character_graph`).

With a document head, the matrix A of the batch is written out, and the loss is the mean of both heads' losses:

    c  = A h,  z2_document = [h, c] [U_own; U_others] + b2_document           with A[t, u] = 1 / (n - 1), (N, N)

`loss_graph` holds the loss of whole sentences, of words that are not annotated, and of soft labels.

`graph.engine` computes the gradients gate by gate. It does not use distinct forms or an incidence matrix. Its gradients
agree with those of `network.model` to 1e-12. This is the strongest check of the derivation by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Array, Ids
from windowner.gradients.character_graph import character_graph, character_sources
from windowner.gradients.loss_graph import label_loss, ratio_loss
from windowner.graph.engine import Gradients, Values, backward, forward
from windowner.graph.gates import dense
from windowner.graph.nodes import Node, concatenate, source
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.encoding import encode
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.labels import agreeing_tags
from windowner.inputs.mentions import Mentions
from windowner.network.activations import NO_MASKS, Masks
from windowner.network.characters import W_NAME
from windowner.network.document import BIAS, OTHERS, OWN
from windowner.network.model import WindowNetwork


@dataclass(frozen=True)
class WindowGraph:
    """The graph of a batch's loss.

    Parameters
    ----------
    loss
        The output J.
    parameters
        The sources that hold parameters, by the network's names of them. W is (C*D, H) here.
    """

    loss: Node
    parameters: dict[str, Node]


def build_graph(network: WindowNetwork, batch: Batch, l2: float = 0.0, masks: Masks = NO_MASKS) -> WindowGraph:
    """Return the graph of the loss of a batch with tags."""
    D, C, H = network.W.shape
    forms = batch.S.columns // C  # (N, C): the form at each position of each window
    tables = [source(table.E, table.parameter) for table in network.tables]
    W = source(network.W.transpose(1, 0, 2).reshape(C * D, H), "W")
    b1, U, b2 = source(network.b1, "b1"), source(network.U, "U"), source(network.b2, "b2")

    parts = [_look_up(table, batch.F[:, column][forms]) for column, table in enumerate(tables)]  # (N, C, D_j) each
    letters: dict[str, Node] = {}
    if network.characters is not None:
        letters = character_sources(network.characters)
        X_c = character_graph(network.characters, letters, batch.F[:, len(tables) :])
        parts.append(X_c.gather(source(forms, "forms")))  # (N, C, D_c)
    words = concatenate(*parts) if len(parts) > 1 else parts[0]
    words = words if masks.input is None else words.dropout(masks.input[forms])
    x = words.reshape(shape=(-1, C * D)).named("x")
    z1 = (x @ W + b1).named("z1")
    h = _apply(network.nonlinearity, z1).named("h")
    h_masked = h if masks.hidden is None else h.dropout(masks.hidden)
    z2 = (h_masked @ U + b2).named("z2")
    chain = {} if network.chain is None else {name: source(p, name) for name, p in network.chain.parameters.items()}
    y = source(batch.y, "y")
    agrees = agreeing_tags(len(network.b2), batch.sets)
    heads = [z2]
    J = label_loss(z2, y, batch, chain, agrees)
    squared_norm = W.squared_norm() + U.squared_norm()
    head: dict[str, Node] = {}
    if network.document is not None and batch.A is not None:
        head = {name: source(p, name) for name, p in network.document.parameters.items()}
        c = (source(mention_matrix(batch.A, len(batch)), "A") @ h_masked).named("c")
        z2_document = concatenate(h_masked, c) @ concatenate(head[OWN], head[OTHERS], axis=0) + head[BIAS]
        heads.append(z2_document.named("z2.document"))
        J = (J + label_loss(z2_document, y, batch, chain, agrees)) / 2.0
        squared_norm = squared_norm + head[OWN].squared_norm() + head[OTHERS].squared_norm()
    if batch.prior is not None:
        J = J + ratio_loss(heads, y.value, batch, chain, batch.prior)
    if l2:
        J = J + l2 / 2 * squared_norm
    sources = [*tables, *letters.values(), W, b1, U, b2, *head.values(), *chain.values()]
    parameters = {node.name: node for node in sources}
    return WindowGraph(J.named("J"), parameters)


def graph_loss(
    network: WindowNetwork,
    batch: Batch,
    l2: float = 0.0,
    masks: Masks = NO_MASKS,
) -> tuple[float, dict[str, Array]]:
    """Return the loss and the gradient of every parameter, computed by the graph. Shapes are the network's."""
    graph = build_graph(network, batch, l2, masks)
    values = forward(graph.loss)
    gradients_by_node = backward(graph.loss, values)
    gradients = {
        # transitions have no part in the loss of sentences of one word
        name: dense(gradients_by_node[node]) if node in gradients_by_node else np.zeros(node.value.shape)
        for name, node in graph.parameters.items()
    }
    gradients["W"] = positions_second(gradients["W"], network.W.shape)
    if network.characters is not None:
        gradients[W_NAME] = positions_second(gradients[W_NAME], network.characters.W.shape)
    return float(values[graph.loss]), gradients


def differentiate_window(
    network: WindowNetwork, encoder: FormEncoder, tokens: Sequence[str], word: int, tag: int | None, chain: bool = False
) -> tuple[Values, Gradients]:
    """Return the values and gradients of the graph of one window.

    The loss is the cross-entropy of the window's own logits. With `chain` it is the loss of a sentence of this one
    word, in which the scores of the network's chain take part.

    Parameters
    ----------
    network, encoder
        The network, and the encoder of its forms.
    tokens
        The tokens of a sentence.
    word
        Number of the center word, from 0.
    tag
        Number of the tag whose loss is computed. None takes the least likely tag, which has the largest gradients.
    chain
        Whether the network's chain takes part.
    """
    network = network if chain else replace(network, chain=None)
    forms = Forms(encoder)
    text = encode([tokens], forms, network.radius).windows(word, word + 1)
    batch = make_batch(text, forms.F, Distinct(len(forms.F)))
    y = int(network.forward(batch).z2.argmin()) if tag is None else tag
    graph = build_graph(network, replace(batch, y=np.array([y], dtype=np.int32)))
    values = forward(graph.loss)
    return values, backward(graph.loss, values)


def mention_matrix(A: Mentions, count: int) -> Array:
    """Return the matrix A of a batch's words, (N, N), entry by entry."""
    matrix = np.zeros((count, count))
    groups = dict(zip(A.tokens.tolist(), A.groups.tolist(), strict=True))
    for t, group in groups.items():
        others = [u for u, other in groups.items() if other == group and u != t]
        matrix[t, others] = 1 / len(others)
    return matrix


def positions_second(W: Array, shape: tuple[int, ...]) -> Array:
    """Return a matrix of the graph, (C*D, H), in the shape (D, C, H) that the network has."""
    D, C, H = shape
    return W.reshape(C, D, H).transpose(1, 0, 2)


def _look_up(table: Node, ids: Ids) -> Node:
    """Return the rows of a table with the numbers `ids`, (N, C), as (N, C, D_j)."""
    return table.gather(source(ids, f"rows of {table.name}"))


def _apply(nonlinearity: str, z: Node) -> Node:
    """Return the output of the gate with the name of a nonlinearity."""
    gate: Node = getattr(z, nonlinearity.replace("-", "_"))()
    return gate
