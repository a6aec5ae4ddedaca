"""What several tests of tagging read, and an engine without processes."""

from dataclasses import replace

import pytest
from synthetic import Tiny, train_documents, train_tiny

from windowner.errors import DataError
from windowner.tagger.tagger import Tagger
from windowner.tagging.streams import tag_stream


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def documents(tmp_path_factory) -> Tiny:
    return train_documents(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def short_stretches(documents) -> Tagger:
    """A tagger of short stretches, with votes so strong that other edges give other tags."""
    model = documents.run.tagger.model
    head = replace(model.network.document, others=8 * model.network.document.others)
    config = replace(model.config, model=replace(model.config.model, stretch=5))
    return Tagger(replace(model, config=config, network=replace(model.network, document=head)))


class Serial:
    """An engine without processes: each item as a worker gets it, one after the other."""

    def __init__(self, jobs):
        pass

    def map_in_order(self, start, items, shared):
        work = start(shared)
        for number, item in enumerate(items):
            yield number, work(item)


@pytest.fixture
def serial(monkeypatch) -> type[Serial]:
    """The engine in the place of the local one."""
    monkeypatch.setattr("windowner.engines.local.LocalEngine", Serial)
    return Serial


@pytest.fixture
def outcome(serial):
    """What tags a stream, and returns what comes out, and the error."""

    def tag(task, stream, jobs):
        pieces = []
        try:
            pieces.extend(piece for piece, _ in tag_stream(task, stream, jobs))
        except DataError as error:
            return b"".join(pieces), str(error)
        return b"".join(pieces), ""

    return tag
