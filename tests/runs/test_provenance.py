"""What a model comes from: files, and versions."""

import os
import platform
from dataclasses import replace
from hashlib import blake2b
from importlib.metadata import version

import numpy as np
import pytest
from preparing import prepared
from synthetic import write_corpus, write_vectors

from windowner.errors import DataError
from windowner.runs.provenance import describe_data, digest_of_files


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


def two_files(folder, first, second, names="ab"):
    """A new folder of two files."""
    folder.mkdir()
    for name, content in zip(names, (first, second), strict=True):
        (folder / name).write_bytes(content)
    return folder


def test_the_digest_of_a_folder_depends_on_names_and_on_where_files_end(tmp_path):
    first = two_files(tmp_path / "1", b"John\n", b"Paris\n")
    others = [
        two_files(tmp_path / "2", b"John\nParis\n", b""),
        two_files(tmp_path / "3", b"John\n", b"Paris\n", "ac"),
        two_files(tmp_path / "4", b"Paris\n", b"John\n"),
    ]
    assert digest_of_files([first]) not in map(digest_of_files, ([other] for other in others))
    moved = first.rename(tmp_path / "moved")
    assert digest_of_files([moved]) == digest_of_files([two_files(first, b"John\n", b"Paris\n")])


def test_the_digest_of_two_files_depends_on_where_the_first_one_ends_and_not_on_their_names(tmp_path):
    names = [two_files(tmp_path / "1", b"John\n", b"Paris\n"), two_files(tmp_path / "2", b"John\n", b"Paris\n", "cd")]
    same = [digest_of_files(sorted(folder.iterdir())) for folder in names]
    moved = two_files(tmp_path / "3", b"John\nParis\n", b"")
    assert same[0] == same[1] != digest_of_files(sorted(moved.iterdir()))


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
def test_a_name_that_is_no_utf_8_has_a_digest(tmp_path):
    assert digest_of_files([two_files(tmp_path / "1", b"", b"", ["a", os.fsdecode(b"\xff")])])


def test_a_text_that_was_removed_meanwhile_is_one_error(path):
    """Another text of the same config is still there."""
    model, corpora = prepared(path)[0].model, prepared(path)[0].corpora
    (path.parent / "dev.conll").unlink()
    for fold in ("", "1/2"):
        config = replace(model.config, data=replace(model.config.data, fold=fold))
        with pytest.raises(DataError, match=r"dev\.conll: cannot be read again: No such file or directory; start"):
            describe_data(config, corpora)
