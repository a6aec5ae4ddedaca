"""A computation graph with its values and gradients, as text, as a Mermaid flowchart and as a picture.

`view` holds the numbers that are shown. `text` writes them. `drawing` draws them. `animation` shows them step by step,
with the formulas of `local`. `layout` and `layers` compute the places of boxes and arrows, and `canvas` draws them.
Only `drawing`, `animation` and `canvas` need matplotlib.
"""
