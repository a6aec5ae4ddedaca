"""Files below a folder: those whose names are wanted, and no walk over a whole disk."""

import pytest

from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.stores import paths
from windowner.stores.paths import files_below, files_of
from windowner.tagging.finding import find_shards


def wanted(name):
    return name.endswith(".txt")


def test_files_of_all_folders_but_no_links_to_folders(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "c.txt").mkdir()
    files = [tmp_path / "1.txt", tmp_path / "a" / "2.txt", tmp_path / "a" / "b" / ".3.txt"]
    for file in [*files, tmp_path / "4.csv"]:
        file.write_text("x")
    (tmp_path / "a" / "above").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(files[0])
    assert sorted(files_below(tmp_path, wanted)) == sorted([*files, tmp_path / "link.txt"])
    assert len(dict(files_of(tmp_path))) == 5


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"missing: No such file or directory, expected a folder that can be read$"):
        list(files_below(tmp_path / "missing", wanted))


def test_a_folder_of_other_files_is_no_corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MOST_OTHERS", 3)
    for name in ("a.txt", "a.ann", "b.txt", "b.ann", "x.py", "y.py", "z.py"):
        (tmp_path / name).write_text("T1\tPER 0 2\tT1\n")
    assert len(read_corpus(tmp_path).sentences) == 2
    (tmp_path / "folder").mkdir()
    for walk in (lambda: read_corpus(tmp_path), lambda: find_shards(tmp_path, tmp_path / "out")):
        with pytest.raises(DataError, match=": more than 3 other files and folders, expected a folder of texts; name"):
            walk()
