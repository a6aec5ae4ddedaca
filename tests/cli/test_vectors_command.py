"""`windowner vectors train`, and a tagger that uses what it wrote."""

from synthetic import error_of, succeed

from windowner.tagger.tagger import Tagger


def test_vectors_of_the_training_text_stand_beside_others(config, tmp_path):
    out = tmp_path / "own.vec"
    options = ["--size", "6", "--epochs", "2", "--lower", "--out", out]
    result = succeed("vectors", "train", config.parent / "train.conll", *options)
    assert result.stdout == ""
    assert result.stderr.endswith("words of 6 dimensions\n")
    more = f'vectors.more=[{{source="{out}", mode="frozen"}}]'
    succeed("train", config, "--out", tmp_path / "run", "--set", more, "--set", "train.epochs=1")
    assert Tagger.load(tmp_path / "run").network.tables["words2"].shape[1] == 6


def test_mistakes(config, tmp_path):
    assert "no such file" in error_of("vectors", "train", tmp_path / "none.conll", "--out", tmp_path / "own.vec")
    assert not (tmp_path / "own.vec").exists()
