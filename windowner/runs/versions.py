"""The versions of what a training runs on, which its model file keeps."""

import platform
from importlib.metadata import version

import numpy as np


def versions() -> dict[str, str]:
    """Return the versions of windowner, NumPy and Python that run now."""
    return {"windowner": version("windowner"), "numpy": np.__version__, "python": platform.python_version()}
