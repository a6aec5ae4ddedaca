"""From a config to text, words and an untrained network, and what is said on the way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import windowner.runs.sources
from synthetic import write_corpus, write_tiny, write_vectors
from windowner.runs.sources import choose_mode, hold_out, training_names

from windowner.config.loading import Config, load_config
from windowner.errors import ConfigError, DataError, VectorsError
from windowner.formats.reading import read_corpus
from windowner.runs.preparation import encode_tag_numbers, prepare
from windowner.text.schemes import SCHEMES
from windowner.text.spans import convert
from windowner.training.observer import Observer


class Notes(Observer):
    """Remembers what was said."""

    def __init__(self):
        self.text = ""

    def note(self, message: str) -> None:
        self.text += message + "\n"


@pytest.fixture
def path(tmp_path) -> Path:
    """Path of a config of the test's own."""
    return write_tiny(tmp_path / "project")


def prepared(path: Path, *overrides: str):
    """Prepare what a config and overrides say; return that and what was said."""
    notes = Notes()
    return prepare(load_config(path, overrides), notes), notes.text


def data_error(path: Path, *overrides: str) -> str:
    with pytest.raises(DataError) as error:
        prepared(path, *overrides)
    return str(error.value)


# Text


def test_what_was_read_is_said(path):
    ready, notes = prepared(path)
    folder = path.parent
    tokens = {name: corpus.token_count for name, corpus in ready.corpora.items()}
    for name, sentences in (("train", 250), ("dev", 40), ("test", 40)):
        expected = (
            f"{name}: {sentences} sentences, {tokens[name]:,} tokens, IOB2 tags of LOC, PER ({folder}/{name}.conll)"
        )
        assert expected in notes.splitlines()


def test_ill_formed_tags_are_counted_and_the_first_few_named(path):
    (path.parent / "dev.conll").write_text("a O\nb I-LOC\n\n" + "x I-PER\ny O\n\n" * 6 + "y B-PER\n\n" * 20)
    _, notes = prepared(path)
    lines = notes.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("dev: "))
    assert lines[at + 1] == "  7 tags break IOB2; they are read as conlleval does:"
    assert lines[at + 2] == (f"  {path.parent}/dev.conll:2: I-LOC after O is not IOB2, read as the start of an entity")
    assert [line.startswith("  ") for line in lines[at + 2 : at + 8]] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("train", None, "train.conll: no such file"),
        ("dev", None, "dev.conll: no such file"),
        ("test", None, "test.conll: no such file"),
        ("train", b"", "train.conll:1: no tokens, expected labelled sentences"),
        ("train", b"a O\n\nb\n", "train.conll:3: 1 column, expected 2"),
        ("dev", b"a O\nb X-PER\n", "dev.conll:2: unknown tag 'X-PER', expected O or one of B I E S L U"),
        ("dev", b"a O\nb\xff O\n", "dev.conll:2: byte 0xff, expected UTF-8"),
        ("train", b"a O\n\nb O\n", "train.conll: every tag is O, expected at least one entity to learn from"),
    ],
)
def test_bad_data_is_named_by_file_and_line(path, name, text, expected):
    file = path.parent / f"{name}.conll"
    file.unlink() if text is None else file.write_bytes(text)
    assert data_error(path).startswith(f"{path.parent}/{expected}")


def test_a_missing_corpus_says_how_it_is_obtained(path):
    (path.parent / "test.conll").unlink()
    said = data_error(path, "data.obtain=Ask the library.")
    assert said == f"{path.parent}/test.conll: no such file. Ask the library."


def test_a_tenth_of_train_stands_in_for_dev(path):
    ready, notes = prepared(path, "data.dev=")
    train, dev = ready.corpora["train"], ready.corpora["dev"]
    assert (len(train.sentences), len(dev.sentences), len(ready.dev.offsets) - 1) == (225, 25, 25)
    assert "data.dev is empty: 25 training sentences are held out to choose the best epoch\n" in notes
    lines = [sentence.line for sentence in train.sentences + dev.sentences]
    assert sorted(lines) == [s.line for s in read_corpus(path.parent / "train.conll").sentences]
    again, other = prepared(path, "data.dev=")[0], prepared(path, "data.dev=", "train.seed=1")[0]
    assert again.corpora["dev"].sentences == dev.sentences
    assert other.corpora["dev"].sentences != dev.sentences


def test_one_sentence_cannot_be_train_and_dev(path):
    (path.parent / "train.conll").write_text("a B-LOC\n")
    said = data_error(path, "data.dev=")
    assert said == f"{path.parent}/train.conll: 1 sentence, expected at least 2 where there is no data.dev"


def test_two_sentences_are_one_and_one(path):
    (path.parent / "train.conll").write_text("a B-LOC\n\nb B-LOC\n")
    train, dev = hold_out(read_corpus(path.parent / "train.conll"), np.random.default_rng(0))
    assert (len(train.sentences), len(dev.sentences)) == (1, 1)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("written", SCHEMES)
def test_tags_are_converted_to_the_scheme_that_is_trained_on(path, scheme, written):
    """Except from IO, in which neighbours of one type cannot be told apart."""
    file = path.parent / "train.conll"
    corpus = read_corpus(file)
    converted = convert(corpus.tags, written)
    rows = zip(corpus.tokens, converted, strict=True)
    file.write_text("".join("".join(f"{x} {y}\n" for x, y in zip(*row, strict=True)) + "\n" for row in rows))
    ready, _ = prepared(path, f"data.scheme={scheme}")
    numbers = encode_tag_numbers(ready.tagger, ready.corpora["train"])
    names = [ready.tagger.tags.names[number] for number in numbers]
    assert names == [tag for tags in convert(converted, scheme) for tag in tags]
    assert ready.training.text.tags.tolist() == numbers.tolist()


def test_rare_words_are_those_seen_at_most_so_often(path):
    (path.parent / "train.conll").write_text("a B-LOC\nb O\nb O\nc O\nc O\nc O\n")
    for count, rare in ((0, ""), (1, "a"), (2, "ab"), (3, "abc")):
        ready, _ = prepared(path, f"vectors.unk_count={count}")
        rows = ready.words.rows
        assert "".join(word for word in "abc" if ready.training.rare[rows[word]]) == rare
        assert not ready.training.rare[:2].any()  # PAD and UNK


# Vectors


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
def test_auto_says_what_it_chose_and_why_and_what_else_to_try(config, monkeypatch, words, mode, reason):
    monkeypatch.setattr(windowner.runs.sources, "FREEZE_BELOW", 10)
    monkeypatch.setattr(windowner.runs.sources, "FINE_TUNE_ABOVE", 2000)
    notes = Notes()
    assert choose_mode(config, words, notes).vectors.mode == mode
    other = {"frozen": "fine-tuned", "fine-tuned": "frozen"}[mode]
    assert notes.text == (
        f'vectors.mode = "auto": {mode} ({reason})\n'
        "  A rule of thumb; trying both is better:\n"
        f"  windowner train {config.directory}/tiny.toml --{other} --out runs/tiny-{other}\n"
    )


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_a_mode_that_the_config_names_is_taken_in_silence(config, mode):
    config = replace(config, vectors=replace(config.vectors, mode=mode))
    notes = Notes()
    assert choose_mode(config, 10**9, notes) is config
    assert not notes.text


def test_without_vectors_the_cost_is_said(path):
    ready, notes = prepared(path)
    assert "vectors.source is empty: word vectors start at random" in notes
    assert "points of entity F1" in notes
    assert (ready.coverage, ready.words.trained) == ({}, len(ready.tagger.network.tables["words"]))


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
    table = ready.tagger.network.tables["words"]
    for row, word in enumerate(words[ready.words.own - 2 :], start=ready.words.own):
        np.testing.assert_array_equal(table[row], vectors[word])
    assert {"Omar", "Mei"} == set(words[: ready.words.own - 2])


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_only_new_words_are_trained_when_frozen(path, mode):
    ready, _ = prepared(path, f"vectors.source={path.parent}/vectors.txt", f"vectors.mode={mode}")
    words = ready.words
    assert words.own < words.trained < words.own + len(words.source_rows)
    assert ready.tagger.network.trainable["words"] == (words.own if mode == "frozen" else words.trained)


def test_words_only_is_the_lectures_network(path):
    off = ["features.capitals=0", "features.shape=0", "features.affix_size=0"]
    ready, _ = prepared(path, *off)
    assert list(ready.tagger.network.tables) == ["words"]
    assert ready.tagger.network.W.shape == (50, 5, 20)


def test_a_length_given_twice_is_one_feature(path):
    ready, _ = prepared(path, "features.prefixes=[2, 2]")
    assert len(ready.tagger.encoder.features) == len(ready.tagger.network.tables) - 1
    assert ready.training.table.shape[1] == len(ready.tagger.network.tables)


# Where it all comes from


def test_files_are_told_by_their_digests(path):
    """As `b2sum -l 256` prints them."""
    source = path.parent / "vectors.txt"
    told = prepared(path, f"vectors.source={source}")[0].tagger.description
    assert told["data"]["train"]["file"] == "train.conll"
    assert (told["vectors"]["source"], told["vectors"]["size"]) == (str(source), 8)
    write_corpus(path.parent / "train.conll", seed=9, sentences=250)
    write_vectors(source, seed=9)
    changed = prepared(path, f"vectors.source={source}")[0].tagger.description
    for of in (lambda d: d["data"]["train"]["blake2b"], lambda d: d["vectors"]["blake2b"]):
        assert len(of(told)) == 64
        assert of(told) != of(changed)
    assert told["data"]["dev"] == changed["data"]["dev"]


def test_names_of_the_training_data_are_those_it_holds_twice_or_more(tmp_path):
    """An entity that stands once would be matched because of itself alone."""
    path = tmp_path / "train.conll"
    path.write_text("New B-LOC\nYork I-LOC\n\nRome B-LOC\nOslo B-LOC\n\nin O\nNew B-LOC\nYork I-LOC\nRome B-PER\n")
    train = read_corpus(path)
    assert training_names(train, 2) == [(("New", "York"), "LOC")]
    assert sorted(training_names(train, 1)) == [
        (("New", "York"), "LOC"),
        (("Oslo",), "LOC"),
        (("Rome",), "LOC"),
        (("Rome",), "PER"),
    ]


def test_forms_that_look_the_same_to_the_network_are_one(path):
    """Every token keeps its rows of all tables, and no two rows of F are the same."""
    train = path.parent / "train.conll"
    train.write_text(train.read_text(encoding="utf-8") + "\nPARIS\tO\nparis\tO\n", encoding="utf-8")
    text = read_corpus(train).tokens
    vectors = path.parent / "lower.txt"
    words = sorted({token.lower() for sentence in text for token in sentence})
    vectors.write_text("".join(f"{word} 1 2\n" for word in words), encoding="utf-8")
    found, _ = prepared(
        path, f"vectors.source={vectors}", *(f"features.{name}=0" for name in ("capitals", "shape", "affix_size"))
    )
    training, tagger = found.training, found.tagger
    tokens = [token for sentence in found.corpora["train"].tokens for token in sentence]
    F = training.table[training.text.stream[training.text.centers]]
    np.testing.assert_array_equal(F, tagger.encoder(tokens))
    assert len(np.unique(training.table, axis=0)) == len(training.table) < len(set(tokens)) + 1
    assert not training.table[0].any()  # the padding
