"""The compiled loops come from SciPy's file, and the rest of scipy.sparse works beside them."""

from importlib.machinery import PathFinder

import numpy as np
import scipy.sparse

from windowner.inputs import compiled_loops
from windowner.inputs.incidence import Incidence


def test_scipy_sparse_works_after_the_loops_were_loaded():
    S, P = Incidence(np.array([[0, 2], [1, 1]], dtype=np.int32), 3), np.eye(3)
    assert (S @ P == scipy.sparse.csr_array(S.toarray()) @ P).all()


def test_without_the_file_the_package_is_imported(monkeypatch):
    monkeypatch.setattr(PathFinder, "find_spec", lambda name, path: None)
    assert compiled_loops._load_loops() is scipy.sparse._sparsetools


def test_a_file_that_cannot_be_loaded_is_imported_with_the_package(monkeypatch):
    def fail(spec):
        raise ImportError("DLL load failed")

    monkeypatch.setattr(compiled_loops, "module_from_spec", fail)
    assert compiled_loops._load_loops() is scipy.sparse._sparsetools
