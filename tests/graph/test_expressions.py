"""Expressions are read into graphs, right or refused with their place, and never run."""

import contextlib
import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.graph.engine import forward
from windowner.graph.expressions import EXPECTED, FUNCTIONS, differentiate, parse_expression
from windowner.graph.nodes import Node


def compute(text, **numbers):
    return differentiate(text, numbers).values.popitem()[1]


def test_the_lecture_example():
    output, values, gradients = differentiate("(x + y) * max(y, z)", {"x": 1, "y": 2, "z": 0})
    _, inputs = parse_expression("(x + y) * max(y, z)")
    assert list(inputs) == ["x", "y", "z"]
    assert values[output] == 6
    found = {node.name: gradient for node, gradient in gradients.items() if not node.gate}
    assert found == {"x": 2, "y": 5, "z": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x - y - 1", 2 - 3 - 1),
        ("x - (y - 1)", 2 - (3 - 1)),
        ("x / y / 2", 2 / 3 / 2),
        ("-x ** 2", -4),
        ("(-x) ** 2", 4),
        ("x ** -3", 2**-3),
        ("y ** 0.5 * 2", 3**0.5 * 2),
        ("2 * -x + +3", -1),
        ("1e-3 * x + 0x10", 16.002),
        ("max(x, y) + max(y, x)", 6),
        ("exp(x) + log(y)", math.exp(2) + math.log(3)),
        ("sigmoid(x) + tanh(y)", 1 / (1 + math.exp(-2)) + math.tanh(3)),
        ("hard_tanh(x) + relu(-y) + leaky_relu(-y)", 1 - 0.03),
        ("swish(x)", 2 / (1 + math.exp(-2))),
        ("x\n + \t y", 5),
        ("7", 7),
        ("π * größe", 6),
    ],
)
def test_values(text, expected):
    _, inputs = parse_expression(text)
    numbers = {"x": 2, "y": 3, "π": 2, "größe": 3}
    assert compute(text, **{name: numbers[name] for name in inputs}) == pytest.approx(expected, rel=1e-15)


def test_a_name_is_one_node_and_a_number_is_shown_as_such():
    output, inputs = parse_expression("x * x + 2 * x")
    order = forward(output, {inputs["x"]: 3.0})
    assert sum(node.name == "x" for node in order) == 1
    assert [node.name for node in order if not node.gate] == ["x", "2"]


@pytest.mark.parametrize(
    ("text", "column", "found"),
    [
        ("", 1, "invalid syntax"),
        ("x +", 4, "invalid syntax"),
        ("(x", 1, "'(' was never closed"),
        ("x = 3", 3, "invalid syntax"),
        ("x; y", 2, "invalid syntax"),
        ("x + y.real", 5, "found `y.real`"),
        ("é + y.real", 5, "found `y.real`"),
        ("1 + __import__('os').system('true')", 5, "found `__import__('os').system('true')`"),
        ("x * (lambda: 1)", 6, "found `lambda: 1`"),
        ("x * foo(y)", 5, "found `foo(y)`"),
        ("x + max", 5, "found `max`"),
        ("max(x)", 1, "found max of 1 values, expected max of 2"),
        ("exp(x, y)", 1, "found exp of 2 values, expected exp of 1"),
        ("max(*x, y)", 5, "found `*x`"),
        ("max(x, y, key=z)", 1, "found `max(x, y, key=z)`"),
        ("(exp)(x) + exp(x)(y)", 12, "found `exp(x)(y)`"),
        ("x ** y", 6, "found `y`, expected a number"),
        ("x ** 101", 6, "found the exponent 101, expected -100 to 100"),
        ("x ** 9 ** 9 ** 9", 6, "found `9 ** 9 ** 9`, expected a number"),
        ("x * 'a'", 5, "found `'a'`"),
        ("x * 1j", 5, "found `1j`"),
        ("x * True", 5, "found `True`"),
        ("x * 1e999", 5, "found `1e999`"),
        ("x // y", 1, "found `x // y`"),
        ("x @ y", 1, "found `x @ y`"),
        ("~x", 1, "found `~x`"),
        ("x < y", 1, "found `x < y`"),
        ("x if y else z", 1, "found `x if y else z`"),
        ("[x][0]", 1, "found `[x][0]`"),
        ("(x := 3)", 2, "found `x := 3`"),
        ("f'{x}'", 1, "found `f'{x}'`"),
        ("-" * 60 + "x", 51, "found nesting of more than 50 levels"),
        ("x" + " * x" * 60, 1, "found nesting of more than 50 levels"),
    ],
)
def test_what_is_refused_and_where(text, column, found):
    with pytest.raises(DataError) as error:
        parse_expression(text)
    message, written, caret = str(error.value).split("\n")
    assert message.startswith(f"expression, column {column}: {found}")
    assert "expected" in message
    assert written == f"  {text}"
    assert caret == " " * (column + 1) + "^"


def test_a_long_find_is_cut():
    with pytest.raises(DataError, match=r"found `9{40} \.\.\.`, expected a number"):
        parse_expression("9" * 400)


@pytest.mark.parametrize("text", ["(" * 400 + "x" + ")" * 400, "x" * 501])
def test_a_long_expression_is_refused(text):
    with pytest.raises(DataError, match=f"expression: {len(text)} characters, expected at most 500"):
        parse_expression(text)


@pytest.mark.parametrize("text", ["(" * 240 + "x" + ")" * 240, "x\0", "1if x else y", "'\\d' * x", "\ud800"])
def test_what_the_parser_of_python_refuses_or_warns_of_is_a_data_error(text):
    with pytest.raises(DataError, match="expression, column"):
        parse_expression(text)


def test_what_the_parser_of_python_advises_is_not_passed_on():
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with pytest.raises(DataError):
            parse_expression("1if x else y")
    assert not heard


@settings(max_examples=300, derandomize=True)
@given(st.text(alphabet="xyz012+-*/(),. eEjmaxp_'\"\\:=<>[]{}%&|^~@!;#\n", max_size=30))
def test_any_text_is_a_graph_or_a_data_error(text):
    with contextlib.suppress(DataError):
        output, inputs = parse_expression(text)
        assert isinstance(output, Node)
        assert all(isinstance(node, Node) for node in inputs.values())


@pytest.mark.parametrize(
    ("text", "numbers", "message"),
    [
        ("x + y", {"y": 1}, r"expression x \+ y: no value for x, expected for example x=1"),
        ("x", {"x": 1, "why": 2}, "expression x: a value for why, expected values for x"),
        ("3", {"x": 1}, "expression 3: a value for x, expected no values"),
        ("x / y", {"x": 1, "y": 0}, "the value of `/` is inf, expected a finite number"),
        ("log(x)", {"x": -1}, "the value of `log` is nan, expected a finite number"),
        ("exp(x)", {"x": 1000}, "the value of `exp` is inf"),
        ("x ** 0.5", {"x": 0}, "the gradient of x is inf"),
        ("x + 1", {"x": math.inf}, "the value of x is inf"),
    ],
)
def test_values_that_do_not_fit(text, numbers, message):
    with pytest.raises(DataError, match=message):
        differentiate(text, numbers)


def test_every_function_is_named_in_what_is_expected():
    assert all(name in EXPECTED for name in FUNCTIONS)
    assert np.isfinite(
        compute(" + ".join(f"{name}(x{', y' * (count - 1)})" for name, (count, _) in FUNCTIONS.items()), x=1, y=2)
    )
