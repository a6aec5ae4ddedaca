"""Sentences with tags, the same as texts with spans, and a trained tagger in a run's folder."""

from typing import NamedTuple

import numpy as np
import pytest
from synthetic import draw_sentence, train_tiny

from windowner.text.conversion import document_of
from windowner.text.sentence import Sentence


class Samples(NamedTuple):
    """Samples as scikit-learn takes them."""

    X: list
    y: list


@pytest.fixture(scope="session")
def sentences() -> Samples:
    rng = np.random.default_rng(0)
    drawn = [draw_sentence(rng) for _ in range(80)]
    return Samples([[str(token) for token, _ in rows] for rows in drawn], [[tag for _, tag in rows] for rows in drawn])


@pytest.fixture(scope="session")
def texts(sentences) -> Samples:
    pairs = zip(sentences.X, sentences.y, strict=True)
    documents = [document_of([Sentence(tokens, tags, 1, [])]) for tokens, tags in pairs]
    spans = [[(span.start, span.end, span.label) for span in document.spans] for document in documents]
    return Samples([document.text for document in documents], spans)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Folder of a run that finds people and places."""
    return train_tiny(tmp_path_factory.getbasetemp()).run.folder
