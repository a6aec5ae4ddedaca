"""Small taggers, and a service of one of them."""

from collections.abc import Iterator

import pytest
from serving import Running, serving
from synthetic import Tiny, train_documents, train_tiny

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    """A small tagger and the files that it comes from; tests must not change them."""
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def documents(tmp_path_factory) -> Tiny:
    """A small tagger that reads documents; tests must not change it."""
    return train_documents(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def service(tiny) -> Iterator[Running]:
    """A service with small limits."""
    with serving(tiny.run.folder, "--max-seconds", "0.6", "--max-body-mb", "0.1", "--max-connections", "20") as running:
        yield running
