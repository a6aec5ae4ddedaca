"""A config of the test's own."""

from pathlib import Path

import pytest
from synthetic import write_tiny


@pytest.fixture
def path(tmp_path) -> Path:
    """Path of a config with its corpora and vectors."""
    return write_tiny(tmp_path / "project")
