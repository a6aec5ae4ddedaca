"""Arrays that NumPy wrote: what is no array of numbers is refused, whatever reads it."""

import io

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors.reading import map_array

ROWS = np.arange(6, dtype=np.float32).reshape(2, 3)


def saved(function, *values, **options):
    stream = io.BytesIO()
    function(stream, *values, **options)
    return stream.getvalue()


def test_an_array_is_mapped(tmp_path):
    (tmp_path / "a").write_bytes(saved(np.save, ROWS))
    found = map_array(tmp_path / "a")
    assert isinstance(found, np.memmap)
    np.testing.assert_array_equal(found, ROWS)


@pytest.mark.parametrize(
    "content",
    [
        saved(np.savez, ROWS),
        saved(np.savez_compressed, ROWS, ROWS),
        saved(np.savez),
        saved(np.save, np.array([None]), allow_pickle=True),
        saved(np.save, ROWS)[:-1],
        b"PK\3\4",
        b"",
    ],
    ids=["archive", "packed", "empty-archive", "objects", "truncated", "broken-archive", "empty"],
)
def test_what_is_no_array_of_numbers(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(VectorsError, match="damaged, or not an array of numbers"):
        map_array(tmp_path / "a")
