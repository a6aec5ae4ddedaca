"""The local gradients of gates as formulas, in the names of a graph.

For a scalar gate z = f(x, ...) the formula is that of dz/dx. For a gate of arrays it is that of what the gate sends to
x, where dz is the upstream gradient: no gate builds the matrix dz/dx.
"""

from collections.abc import Sequence

SCALAR = {
    "+": ("1", "1"),
    "-": ("1", "-1"),
    "*": ("{1}", "{0}"),
    "/": ("1 / {1}", "-{0} / {1}^2"),
    "max": ("1 if {0} > {1}, else 0", "1 if {1} > {0}, else 0"),
    "neg": ("-1",),
    "exp": ("{z}",),
    "log": ("1 / {0}",),
    "sigmoid": ("{z} (1 - {z})",),
    "tanh": ("1 - {z}^2",),
    "hard tanh": ("1 if -1 < {0} < 1, else 0",),
    "relu": ("1 if {0} > 0, else 0",),
    "leaky relu": ("1 if {0} > 0, else 0.01",),
    "swish": ("s + {z} (1 - s) with s = sigmoid({0})",),
}

ARRAYS = {
    "@": ("d{z} @ {1}.T", "{0}.T @ d{z}"),
    "+": ("d{z}", "d{z}, summed over the rows"),
    "gather": ("d{z}, added to the row that each place was taken from",),
    "reshape": ("d{z} in the shape of {0}",),
    "relu": ("d{z} where {0} > 0, else 0",),
    "tanh": ("d{z} * (1 - {z}^2)",),
    "cross-entropy": ("(softmax({0}) - onehot({1})) / N",),
}


def local_formula(gate: str, name: str, operands: Sequence[str], place: int) -> str:
    """Return dz/dx of a scalar gate: `name` is z, and x is the operand at a place."""
    if gate.startswith("^"):
        exponent = float(gate[1:])
        return f"{exponent:g} {operands[0]}" + ("" if exponent == 2 else f"^{exponent - 1:g}")
    return SCALAR[gate][place].format(*operands, z=name)


def array_formula(gate: str, name: str, operands: Sequence[str], place: int) -> str:
    """Return what a gate of arrays sends to the operand at a place. Empty for gates that have no formula here."""
    formulas = ARRAYS.get(gate, ())
    return formulas[place].format(*operands, z=name) if place < len(formulas) else ""
