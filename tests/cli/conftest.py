import pytest
from synthetic import Tiny, train_tiny, write_tiny


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    """A small tagger and the files that it comes from; tests must not change them."""
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture
def config(tmp_path):
    """Path of a config of the test's own, with its corpora and `vectors.txt` beside it."""
    return write_tiny(tmp_path / "project")
