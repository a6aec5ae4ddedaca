"""Computation graphs in numpy: nodes and gates, the numeric gradient check, expressions and pictures.

To be read in this order: `nodes`, `engine` (forward and backward), `gates` (each gate's function and local derivative),
`numeric` (the check of both), `expressions`, `view` and what shows it: `text`, and `drawing` with `layout`, `layers`
and `canvas`. Only `drawing` and `canvas` need matplotlib.
"""
