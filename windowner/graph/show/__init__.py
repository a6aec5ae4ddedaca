"""Shows a computation graph after forward and backward: as text, as a Mermaid flowchart, and as a picture.

`view` holds the numbers that are shown. `text` writes them. `drawing` draws them: `layout` and `layers` choose the
places, and `canvas` draws boxes and arrows there. Only `drawing` and `canvas` need matplotlib.
"""
