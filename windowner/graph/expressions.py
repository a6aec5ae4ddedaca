"""Scalar expressions such as `(x + y) * max(y, z)`, which become computation graphs.

Python's parser reads the text, and nothing executes it. Only the parts that `EXPECTED` lists become nodes. Every other
part is an error, and the message shows its place.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from windowner.errors import DataError
from windowner.graph.engine import Gradients, Values, backward, forward
from windowner.graph.nodes import Node, source

FUNCTIONS: dict[str, tuple[int, Callable[..., Node]]] = {
    "max": (2, Node.max),
    "exp": (1, Node.exp),
    "log": (1, Node.log),
    "sigmoid": (1, Node.sigmoid),
    "tanh": (1, Node.tanh),
    "hard_tanh": (1, Node.hard_tanh),
    "relu": (1, Node.relu),
    "leaky_relu": (1, Node.leaky_relu),
    "swish": (1, Node.swish),
}
"""The functions of an expression by name: their numbers of arguments, and their methods of `Node`."""

OPERATORS: dict[type[ast.operator], Callable[..., Node]] = {
    ast.Add: Node.__add__,
    ast.Sub: Node.__sub__,
    ast.Mult: Node.__mul__,
    ast.Div: Node.__truediv__,
}

EXPECTED = f"numbers, names, + - * /, ** with a constant exponent, parentheses, and {', '.join(FUNCTIONS)}"
LONGEST, DEEPEST = 500, 50
"""Limits in characters and in levels of nesting. Larger pictures could not be read."""

LARGEST_EXPONENT = 100


class Expression(NamedTuple):
    """The graph of an expression: its output, and its inputs by name in the order of their first use."""

    output: Node
    inputs: dict[str, Node]


class Derivatives(NamedTuple):
    """The graph of an expression at one point: its output, its values and its gradients."""

    output: Node
    values: Values
    gradients: Gradients


def parse_expression(text: str) -> Expression:
    """Return the graph of an expression.

    Parameters
    ----------
    text : str
        For example `(x + y) * max(y, z)`. A name is one node wherever it occurs; each number is a node of its own.

    Raises
    ------
    DataError
        If the text has a part that `EXPECTED` does not list. The message shows its place.
    """
    if len(text) > LONGEST:
        raise DataError(f"expression: {len(text)} characters, expected at most {LONGEST}")
    text = " ".join(text.split())  # on one line, so that the column alone says the place
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on style is of no use here
            tree = ast.parse(text, "<expression>", "eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:  # all errors of ast.parse for a text
        offset = getattr(error, "offset", None)  # from 1; 0 or None at the end of the text
        raise _refusal(text, offset - 1 if offset else len(text), getattr(error, "msg", str(error)), EXPECTED) from None
    return _Reader(text).read(tree.body)


def differentiate(text: str, numbers: Mapping[str, float]) -> Derivatives:
    """Return the values and gradients of an expression at a point.

    Parameters
    ----------
    text : str
        The expression.
    numbers : mapping of str to float
        The value of each name.

    Raises
    ------
    DataError
        If the expression cannot be read, if a name has no value, if a value belongs to no name, or if a result is
        infinite or undefined.
    """
    output, inputs = parse_expression(text)
    if missing := [name for name in inputs if name not in numbers]:
        raise DataError(f"expression {text}: no value for {', '.join(missing)}, expected for example {missing[0]}=1")
    if unknown := [name for name in numbers if name not in inputs]:
        expected = f"values for {', '.join(inputs)}" if inputs else "no values"
        raise DataError(f"expression {text}: a value for {', '.join(unknown)}, expected {expected}")
    with np.errstate(all="ignore"):  # `_check_finite` reports results that are not finite
        values = forward(output, {node: np.float64(numbers[name]) for name, node in inputs.items()})
        gradients = backward(output, values)
    _check_finite(text, "value", values)
    _check_finite(text, "gradient", gradients)
    return Derivatives(output, values, gradients)


class _Reader:
    """A reader of syntax trees, which builds nodes from the parts that `EXPECTED` lists."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.inputs: dict[str, Node] = {}

    def read(self, tree: ast.expr) -> Expression:
        return Expression(self.node(tree, 1), self.inputs)

    def node(self, tree: ast.expr, depth: int) -> Node:
        """Return the node of a subtree at a depth of nesting."""
        if depth > DEEPEST:
            raise self.refuse(tree, f"nesting of more than {DEEPEST} levels", "fewer")
        match tree:
            case ast.Name(name) if name not in FUNCTIONS:
                return self.inputs.setdefault(name, source(name=name))
            case ast.Constant() | ast.UnaryOp(ast.USub() | ast.UAdd(), ast.Constant()):
                number = self.number(tree)
                return source(np.float64(number), f"{number:g}")
            case ast.UnaryOp(ast.USub(), operand):
                return -self.node(operand, depth + 1)
            case ast.BinOp(base, ast.Pow(), exponent):
                return self.node(base, depth + 1) ** self.exponent(exponent)
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                return OPERATORS[type(operator)](self.node(left, depth + 1), self.node(right, depth + 1))
            case ast.Call(ast.Name(name), arguments, []) if name in FUNCTIONS:
                count, method = FUNCTIONS[name]
                if len(arguments) != count:
                    raise self.refuse(tree, f"{name} of {len(arguments)} values", f"{name} of {count}")
                return method(*(self.node(argument, depth + 1) for argument in arguments))
        raise self.refuse(tree, self.quote(tree), EXPECTED)

    def number(self, tree: ast.expr) -> float:
        """Return a constant, which may have a sign."""
        match tree:
            case ast.UnaryOp(ast.USub(), operand):
                return -self.number(operand)
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.number(operand)
            case ast.Constant(int() | float() as number) if not isinstance(number, bool) and abs(number) <= 1e300:
                return float(number)
        raise self.refuse(tree, self.quote(tree), "a number")

    def exponent(self, tree: ast.expr) -> float:
        """Return the exponent of a power."""
        number = self.number(tree)
        if abs(number) > LARGEST_EXPONENT:
            raise self.refuse(tree, f"the exponent {number:g}", f"-{LARGEST_EXPONENT} to {LARGEST_EXPONENT}")
        return number

    def quote(self, tree: ast.expr) -> str:
        """Return the text of a subtree, or its first 40 characters."""
        written = ast.get_source_segment(self.text, tree) or ""
        return f"`{written}`" if len(written) <= 40 else f"`{written[:40]} ...`"

    def refuse(self, tree: ast.expr, found: str, expected: str) -> DataError:
        """Return an error that points at a subtree."""
        # ast counts bytes of UTF-8; the caret counts characters.
        column = len(self.text.encode()[: tree.col_offset].decode())
        return _refusal(self.text, column, f"found {found}", expected)


def _refusal(text: str, column: int, found: str, expected: str) -> DataError:
    """Return an error that points into the expression."""
    return DataError(f"expression, column {column + 1}: {found}, expected {expected}\n  {text}\n  {' ' * column}^")


def _check_finite(text: str, kind: str, numbers: Mapping[Node, Any]) -> None:
    """Raise a `DataError` if a result is infinite or undefined."""
    for node, number in numbers.items():
        if not np.isfinite(number):
            what = node.name or f"`{node.gate}`"
            raise DataError(f"expression {text}: the {kind} of {what} is {number}, expected a finite number")
