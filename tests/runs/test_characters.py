"""Whether characters are read follows from the vectors and from the labels."""

import numpy as np
import pytest
from preparing import prepared

from windowner.formats.reading import read_corpus
from windowner.inputs.alphabet import COLUMNS
from windowner.runs.characters import lower_share

VECTORS = "paris 1 2\nfever 3 4\n"
NAMES = {
    "lower": ("acute B-X\nfever I-X\nand O\nIBD B-X\n\n", "67% of the entity words", 30),
    "title": ("Paris B-X\nand O\nfever B-X\nRome B-X\n\n", "33% of the entity words", 0),
}


@pytest.mark.parametrize("kind", NAMES)
def test_auto_reads_characters_where_names_are_in_lower_case(tiny_config, kind):
    text, said, filters = NAMES[kind]
    (tiny_config.parent / "train.conll").write_text(text * 3, encoding="utf-8")
    (tiny_config.parent / "vectors.txt").write_text(VECTORS, encoding="utf-8")
    vectors = f"vectors.source={tiny_config.parent / 'vectors.txt'}"
    found, notes = prepared(tiny_config, "features.characters=auto", vectors)
    assert f'features.characters = "auto": {filters or "off"} ({said}' in notes
    assert found.model.config.features.characters == filters
    assert (found.model.network.characters is not None) == (filters > 0)


def test_auto_reads_characters_without_vectors(tiny_config):
    found, notes = prepared(tiny_config, "features.characters=auto")
    assert 'features.characters = "auto": 30 (no pretrained vectors)' in notes
    assert found.model.network.characters.size == 30
    assert found.training.F.shape[1] == len(found.model.network.tables) + COLUMNS


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("fever B-X\nof O\nFever B-X\n\nfever B-X\nIBD I-X\n5-ht B-X\n", 1 / 3),  # fever, Fever and IBD
        ("5 B-X\na O\n", 0),
    ],
)
def test_distinct_words_of_letters_count(tmp_path, text, share):
    (tmp_path / "train.conll").write_text(text, encoding="utf-8")
    assert lower_share(read_corpus(tmp_path / "train.conll")) == pytest.approx(share)


def test_the_same_seed_draws_the_same_other_tables(tiny_config):
    on, _ = prepared(tiny_config, "features.characters=5")
    off, notes = prepared(tiny_config)
    assert "characters" not in notes
    for table, same in zip(off.model.network.tables, on.model.network.tables, strict=True):
        np.testing.assert_array_equal(table.E, same.E)


def test_forms_that_differ_in_characters_are_distinct(tiny_config):
    """Without features and in lower case, `Stop` and `stop` have the same row of words."""
    text = "".join(f"{word} B-X\n" for word in ("Stop", "stop", "STOP")) + "it O\n\n"
    (tiny_config.parent / "train.conll").write_text(text, encoding="utf-8")
    (tiny_config.parent / "vectors.txt").write_text("stop 1 2\nit 2 1\n", encoding="utf-8")
    keys = ["capitals=0", "shape=0", "affix_size=0"]
    keys = [f"vectors.source={tiny_config.parent / 'vectors.txt'}", *(f"features.{key}" for key in keys)]
    with_characters, _ = prepared(tiny_config, "features.characters=2", *keys)
    without, _ = prepared(tiny_config, *keys)
    assert (len(without.training.F), len(with_characters.training.F)) == (3, 5)  # the padding, too
