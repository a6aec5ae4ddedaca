"""What several tests of tagging read."""

import pytest
from synthetic import Tiny, train_tiny


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())
