"""Text that is read, held out and drawn: the same sentences whatever else is drawn; and readers that remember."""

import json
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from preparing import prepared
from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.runs.corpora import draw_fraction, hold_out, read_corpora
from windowner.runs.folder import read_run
from windowner.runs.preparation import prepare
from windowner.runs.readers import Readers
from windowner.runs.training import train
from windowner.training.observer import SILENT


@pytest.fixture(scope="module")
def config_path(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("corpora"))


def lines(corpus):
    return [sentence.line for sentence in corpus.sentences]


def training_lines(path, fraction, seed):
    config = load_config(path, [f"data.fraction={fraction}", f"train.seed={seed}"])
    return lines(read_corpora(config, SILENT)["train"])


def test_a_smaller_share_is_part_of_a_larger_one(config_path):
    tenth, third, whole = (training_lines(config_path, fraction, 1) for fraction in (0.1, 0.3, 1.0))
    assert [len(tenth), len(third), len(whole)] == [25, 75, 250]
    assert set(tenth) < set(third) < set(whole)
    assert third == sorted(third)


def test_another_seed_draws_others(config_path):
    assert training_lines(config_path, 0.3, 1) != training_lines(config_path, 0.3, 2)


def held_out(path, *overrides):
    corpora = read_corpora(load_config(path, ['data.dev=""', *overrides]), SILENT)
    return lines(corpora["train"]), lines(corpora["dev"])


def test_what_is_held_out_depends_on_the_seed_alone(config_path):
    """Not on the share that is trained on, the network, or a global generator."""
    train, dev = held_out(config_path)
    whole = lines(read_corpus(config_path.parent / "train.conll"))
    assert (train, dev) == (sorted(train), sorted(dev))
    assert sorted(train + dev) == whole
    assert len(dev) == 25
    np.random.seed(1)  # noqa: NPY002
    assert held_out(config_path, "model.hidden=7", "train.ensemble=3", "train.epochs=1") == (train, dev)
    assert held_out(config_path, "data.fraction=0.3")[1] == dev
    assert set(held_out(config_path, "data.fraction=0.3")[0]) < set(train)
    assert held_out(config_path, "train.seed=1")[1] != dev


@pytest.mark.parametrize("seed", [0, 1])
def test_it_is_the_seed_of_the_config(config_path, seed):
    corpus = read_corpus(config_path.parent / "train.conll")
    train, dev = (lines(part) for part in hold_out(corpus, seed))
    assert held_out(config_path, f"train.seed={seed}") == (train, dev)


def test_a_network_is_drawn_as_if_a_dev_file_held_what_is_held_out(config_path, tmp_path):
    prepared = prepare(load_config(config_path, ['data.dev=""']))
    files = []
    for name in ("train", "dev"):
        corpus, file = prepared.corpora[name], tmp_path / f"{name}.conll"
        sentences = (zip(*sentence, strict=True) for sentence in zip(corpus.tokens, corpus.tags, strict=True))
        file.write_text("\n".join("".join(f"{token} {tag}\n" for token, tag in rows) for rows in sentences))
        files.append(f"data.{name}={file}")
    other = prepare(load_config(config_path, files))
    for name, array in prepared.model.network.parameters.items():
        np.testing.assert_array_equal(array, other.model.network.parameters[name])
    assert prepared.rng.random() == other.rng.random()


@pytest.mark.parametrize("overrides", [[], ['data.dev=""'], ['data.dev=""', "data.fraction=0.3", "train.seed=4"]])
def test_the_text_of_a_finished_run_is_what_was_trained_on(config_path, tmp_path, overrides):
    config = load_config(config_path, [*overrides, "train.epochs=1"])
    train(config, tmp_path / "run")
    expected = Counter(chain.from_iterable(prepare(config).corpora["train"].tokens))
    assert read_run(tmp_path / "run").training_forms == expected


@pytest.mark.parametrize(("count", "held"), [(2, 1), (9, 1), (19, 1), (20, 2), (250, 25)])
def test_one_in_ten_is_held_out_and_at_least_one(config_path, count, held):
    corpus = read_corpus(config_path.parent / "train.conll")
    train, dev = hold_out(replace(corpus, sentences=corpus.sentences[:count]), 0)
    assert (len(train.sentences), len(dev.sentences)) == (count - held, held)


def test_a_share_without_entities_is_refused(config_path):
    corpus = read_corpus(config_path.parent / "train.conll")
    empty = [sentence for sentence in corpus.sentences if set(sentence.tags) == {"O"}]
    with pytest.raises(DataError, match=r"train.conll: data.fraction = 0.01: all tags of 1 sentence are O"):
        draw_fraction(replace(corpus, sentences=empty[:3]), 0.01, 0)


def test_readers_are_asked(config_path):
    asked = []

    def remembering(path, **columns):
        asked.append(path.name)
        return read_corpus(path, **columns)

    read_corpora(load_config(config_path), SILENT, Readers(corpus=remembering))
    assert asked == ["train.conll", "dev.conll", "test.conll"]


def test_all_parts_are_tokenized_as_train_is(config_path, tmp_path):
    """A text of dev whose letters suit another tokenizer is cut by that of train."""
    asked = []

    def remembering(path, **reading):
        asked.append((path.name, reading["tokenizer"]))
        return read_corpus(path, **reading)

    for name, text in (("train", "Ana lives in Rome."), ("dev", "我爱北京。")):
        record = {"text": text, "spans": [[0, 3, "PER"]]}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record), encoding="utf-8")
    paths = [f'data.{name}="{tmp_path}/{name}.jsonl"' for name in ("train", "dev")]
    read_corpora(load_config(config_path, [*paths, "data.test="]), SILENT, Readers(corpus=remembering))
    assert asked == [("train.jsonl", "auto"), ("dev.jsonl", "european")]


# What is read


def data_error(path: Path, *overrides: str) -> str:
    with pytest.raises(DataError) as error:
        prepared(path, *overrides)
    return str(error.value)


def test_what_was_read_is_reported(path):
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
    assert lines[at + 1] == "  7 ill-formed IOB2 tags, read as conlleval does:"
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
        ("train", b"a _\n\nb O\n", "train.conll: no entity, and 1 token not annotated, expected at least one entity"),
        ("train", b"a O\n\nb O\n", "train.conll: every tag is O, expected at least one entity to learn from"),
    ],
)
def test_bad_data_is_named_by_file_and_line(path, name, text, expected):
    file = path.parent / f"{name}.conll"
    file.unlink() if text is None else file.write_bytes(text)
    assert data_error(path).startswith(f"{path.parent}/{expected}")


def test_a_missing_corpus_says_how_it_is_obtained(path):
    (path.parent / "test.conll").unlink()
    message = data_error(path, "data.obtain=Ask the library.")
    assert message == f"{path.parent}/test.conll: no such file. Ask the library."


def test_a_tenth_of_train_stands_in_for_dev(path):
    ready, notes = prepared(path, "data.dev=")
    train, dev = ready.corpora["train"], ready.corpora["dev"]
    assert (len(train.sentences), len(dev.sentences), len(ready.dev.offsets) - 1) == (225, 25, 25)
    assert "data.dev is empty: 25 training sentences held out to choose the best epoch\n" in notes
    lines = [sentence.line for sentence in train.sentences + dev.sentences]
    assert sorted(lines) == [s.line for s in read_corpus(path.parent / "train.conll").sentences]
    again, other = prepared(path, "data.dev=")[0], prepared(path, "data.dev=", "train.seed=1")[0]
    assert again.corpora["dev"].sentences == dev.sentences
    assert other.corpora["dev"].sentences != dev.sentences


def test_one_sentence_cannot_be_train_and_dev(path):
    (path.parent / "train.conll").write_text("a B-LOC\n")
    message = data_error(path, "data.dev=")
    assert message == f"{path.parent}/train.conll: 1 sentence, expected at least 2 where there is no data.dev"


def test_two_sentences_are_one_and_one(path):
    (path.parent / "train.conll").write_text("a B-LOC\n\nb B-LOC\n")
    train, dev = hold_out(read_corpus(path.parent / "train.conll"), 0)
    assert (len(train.sentences), len(dev.sentences)) == (1, 1)
