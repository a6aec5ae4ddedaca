"""SciPy's compiled loops for compressed sparse rows: `csr_matvecs` and `csc_matvecs`, without the rest of scipy.sparse.

The loops need nothing of it, and its import takes as long as the rest of a start of `windowner tag` (CONTRIBUTING.md).
"""

from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import scipy


def _load_loops() -> ModuleType:
    """Return the module of the loops: from its file, or by a whole import where SciPy is installed in another way."""
    spec = PathFinder.find_spec("_sparsetools", [str(Path(folder) / "sparse") for folder in scipy.__path__])
    if spec is None or spec.loader is None:
        from scipy.sparse import _sparsetools

        return _sparsetools
    loops = module_from_spec(spec)
    spec.loader.exec_module(loops)
    return loops


_loops = _load_loops()
csr_matvecs, csc_matvecs = _loops.csr_matvecs, _loops.csc_matvecs
