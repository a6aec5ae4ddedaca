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


@pytest.mark.parametrize("mode", ["frozen", "frozen-then-fine-tuned"])
def test_random_vectors_cannot_be_frozen(path, mode):
    with pytest.raises(ConfigError, match=rf'^vectors.mode = "{mode}" without vectors.source: '):
        prepared(path, f"vectors.mode={mode}")


def test_vectors_that_thaw_have_both_numbers_of_rows(path):
    write_vectors(path.parent / "vectors.txt")
    keys = [f"vectors.source={path.parent}/vectors.txt", "vectors.keep=all"]
    thawing, frozen, tuned = (
        prepared(path, *keys, f"vectors.mode={mode}")[0].model.words
        for mode in ("frozen-then-fine-tuned", "frozen", "fine-tuned")
    )
    assert (thawing.before_thaw, thawing.trainable) == (frozen.trainable, tuned.trainable)
    assert frozen.trainable < tuned.trainable < len(thawing.E)
    assert frozen.before_thaw is tuned.before_thaw is None


def test_with_a_fasttext_model_every_form_of_the_corpora_has_a_vector(path):
    """A vocabulary of two words: all other forms have the means of their n-grams, as gensim computes them."""
    fasttext = pytest.importorskip("gensim.models").FastText
    from gensim.models.fasttext import load_facebook_vectors, save_facebook_model

    sentences = [["in", "the"], ["the", "."]] * 3
    model = fasttext(sentences, vector_size=6, min_count=1, min_n=2, max_n=3, bucket=99, epochs=1, seed=0, workers=1)
    file = path.parent / "own.bin"
    save_facebook_model(model, str(file))
    oracle = load_facebook_vectors(str(file))
    ready, notes = prepared(path, f"vectors.source={file}", "vectors.mode=frozen")
    words = ready.model.words
    forms = {form for corpus in ready.corpora.values() for tokens in corpus.tokens for form in tokens}
    assert words.trainable == 2, "only PAD and UNK have no vector"
    for form in forms:
        row = words.word_row(form)
        assert row > 1, form
        value = words.values[row - 2]
        np.testing.assert_allclose(words.E[row], oracle[value], rtol=1e-5, atol=1e-7)
    composed = len(set(words.values) - {"in", "the", "."})
    assert f"{file}: vectors from character n-grams for {composed} forms of the corpora.\n" in notes
    assert "Forms that it first meets when tagging are UNK" in notes
    assert words.word_row("Xylophonist") == 1
    assert ready.coverage["train"].types["oov"] > 0, "coverage counts the words of the vocabulary alone"


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
