"""A share of the training sentences, and readers that remember."""

import numpy as np
import pytest
from synthetic import write_tiny
from windowner.runs.sources import Readers, draw_fraction, read_corpora

from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.training.observer import SILENT


@pytest.fixture(scope="module")
def config_path(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("sources"))


def lines(corpus):
    return [sentence.line for sentence in corpus.sentences]


def training_lines(path, fraction, seed):
    config = load_config(path, [f"data.fraction={fraction}", f"train.seed={seed}"])
    return lines(read_corpora(config, np.random.default_rng(seed), SILENT)["train"])


def test_a_smaller_share_is_part_of_a_larger_one(config_path):
    tenth, third, whole = (training_lines(config_path, fraction, 1) for fraction in (0.1, 0.3, 1.0))
    assert [len(tenth), len(third), len(whole)] == [25, 75, 250]
    assert set(tenth) < set(third) < set(whole)
    assert third == sorted(third)


def test_another_seed_draws_others(config_path):
    assert training_lines(config_path, 0.3, 1) != training_lines(config_path, 0.3, 2)


def test_it_does_not_change_what_else_is_drawn(config_path):
    left = []
    for fraction in (0.3, 1.0):
        rng = np.random.default_rng(0)
        config = load_config(config_path, [f"data.fraction={fraction}", 'data.dev=""'])
        corpora = read_corpora(config, rng, SILENT)
        left.append((lines(corpora["dev"]), rng.random()))
    assert left[0] == left[1]


def test_a_share_without_entities_is_refused(config_path):
    corpus = read_corpus(config_path.parent / "train.conll")
    empty = [sentence for sentence in corpus.sentences if set(sentence.tags) == {"O"}]
    with pytest.raises(DataError, match=r"train.conll: data.fraction = 0.01: all tags of 1 sentences are O"):
        draw_fraction(type(corpus)(**{**vars(corpus), "sentences": empty[:3]}), 0.01, 0)


def test_readers_are_asked(config_path):
    asked = []

    def remembering(path, **columns):
        asked.append(path.name)
        return read_corpus(path, **columns)

    read_corpora(load_config(config_path), np.random.default_rng(0), SILENT, Readers(corpus=remembering))
    assert asked == ["train.conll", "dev.conll", "test.conll"]
