"""The least time that this machine's rates allow: the work of a batch, divided by the rates of `machine_rates`.

    N windows, R distinct forms, C words per window, D numbers per form, H hidden units, K tags; a float has 4 bytes

                      training step                                      tagging of known words
    products, FLOP    2 p R D C H + 6 N H K                              2 N H K
    chain, FLOP       12 N K^2, each counted twice                       8 N K^2, each counted twice
    near rows of H    2 N C     rows of P and of dP                      N C    rows of P
    far rows of D     R, and s R where rows are updated                  0
    copied floats     2 N H, or 5 N H and 3 R D with dropout             N H, and 3 N K in float64 for the chain
    parameters        (2 s + 1) D C H                                    0

p is the number of products with W: 3, or 2 where no row of a table is trainable. s is the number of arrays per
parameter that a step changes: 1 for SGD, 3 for Adam. Rows and copied floats are read once and written once. Without
dropout, f and f' each pass over the windows. With dropout, so do the drawing of the mask and its two applications. The
rows of P are counted as if they stood in a cache. The chain is in float64, where an operation takes the time of two.

Work that these lines do not count has no limit here: function calls, dictionaries, the making of F and S, strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FLOAT = 4
STATES = {"sgd": 1, "adam": 3}


@dataclass(frozen=True)
class Shape:
    """The mean size of a batch.

    Parameters
    ----------
    N, R, C, D, H, K
        As in the module's table.
    chain
        Whether there is a chain.
    """

    N: float
    R: float
    C: int
    D: int
    H: int
    K: int
    chain: bool = False


@dataclass(frozen=True)
class Work:
    """What a batch needs at least: operations, and bytes that are gathered near and far, and copied."""

    product: float
    near: float
    far: float
    copy: float

    def seconds(self, rates: Mapping[str, float]) -> dict[str, float]:
        """Return the time of each part, given operations and bytes per second."""
        return {name: amount / rates[name] for name, amount in vars(self).items()}


def training_work(shape: Shape, optimizer: str, fine_tuned: bool, dropout: bool) -> Work:
    """Return the work of a training step."""
    N, R, C, D, H, K = shape.N, shape.R, shape.C, shape.D, shape.H, shape.K
    states = STATES[optimizer]
    updated = 2 * states * R if fine_tuned else 0
    windows = (5 if dropout else 2) * N * H
    forms = 3 * R * D if dropout else 0
    return Work(
        product=2 * (3 if fine_tuned else 2) * R * D * C * H + 6 * N * H * K + chain_operations(shape, 12),
        near=2 * N * C * 2 * FLOAT * H,
        far=(2 * R + updated) * FLOAT * D,
        copy=FLOAT * (2 * windows + 2 * forms + (2 * states + 1) * D * C * H),
    )


def tagging_work(shape: Shape) -> Work:
    """Return the work of tagging N windows whose words are known."""
    N, C, H, K = shape.N, shape.C, shape.H, shape.K
    messages = 2 * 3 * N * K * 2 * FLOAT if shape.chain else 0
    return Work(
        product=2 * N * H * K + chain_operations(shape, 8),
        near=N * C * 2 * FLOAT * H,
        far=0.0,
        copy=2 * FLOAT * N * H + messages,
    )


def chain_operations(shape: Shape, per_pair: int) -> float:
    """Return the operations of a chain's messages, each of which counts twice because they are in float64."""
    return 2 * per_pair * shape.N * shape.K**2 if shape.chain else 0.0
