"""Training from memory: the text is kept in the run's folder, and gives what the same text in files gives."""

import numpy as np
import pytest
from synthetic import draw_sentence

import windowner
from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.formats.reading import read_corpus
from windowner.runs.training import train
from windowner.text.conversion import document_of
from windowner.text.sentence import Sentence

QUICK = {"model": {"hidden": 8}, "train": {"epochs": 2}}


class Notes:
    """An observer that keeps notes."""

    def __init__(self):
        self.notes = []

    def note(self, text):
        self.notes.append(text)

    def __getattr__(self, name):
        return lambda *_: None


def documents():
    rng = np.random.default_rng(0)
    sentences = [draw_sentence(rng) for _ in range(60)]
    return [document_of([Sentence([t for t, _ in rows], [tag for _, tag in rows], 1, [])]) for rows in sentences]


def test_sentences_in_memory_train_what_files_train(tiny_config, tmp_path):
    config = load_config(tiny_config)
    corpus = read_corpus(config.path(config.data.train))
    pairs = list(zip(corpus.tokens, corpus.tags, strict=True))
    kept = train(config, tmp_path / "memory", train=pairs, dev=iter(pairs))
    files = train(config, tmp_path / "files")
    assert [e.dev_f1 for e in kept.history] == [e.dev_f1 for e in files.history]
    assert (kept.tagger.model.network.W == files.tagger.model.network.W).all()
    again = train(load_config(tmp_path / "memory" / "config.toml"), tmp_path / "again")
    assert (again.tagger.model.network.W == kept.tagger.model.network.W).all()


def test_documents_without_a_config_file(tmp_path):
    texts = [windowner.Document(d.text, d.spans) for d in documents()]
    run = windowner.train(QUICK, tmp_path, train=texts)
    assert run.tagger.model.tokenizer == "european"
    assert run.tagger.model.tags.types == ["LOC", "PER"]
    cut = windowner.Document("xJohn Smith", [windowner.Span(1, 11, "PER"), windowner.Span(6, 11, "PER")])
    notes = Notes()
    windowner.train(QUICK, tmp_path, notes, train=[*texts, cut])
    assert "train: tokens are split where a span begins or ends: 1" in notes.notes
    assert "train: spans that overlap a longer one are left out: 1" in notes.notes


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (windowner.Document("a"), r"train\[1\]: a document without spans, expected a list"),
        (
            windowner.Document("a", [windowner.Span(0, 2, "X")]),
            "train:1: span 0 to 2 X, expected 0 <= start < end <= 1",
        ),
        ((["a", "b"], ["O"]), r"train\[1\]: 1 tag, expected 2"),
        ((["a", float("nan")], ["O", "O"]), r"train\[1\]: a token is nan, expected a string"),
        ((["a", b"x"], ["O", "O"]), r"train\[1\]: a token is b'x', expected a string"),
        ((["a", "\ud800"], ["O", "O"]), r"train\[1\]: '\\ud800', half of a surrogate pair, expected text"),
        ((["a"], [float("nan")]), r"train\[1\]: a tag is nan, expected a string"),
        ((["a"], [b"O"]), r"train\[1\]: a tag is b'O', expected a string"),
        (windowner.Document(None, []), r"train\[1\]: the text is None, expected a string"),
        (windowner.Document("a", [windowner.Span(0, 1, 3)]), r"train\[1\]: a label is 3, expected a string"),
        (windowner.Document("a", [windowner.Span(0, 1, "")]), r"train\[1\]: label '', expected a type such as PER"),
    ],
)
def test_bad_text_is_named(tmp_path, item, message):
    with pytest.raises(DataError, match=message):
        windowner.train({}, tmp_path, train=[(["Rome"], ["B-LOC"]), item])


def test_subclasses_of_strings_are_strings(tmp_path):
    pairs = [([np.str_(token) for token in ("John", "left", "Rome")], [np.str_("B-PER"), "O", np.str_("B-LOC")])]
    run = windowner.train(QUICK, tmp_path, train=pairs, dev=pairs)
    assert run.tagger.model.tags.types == ["LOC", "PER"]


def test_a_config_without_data_needs_text():
    with pytest.raises(ConfigError, match=r"config: \[data\]: .*train"):
        windowner.train({"data": {}})
