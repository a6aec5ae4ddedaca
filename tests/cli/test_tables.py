"""Scores as files of JSON."""

import json

import pytest

from windowner import files
from windowner.cli.tables import write_json
from windowner.errors import WindownerError


@pytest.mark.parametrize("name", ["Größe", "\u202e", "a\udc80.conll"])
def test_what_is_written_is_read_again(tmp_path, name):
    """Names of files may hold halves of surrogate pairs, which UTF-8 has not."""
    write_json({"file": name}, str(tmp_path / "s.json"))
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == {"file": name}


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "s.json").write_text("old", encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_flush", full)
    with pytest.raises(WindownerError, match="cannot be written: No space left on device"):
        write_json({"f1": 1}, str(tmp_path / "s.json"))
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == "old"
