"""A computation graph with its values and gradients, as text, as a Mermaid flowchart and as a picture.

`view` holds the numbers that are shown. `text` writes them. `drawing` draws them. For `drawing`, `layout` and `layers`
compute the places of boxes and arrows, and `canvas` draws them. Only `drawing` and `canvas` need matplotlib.
"""
