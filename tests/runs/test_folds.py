"""Folds: whole documents, alike in words and entities, the same for the same seed, and disjoint from what trains."""

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.runs.corpora import read_corpora
from windowner.runs.folds import assign_folds, cut_into_folds, join, leave_out, read_fold, read_labelled, unit_shares
from windowner.runs.training import train
from windowner.text.schemes import SCHEMES
from windowner.text.sentence import Corpus, Sentence
from windowner.training.observer import SILENT

TAGS = {"p": "B-PER", "l": "B-LOC", "o": "O"}


def corpus_of(kinds, starts=(), path="train.conll", first=0, scheme="IOB2"):
    """A corpus with one sentence per letter: p a person, l a place, o neither; a sentence's line is its number."""
    sentences = [Sentence([f"w{n}"], [TAGS[kind]], n, []) for n, kind in enumerate(kinds, start=first)]
    return Corpus(path, sentences, list(starts), SCHEMES[scheme], 0, [])


def lines(corpus):
    return [sentence.line for sentence in corpus.sentences]


def test_shares_worked_by_hand():
    """Two documents: one with both places and two of four words, the other with the person."""
    shares = unit_shares(corpus_of("llpo"), [range(2), range(2, 4)])
    np.testing.assert_allclose(shares, [[0.5, 1, 0], [0.5, 0, 1]])  # words, LOC, PER


@pytest.mark.parametrize("seed", range(5))
def test_folds_hold_as_many_entities_of_each_type(seed):
    """23 places, 7 persons and 70 other sentences in random order: each fold has its fifth, give or take one."""
    kinds = np.random.default_rng(seed).permutation(list("l" * 23 + "p" * 7 + "o" * 70))
    folds = assign_folds(corpus_of(kinds), 5, seed)
    for kind, count in (("l", 23), ("p", 7), ("o", 70)):
        held = np.bincount(folds[kinds == kind], minlength=6)[1:]
        assert abs(held - count / 5).max() < 2, (kind, held)
    assert set(folds) == {1, 2, 3, 4, 5}


def test_a_fold_holds_whole_documents():
    starts = range(0, 60, 3)
    folds = assign_folds(corpus_of("plo" * 20, starts), 5, 0)
    assert all(len(set(folds[start : start + 3])) == 1 for start in starts)
    assert np.bincount(folds)[1:].tolist() == [12] * 5


def test_more_folds_than_documents_are_folds_of_sentences():
    folds = assign_folds(corpus_of("plo" * 10, range(0, 30, 3)), 15, 0)
    assert np.bincount(folds)[1:].tolist() == [2] * 15


def test_the_same_seed_gives_the_same_folds():
    corpus = corpus_of("plo" * 30)
    assert assign_folds(corpus, 5, 1).tolist() == assign_folds(corpus, 5, 1).tolist()
    assert assign_folds(corpus, 5, 1).tolist() != assign_folds(corpus, 5, 2).tolist()


def test_the_folds_together_are_the_text_and_each_rest_is_what_its_fold_is_not():
    corpora = [corpus_of("plo" * 5), corpus_of("pl" * 3, path="dev.conll", first=15)]
    held = []
    for number in (1, 2, 3):
        rest, fold = leave_out(corpora, f"{number}/3", 0)
        assert sorted(lines(rest) + lines(fold)) == list(range(21))
        held += lines(fold)
    assert sorted(held) == list(range(21))
    labelled = cut_into_folds(corpora, 3, 0)
    assert list(labelled.files) == ["train.conll"] * 15 + ["dev.conll"] * 6


def test_corpora_are_joined_with_their_documents():
    marked, plain = corpus_of("po" * 15, range(0, 30, 3)), corpus_of("ll", first=30)
    assert join([marked, plain]).document_starts == [*range(0, 30, 3), 30, 31]
    assert join([plain, plain]).document_starts == []
    assert join([marked, corpus_of("l", scheme="IOB1")]).scheme.name == "IOB2"
    assert join([corpus_of("l", scheme="IOB1")] * 2).scheme.name == "IOB1"


def test_one_file_is_not_both_train_and_dev(tmp_path):
    """Otherwise each sentence would be held out and trained on at once."""
    (tmp_path / "link.conll").symlink_to(tmp_path / "train.conll")
    for name in ("train.conll", "./train.conll", "link.conll"):
        twice = [corpus_of("plo", path=f"{tmp_path}/{file}") for file in ("train.conll", name)]
        with pytest.raises(DataError, match=r"train.conll: both data.train and data.dev, expected two files"):
            cut_into_folds(twice, 3, 0)


def test_too_few_sentences():
    with pytest.raises(DataError, match=r"train.conll: 3 sentences, expected at least 5, one for each fold"):
        assign_folds(corpus_of("plo"), 5, 0)


@pytest.mark.parametrize("value", ["3/2", "1/1"])
def test_a_fold_that_is_none(value):
    with pytest.raises(ConfigError, match=rf"data.fold = '{value}': expected two or more folds"):
        read_fold(value)


@pytest.mark.parametrize("value", ["2", "0/5", "a/b", "1/5/6"])
def test_a_fold_of_another_form_is_no_config(path, value):
    with pytest.raises(ConfigError, match=r"data\.fold"):
        load_config(path, keys={"data.fold": value})


def test_a_config_with_a_fold_reads_no_test_and_holds_out_dev_from_the_rest(path):
    (path.parent / "test.conll").unlink()
    corpora = read_corpora(load_config(path, ["data.fold=2/5"]), SILENT)
    assert list(corpora) == ["train", "fold", "dev"]
    config = load_config(path)
    labelled = read_labelled(config, 5)
    assert corpora["fold"].tokens == labelled.fold(2).tokens
    rest = sorted(map(tuple, corpora["train"].tokens + corpora["dev"].tokens))
    assert rest == sorted(map(tuple, labelled.rest(2).tokens))
    assert len(corpora["dev"].sentences) == pytest.approx(len(rest) / 10, abs=1)


def test_the_fold_chooses_nothing(path, tmp_path):
    """Weights, epoch, threshold and temperature are those of a training that has never seen the fold."""
    config = load_config(path, ["data.fold=1/4"])
    rest = read_labelled(config, 4).rest(1)
    rows = ("".join(f"{row}\n" for row in sentence.rows) for sentence in rest.sentences)
    (path.parent / "rest.conll").write_text("\n".join(rows), encoding="utf-8")
    alone = load_config(path, [f"data.train={path.parent / 'rest.conll'}", 'data.dev=""', 'data.test=""'])
    runs = [train(each, tmp_path / name) for each, name in ((config, "fold"), (alone, "alone"))]
    models = [run.tagger.model for run in runs]
    arrays = [model.network.parameters for model in models]
    assert all(np.array_equal(arrays[0][name], arrays[1][name]) for name in {*arrays[0], *arrays[1]})
    assert models[0].temperature == models[1].temperature
    assert models[0].threshold == models[1].threshold
    assert runs[0].scores["dev"] == runs[1].scores["dev"]
    assert list(runs[0].scores) == ["fold", "dev"]
