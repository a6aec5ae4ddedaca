"""The gates. Each gate computes its output and its local gradient, without access to the graph."""

from windowner.graph.gates.arithmetic import Add, Divide, MatrixProduct, Max, Multiply, Negate, Power, Subtract
from windowner.graph.gates.arrangement import Concatenate, Dropout, Gather, Reshape, Transpose
from windowner.graph.gates.base import Elementwise, Gate, Gradient, RowGradient, Value, dense
from windowner.graph.gates.nonlinear import Exp, HardTanh, LeakyReLU, Log, ReLU, Sigmoid, Swish, Tanh
from windowner.graph.gates.reductions import CrossEntropy, LogSumExp, Mean, Softmax, SquaredNorm, Sum

__all__ = [
    "Add",
    "Concatenate",
    "CrossEntropy",
    "Divide",
    "Dropout",
    "Elementwise",
    "Exp",
    "Gate",
    "Gather",
    "Gradient",
    "HardTanh",
    "LeakyReLU",
    "Log",
    "LogSumExp",
    "MatrixProduct",
    "Max",
    "Mean",
    "Multiply",
    "Negate",
    "Power",
    "ReLU",
    "Reshape",
    "RowGradient",
    "Sigmoid",
    "Softmax",
    "SquaredNorm",
    "Subtract",
    "Sum",
    "Swish",
    "Tanh",
    "Transpose",
    "Value",
    "dense",
]
