"""One trained tagger and sentences for it."""

import numpy as np
import pytest
from synthetic import Tiny, draw_sentence, train_tiny

from windowner.tagger.tagger import Tagger


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def tagger(tiny) -> Tagger:
    return Tagger.load(tiny.model)


@pytest.fixture(scope="session")
def sentences() -> list[list[str]]:
    """Sentences of 3 to 20 tokens, some with words that training did not see."""
    rng = np.random.default_rng(4)
    drawn = [[token for token, _ in draw_sentence(rng)] for _ in range(60)]
    return [[*tokens, f"unseen{i}"] if i % 3 == 0 else tokens for i, tokens in enumerate(drawn)]


@pytest.fixture(scope="session")
def expected(tagger, sentences) -> list[list[str]]:
    return tagger.tag(sentences)
