"""Values that commands write as JSON."""

import json

import pytest

from windowner.cli.tables import write_json


@pytest.mark.parametrize("text", ["Ana", "人", "\udcff"])
def test_json_holds_any_text(tmp_path, text):
    """The name of a file may hold half of a surrogate pair, which UTF-8 cannot hold. JSON has an escape for it."""
    write_json({text: [text]}, str(tmp_path / "a.json"))
    written = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(written) == {text: [text]}
    assert ("\\u" in written) == (text == "\udcff")


def test_json_is_written_whole(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_json({"before": 1}, str(path))
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_json({"after": 1}, str(path))
    assert json.loads(path.read_text(encoding="utf-8")) == {"before": 1}
    assert list(tmp_path.iterdir()) == [path]
