"""Computation graphs in numpy: nodes and gates, the numeric gradient check, expressions and pictures.

Read the modules in this order:

    nodes          sources, operations, and the operators that build a graph
    engine         forward and backward
    gates          each gate's function and local derivative
    numeric        the check of any gradient
    steps          the step that the check needs
    expressions    a graph from a text
    show           a graph as text and as a picture
"""
