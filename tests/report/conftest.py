"""Runs on the made-up corpus: without vectors, with frozen and with fine-tuned ones."""

import pytest
from synthetic import train_tiny, write_tiny, write_vectors

from windowner.config.loading import load_config
from windowner.runs.folder import read_run
from windowner.runs.training import train


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The made-up corpus and a run on it, without vectors."""
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def tiny_vectors(tmp_path_factory):
    """Word vectors of the made-up corpus, by word."""
    return write_vectors(tmp_path_factory.mktemp("vectors") / "vectors.txt")


@pytest.fixture(scope="session")
def tiny_with_vectors(tmp_path_factory):
    """Return a function that trains on the made-up corpus with its vectors, frozen or fine-tuned."""

    def train_there(mode):
        config = write_tiny(tmp_path_factory.mktemp(mode))
        source = f'vectors.source="{config.parent / "vectors.txt"}"'
        train(load_config(config, [source, f"vectors.mode={mode}"]), config.parent / "run")
        return read_run(config.parent / "run")

    return train_there


@pytest.fixture(scope="session")
def fine_tuned_run(tiny_with_vectors):
    """A run that fine-tuned its vectors."""
    return tiny_with_vectors("fine-tuned")


@pytest.fixture(scope="session")
def frozen_run(tiny_with_vectors):
    """A run that kept its vectors."""
    return tiny_with_vectors("frozen")
