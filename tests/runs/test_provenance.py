"""What a model comes from: files, and versions."""

import platform
from hashlib import blake2b
from importlib.metadata import version

import numpy as np
from preparing import prepared
from synthetic import write_corpus, write_vectors


def test_files_are_named_with_their_digests(path):
    """As `b2sum -l 256` prints them."""
    source, train = path.parent / "vectors.txt", path.parent / "train.conll"
    before = prepared(path, f"vectors.source={source}")[0].model.provenance
    assert before["data"]["train"]["file"] == "train.conll"
    assert before["data"]["train"]["blake2b"] == blake2b(train.read_bytes(), digest_size=32).hexdigest()
    assert before["vectors"]["blake2b"] == blake2b(source.read_bytes(), digest_size=32).hexdigest()
    assert (before["vectors"]["source"], before["vectors"]["size"]) == (str(source), 8)
    write_corpus(train, seed=9, sentences=250)
    write_vectors(source, seed=9)
    after = prepared(path, f"vectors.source={source}")[0].model.provenance
    assert after["data"]["train"]["blake2b"] != before["data"]["train"]["blake2b"]
    assert after["vectors"]["blake2b"] != before["vectors"]["blake2b"]
    assert after["data"]["dev"] == before["data"]["dev"]


def test_what_is_held_out_comes_from_the_training_file(path):
    data = prepared(path, 'data.dev=""')[0].model.provenance["data"]
    assert (data["dev"]["file"], data["dev"]["sentences"], data["train"]["sentences"]) == ("train.conll", 25, 225)
    assert data["dev"]["blake2b"] == data["train"]["blake2b"]


def test_first_and_further_vectors_are_listed_apart(path):
    source = f"{path.parent}/vectors.txt"
    more = f'vectors.more=[{{source="{source}"}}]'
    both = prepared(path, f"vectors.source={source}", more)[0].model.provenance
    assert [both["vectors"]] == both["further_vectors"]
    assert "vectors" not in prepared(path, more)[0].model.provenance
    assert "further_vectors" not in prepared(path, f"vectors.source={source}")[0].model.provenance


def test_the_versions_that_train_are_named(path):
    assert prepared(path)[0].model.provenance["versions"] == {
        "windowner": version("windowner"),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
