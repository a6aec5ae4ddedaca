"""Which words of the training text a model file holds: with frozen, fine-tuned and no vectors, and with a gazetteer."""

from pathlib import Path

import pytest
from synthetic import train_tiny, write_tiny

from windowner.config.loading import load_config
from windowner.runs.training import train
from windowner.tagger.held_words import held_words
from windowner.tagger.parts import read_model

EARLIER = Path(__file__).parent / "earlier"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return a function that trains with the vectors in a mode, and returns the model and its training tokens."""
    folder = tmp_path_factory.mktemp("held")
    config = write_tiny(folder)

    def train_there(mode):
        settings = [f'vectors.source="{folder / "vectors.txt"}"', f"vectors.mode={mode}", "train.epochs=1"]
        return train(load_config(config, settings), folder / mode).tagger.model

    return train_there, {line.split()[0] for line in (folder / "train.conll").read_text().splitlines() if line}


def test_without_vectors_it_is_every_training_word(tmp_path_factory):
    tiny = train_tiny(tmp_path_factory.getbasetemp())
    tokens = {line.split()[0] for line in (tiny.folder / "train.conll").read_text().splitlines() if line}
    words = held_words(tiny.run.tagger.model)
    assert set(words.training) == tokens - {"-DOCSTART-"}
    assert (words.others, words.hidden, words.names) == (0, False, [])
    assert words.values["capitals"] == 2


def test_fine_tuned_vectors_hold_every_training_word_and_frozen_ones_hide_them(runs):
    train_there, tokens = runs
    fine_tuned, frozen = (held_words(train_there(mode)) for mode in ("fine-tuned", "frozen"))
    assert {word.lower() for word in fine_tuned.training} == {token.lower() for token in tokens} - {"-docstart-"}
    assert "zurich" not in fine_tuned.training  # a word of the vectors alone
    assert not fine_tuned.hidden
    assert sorted(frozen.training) == ["Mei", "Omar"]  # those without a vector
    assert frozen.hidden
    assert frozen.others == fine_tuned.others + len(fine_tuned.training) - len(frozen.training)


def test_names_of_the_training_text_stand_in_the_gazetteer():
    words = held_words(read_model(EARLIER / "format-5.safetensors"))
    assert len(words.names) == 58
    assert words.as_dict()["names_of_gazetteer"] == 58
    assert words.values["characters"] > 10
