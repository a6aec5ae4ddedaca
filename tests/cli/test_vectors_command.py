"""`windowner vectors`: train, export and nearest, and a tagger that uses what was written."""

import re
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file
from synthetic import error_of, succeed
from synthetic import write_vectors as write_pretrained

from windowner.tagger.tagger import Tagger
from windowner.vectors.loading import load_vectors


@pytest.fixture
def train(config, tmp_path):
    """Train one epoch with the vectors of the folder and some overrides; return the run's folder."""

    def train(*overrides):
        with config.open("a", encoding="utf-8") as file:
            file.write('\n[vectors]\nsource = "vectors.txt"\n')
        settings = ["train.epochs=1", *overrides]
        succeed("train", config, "--out", tmp_path / "run", *(part for key in settings for part in ("--set", key)))
        return tmp_path / "run"

    return train


def test_vectors_of_the_training_text_stand_beside_others(config, tmp_path):
    out = tmp_path / "own.vec"
    options = ["--size", "6", "--epochs", "2", "--lower", "--out", out]
    result = succeed("vectors", "train", config.parent / "train.conll", *options)
    assert result.stdout == ""
    assert re.search(r"own\.vec: \d+ words of 6 dimensions\n$", result.stderr)
    more = f'vectors.more=[{{source="{out}", mode="frozen"}}]'
    succeed("train", config, "--out", tmp_path / "run", "--set", more, "--set", "train.epochs=1")
    assert [table.size for table in Tagger.load(tmp_path / "run").model.network.tables if table.name == "words2"] == [6]


def test_mistakes(tmp_path):
    assert "no such file" in error_of("vectors", "train", tmp_path / "none.conll", "--out", tmp_path / "own.vec")
    assert not (tmp_path / "own.vec").exists()
    known = "found suffix '.npz', expected one of .kv, .vec, .txt, .bin"
    assert error_of("vectors", "train", tmp_path / "none.conll", "--out", tmp_path / "own.npz").endswith(known)
    assert error_of("vectors", "export", tmp_path / "none", "--out", tmp_path / "own.npz").endswith(known)
    assert "expected a model" in error_of("vectors", "nearest", tmp_path / "none", "paris")


# convert


def test_convert_writes_what_the_config_reads(config, tmp_path):
    (tmp_path / "own.json").write_text('{"Paris": [1, 2], "New York": [3, 4]}')
    result = succeed("vectors", "convert", tmp_path / "own.json", tmp_path / "own.vec")
    assert result.stderr == (
        f"{tmp_path}/own.vec: 1 word of 2 dimensions\n  1 word holds white space, which .vec cannot store: left out\n"
    )
    vectors = load_vectors("own.vec", directory=tmp_path)
    assert (vectors.words, vectors.array.tolist()) == (["Paris"], [[1, 2]])


def test_convert_counts_what_it_left_out(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    save_file({"embeddings": np.ones((2, 3), np.float32)}, folder / "model.safetensors")
    (folder / "tokenizer.json").write_text('{"model": {"vocab": {"paris": 0, "##ian": 1}}}')
    result = succeed("vectors", "convert", folder, tmp_path / "own.bin")
    assert result.stderr == (
        f"{folder}: left out 1 token that is no whole word\n{tmp_path}/own.bin: 1 word of 3 dimensions\n"
    )


def test_convert_of_a_fasttext_model_adds_the_words_of_a_text(tmp_path):
    fasttext = pytest.importorskip("gensim.models").FastText
    from gensim.models.fasttext import save_facebook_model

    model = fasttext([["in", "Paris"]] * 5, vector_size=3, min_count=1, min_n=2, max_n=3, bucket=9, epochs=1, seed=0)
    save_facebook_model(model, str(tmp_path / "cc.bin"))
    (tmp_path / "more.txt").write_text("Parisians in Paris.\n")
    succeed("vectors", "convert", tmp_path / "cc.bin", tmp_path / "own.vec", "--forms", tmp_path / "more.txt")
    vectors = load_vectors("own.vec", directory=tmp_path)
    assert sorted(vectors.words) == [".", "Paris", "Parisians", "in"]
    succeed("vectors", "convert", tmp_path / "cc.bin", tmp_path / "one.vec", "--keep", "1")
    assert load_vectors("one.vec", directory=tmp_path).words == vectors.words[:1]
    np.testing.assert_allclose(vectors.array[vectors.key_to_index["Paris"]], model.wv["Paris"], rtol=1e-4, atol=1e-6)


def test_convert_mistakes(tmp_path):
    assert "another folder; expected a folder" in error_of("vectors", "convert", tmp_path, tmp_path / "own.vec")
    assert "found suffix '.npz'" in error_of("vectors", "convert", tmp_path, tmp_path / "own.npz")
    (tmp_path / "own.json").write_text('{"a": [1]}')
    (tmp_path / "more.txt").write_text("Paris.\n")
    options = ["--forms", tmp_path / "more.txt"]
    needless = error_of("vectors", "convert", tmp_path / "own.json", tmp_path / "own.vec", *options)
    assert needless.endswith("found no character n-grams, of which other words could get vectors; leave out --forms")
    assert not (tmp_path / "own.vec").exists()


# export


@pytest.mark.parametrize("suffix", [".kv", ".vec", ".bin"])
def test_export_writes_the_words_and_vectors_of_the_tagger(train, tmp_path, suffix):
    run, out = train(), tmp_path / f"trained{suffix}"
    result = succeed("vectors", "export", run, "--out", out)
    tagger, vectors = Tagger.load(run), load_vectors(out.name, directory=tmp_path)
    assert vectors.words == list(tagger.model.words.values)
    np.testing.assert_array_equal(vectors.array, tagger.model.words.E[2:], strict=True)
    assert result.stdout == ""
    assert result.stderr == f"{out}: {len(vectors):,} words of 8 dimensions\n"


def test_export_of_an_ensemble_has_the_columns_of_every_network(train, tmp_path):
    succeed("vectors", "export", train("train.ensemble=2"), "--out", tmp_path / "trained.kv")
    assert load_vectors("trained.kv", directory=tmp_path).vector_size == 16


def test_export_reports_words_that_a_format_cannot_hold(config, train, tmp_path):
    with (config.parent / "train.conll").open("a", encoding="utf-8") as file:
        file.write("\nNew\u00a0Paris 0 B-LOC\n")
    run = train()
    assert "New\u00a0Paris" in Tagger.load(run).model.words.values
    result = succeed("vectors", "export", run, "--out", tmp_path / "trained.vec")
    assert result.stderr.endswith("  1 word holds white space, which .vec cannot store: left out\n")
    assert result.stderr.startswith(f"{tmp_path}/trained.vec: {len(Tagger.load(run).model.words.values) - 1} words")


# nearest


def test_nearest_before_and_after_side_by_side(train):
    """`zurich` has the pretrained vector of `paris`, and training never sees it."""
    run = train("train.epochs=20")
    result = succeed("vectors", "nearest", run, "Paris", "zurich", "--top", "3")
    first, heads, *rows = result.stdout.splitlines()
    assert first == "Paris, looked up as paris: its vector was trained"
    assert heads.split() == ["before", "cosine", "after", "cosine"]
    assert re.match(r"zurich +1\.00 +zurich +0\.\d\d", rows[0])
    assert rows[3:5] == ["", "zurich: its vector did not move"]
    assert rows[6].split()[:2] == ["paris", "1.00"]


def test_nearest_of_a_word_without_a_pretrained_vector_has_no_before(train):
    result = succeed("vectors", "nearest", train(), "Omar", "--top", "1")
    first, heads, *_ = result.stdout.splitlines()
    assert first == "Omar: its vector was trained, from a random one"
    assert heads.split() == ["after", "cosine"]


def test_nearest_of_an_ensemble(train):
    result = succeed("vectors", "nearest", train("train.ensemble=2"), "zurich", "--top", "1")
    assert result.stdout.splitlines()[2].split()[:2] == ["paris", "1.00"]


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (["vectors.mode=frozen"], "Pretrained vectors are frozen in this run: training did not move them."),
        (
            ["vectors.source="],
            "Only neighbours after training: the vectors started at random, because vectors.source is empty.",
        ),
    ],
)
def test_nearest_says_why_there_is_nothing_before(train, overrides, reason):
    result = succeed("vectors", "nearest", train(*overrides), "Paris", "--top", "1")
    assert result.stdout.startswith(f"{reason}\n\nParis")
    assert "before" not in result.stdout.partition("\n\n")[2]
    assert "after" in result.stdout


def test_nearest_when_the_source_is_gone(config, train):
    run, source = train(), config.parent / "vectors.txt"
    source.unlink()
    result = succeed("vectors", "nearest", run, "Paris", "--top", "1")
    reason = f"the vectors before cannot be read: {source}: no such file"
    assert result.stdout.startswith(f"Only neighbours after training: {reason}")
    assert "\n\nParis, looked up as paris: its vector was trained\nafter" in result.stdout


def test_nearest_when_the_source_has_changed(config, train):
    run, source = train(), config.parent / "vectors.txt"
    write_pretrained(source, seed=1)
    result = succeed("vectors", "nearest", run, "Paris", "--top", "1")
    assert f"{source}: other vectors than those that training started from" in result.stdout


def test_nearest_reads_a_relative_source_from_the_folder_of_the_config(train, tmp_path, monkeypatch):
    run = train()
    monkeypatch.chdir("/")
    assert "before" in succeed("vectors", "nearest", run, "Paris", "--top", "1").stdout


def test_nearest_names_all_unknown_words(train):
    message = error_of("vectors", "nearest", train(), "paris", "Atlantis", "El Dorado")
    assert re.fullmatch(r".*/run: found no vector for 'Atlantis', 'El Dorado' among \d+ words", message)


def test_without_gensim(config, train, tmp_path, monkeypatch):
    """Only training vectors and `.kv` need it."""
    run = train()
    monkeypatch.setitem(sys.modules, "gensim", None)
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    text = config.parent / "train.conll"
    assert error_of("vectors", "train", text, "--out", tmp_path / "own.vec").startswith("training vectors needs gensim")
    assert error_of("vectors", "export", run, "--out", tmp_path / "t.kv").startswith("KeyedVectors needs gensim")
    succeed("vectors", "export", run, "--out", tmp_path / "t.vec")
    assert "before" in succeed("vectors", "nearest", run, "Paris", "--top", "1").stdout
