"""What a training depends on: config, text, vectors, gazetteers and versions, each by its key."""

import numpy as np
from preparing import prepared

from windowner.runs.identity import differences, flatten, identity
from windowner.runs.training import train
from windowner.tagger.parts import read_model


def test_it_is_the_same_before_and_after_training(path, tmp_path):
    overrides = [f"vectors.source={path.parent}/vectors.txt", "vectors.keep=all"]
    before = identity(prepared(path, *overrides)[0].model)
    model, _ = prepared(path, *overrides)
    train(model.model.config, tmp_path / "run")
    assert identity(read_model(tmp_path / "run")) == before
    assert before["numpy"] == np.__version__


def test_every_part_counts(path):
    source = f"vectors.source={path.parent}/vectors.txt"
    (path.parent / "names.txt").write_text("Paris\tLOC\n", encoding="utf-8")
    names = f'features.gazetteers=["{path.parent}/names.txt"]'
    before = identity(prepared(path, source, names)[0].model)
    for file, added, key in (
        ("train.conll", "\nParis 0 B-LOC\n", "data.train.blake2b"),
        ("vectors.txt", None, "vectors.blake2b"),
        ("names.txt", "Rome\tLOC\n", "gazetteer"),
    ):
        there = path.parent / file
        kept = there.read_text(encoding="utf-8")
        there.write_text(kept.replace("0.1", "0.2") if added is None else kept + added, encoding="utf-8")
        assert differences(before, identity(prepared(path, source, names)[0].model)).partition(":")[0] == key
        there.write_text(kept, encoding="utf-8")
    assert differences(before, identity(prepared(path, source, names, "train.seed=3")[0].model)) == (
        "train.seed: 0 there, 3 here"
    )


def test_the_first_differences_are_named():
    there = dict(flatten({"a": {"b": 1, "c": {"d": 2}}, "e": [3], "f": 4}))
    assert there == {"a.b": 1, "a.c.d": 2, "e": [3], "f": 4}
    assert differences(there, there) == ""
    assert (
        differences(there, {})
        == "a.b: 1 there, nothing here; a.c.d: 2 there, nothing here; e: [3] there, nothing here; and 1 more"
    )
