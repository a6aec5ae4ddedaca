"""The vectors that a config names: frozen or fine-tuned, which words they cover, and which rows may be trained."""

from dataclasses import replace

import numpy as np
import pytest
from preparing import Notes, prepared
from synthetic import write_vectors

import windowner.runs.word_vectors
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError, VectorsError
from windowner.runs.readers import Readers
from windowner.runs.word_vectors import choose_mode, read_sources
from windowner.vectors.loading import load_vectors


@pytest.fixture
def config(path) -> Config:
    """A config with vectors, which are not read here."""
    return load_config(path, ["vectors.source=v.txt", "vectors.mode=auto"])


@pytest.mark.parametrize(
    ("words", "mode", "reason"),
    [
        (9, "frozen", "9 training words, fewer than 10"),
        (10, "fine-tuned", "10 training words, between 10 and 2,000"),
        (2000, "fine-tuned", "2,000 training words, between 10 and 2,000"),
        (2001, "fine-tuned", "2,001 training words, more than 2,000"),
    ],
)
def test_auto_reports_its_choice_the_reason_and_the_other_command(config, monkeypatch, words, mode, reason):
    monkeypatch.setattr(windowner.runs.word_vectors, "FREEZE_BELOW", 10)
    monkeypatch.setattr(windowner.runs.word_vectors, "FINE_TUNE_ABOVE", 2000)
    notes = Notes()
    assert choose_mode(config, words, notes).vectors.mode == mode
    other = {"frozen": "fine-tuned", "fine-tuned": "frozen"}[mode]
    assert notes.text == (
        f'vectors.mode = "auto": {mode} ({reason})\n'
        "  A rule of thumb; trying both is better: run the same command with "
        f"--{other} --out runs/tiny-{other}\n"
    )


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_a_mode_that_the_config_names_is_taken_without_a_note(config, mode):
    config = replace(config, vectors=replace(config.vectors, mode=mode))
    notes = Notes()
    assert choose_mode(config, 10**9, notes) is config
    assert not notes.text


def test_without_vectors_the_cost_is_reported(path):
    ready, notes = prepared(path)
    assert "vectors.source is empty: word vectors start at random" in notes
    assert "points of entity F1" in notes
    assert (ready.coverage, ready.words.trained) == ({}, len(ready.model.words.E))


def test_random_vectors_cannot_be_frozen(path):
    with pytest.raises(ConfigError, match=r'^vectors.mode = "frozen" without vectors.source: '):
        prepared(path, "vectors.mode=frozen")


def test_bad_vectors(path):
    with pytest.raises(VectorsError, match=r"/no\.txt: no such file; expected vectors.source to be a file or"):
        prepared(path, f"vectors.source={path.parent}/no.txt")
    (path.parent / "bad.txt").write_text("a 1 2\nb 1\n")
    with pytest.raises(VectorsError, match=r"/bad\.txt:2: found 1 number, expected 2"):
        prepared(path, f"vectors.source={path.parent}/bad.txt")


def test_coverage_is_counted_by_corpus(path):
    ready, notes = prepared(path, f"vectors.source={path.parent}/vectors.txt")
    train = ready.corpora["train"]
    oov = [token for tokens in train.tokens for token in tokens if token in ("Omar", "Mei")]
    assert ready.coverage["train"].tokens["oov"] == len(oov) > 0
    assert sum(ready.coverage["test"].tokens.values()) == ready.corpora["test"].token_count
    share = len(oov) / train.token_count
    (line,) = (line for line in notes.splitlines() if line.startswith("  train"))
    assert line.endswith(f"/{share:6.1%}")


@pytest.mark.parametrize(("keep", "extra"), [("0", []), ("3", []), ("all", ["zurich", "geneva", "spare"])])
def test_keep_says_how_many_words_are_known_besides_the_corpus(path, keep, extra):
    vectors = write_vectors(path.parent / "vectors.txt")
    ready, _ = prepared(path, f"vectors.source={path.parent}/vectors.txt", f"vectors.keep={keep}")
    words = ready.words.words
    assert [word for word in ("zurich", "geneva", "spare") if word in words] == extra
    assert "lagos" in words  # of dev and test
    assert len(words) == len(set(words))
    table = ready.model.words.E
    for row, word in enumerate(words[ready.words.own - 2 :], start=ready.words.own):
        np.testing.assert_array_equal(table[row], vectors[word])
    assert {"Omar", "Mei"} == set(words[: ready.words.own - 2])


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_only_new_words_are_trained_when_frozen(path, mode):
    ready, _ = prepared(path, f"vectors.source={path.parent}/vectors.txt", f"vectors.mode={mode}")
    words = ready.words
    assert words.own < words.trained < words.own + len(words.source_rows)
    assert ready.model.words.trainable == (words.own if mode == "frozen" else words.trained)


def test_a_source_that_is_listed_twice_is_read_once(path):
    source, read = str(path.parent / "vectors.txt"), []

    def remembering(name, **options):
        read.append(name)
        return load_vectors(name, **options)

    more = f'vectors.more=[{{source="{source}"}}, {{source="{source}", mode="fine-tuned"}}]'
    config = load_config(path, [f"vectors.source={source}", more])
    sources = read_sources(config, Notes(), Readers(vectors=remembering))
    assert read == [source]
    assert [each.source for each in sources] == [source] * 3


def test_further_vectors_need_no_first_ones(path):
    """The first table then starts at random."""
    source = str(path.parent / "vectors.txt")
    ready, _ = prepared(path, f'vectors.more=[{{source="{source}"}}]')
    words, further = ready.model.network.tables[:2]
    assert (words.name, words.size, further.name, further.size) == ("words", 50, "words2", 8)
    assert (words.trainable, further.trainable) == (len(words.E), 2)
