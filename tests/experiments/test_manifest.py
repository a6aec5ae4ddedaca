"""What the trials of an experiment depend on."""

from importlib.util import find_spec

import pytest
from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.experiments.cross_validation import fold_experiment
from windowner.experiments.manifest import manifest
from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.table import FORMATS, PARQUET, SPACY

NEEDS = {PARQUET: "pyarrow", SPACY: "spacy"}


def folds(config, path):
    keys = {"data.train": str(path), "data.dev": "", "data.test": ""}
    return fold_experiment(load_config(config, keys=keys), 2)


@pytest.mark.parametrize("name", [name for name, format in FORMATS.items() if format.can_write])
def test_text_of_any_format_has_a_digest(tmp_path, name):
    """Text may also be a folder of files."""
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed")
    config, text = write_tiny(tmp_path), tmp_path / "text"
    convert_file(tmp_path / "train.conll", text, ReadOptions(), target_format=name)
    before = manifest(folds(config, text), {})
    assert before == manifest(folds(config, text), {})
    changed = max(text.iterdir()) if text.is_dir() else text
    changed.write_bytes(changed.read_bytes() + b"\n")
    after = manifest(folds(config, text), {})
    assert {key for key in before if before[key] != after[key]} == {f"blake2b of {text}"}


def test_text_that_is_missing_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.conll: cannot be read: No such file or directory"):
        manifest(folds(write_tiny(tmp_path), tmp_path / "nowhere.conll"), {})
