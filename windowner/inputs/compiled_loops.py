"""SciPy's compiled loops for compressed sparse rows: `csr_matvecs` and `csc_matvecs`, without the rest of scipy.sparse.

The loops need nothing of it, and its import takes as long as the rest of a start of `windowner tag` (CONTRIBUTING.md).
"""

from contextlib import suppress
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType


def _load_loops() -> ModuleType:
    """Return the module of the loops: from its file, or by a whole import where SciPy is installed in another way."""
    package = find_spec("scipy")
    folders = [] if package is None else package.submodule_search_locations or []
    spec = PathFinder.find_spec("_sparsetools", [str(Path(folder) / "sparse") for folder in folders])
    if spec is not None and spec.loader is not None:
        with suppress(ImportError):  # the loops need a library that SciPy's package would load first
            loops = module_from_spec(spec)
            spec.loader.exec_module(loops)
            return loops
    from scipy.sparse import _sparsetools

    return _sparsetools


_loops = _load_loops()
csr_matvecs, csc_matvecs = _loops.csr_matvecs, _loops.csc_matvecs
