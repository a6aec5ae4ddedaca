"""Workers that are killed before each of their writes: other workers do it again, to the same bytes."""

import os
from functools import partial

import pytest
from engine_work import killing_tagger
from synthetic import train_tiny

from windowner.engines.local import LocalEngine
from windowner.engines.tasks import ATTEMPTS, Failure
from windowner.files import UNFINISHED
from windowner.tagging import folders
from windowner.tagging.finding import find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.task import TagTask


def tag(engine, task, texts, out) -> dict[str, bytes]:
    """Tag a folder, and return the tagged files."""
    results = [result for _, result in tag_files(engine, task, find_shards(str(texts), out), out)]
    assert not [result for result in results if isinstance(result, Failure)]
    return {path.name: path.read_bytes() for path in out.glob("*.conll")}


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
@pytest.mark.parametrize("name", ["local", "ray"])
def test_workers_that_are_killed_before_each_write(tmp_path_factory, tmp_path, monkeypatch, request, name):
    engine = LocalEngine(2) if name == "local" else request.getfixturevalue("ray_engine")
    tiny, texts, marks = train_tiny(tmp_path_factory.getbasetemp()), tmp_path / "texts", tmp_path / "marks"
    texts.mkdir()
    marks.mkdir()
    for place in range(2):
        (texts / f"{place}.txt").write_text("John Smith lives in Paris .\n" * (place + 1), encoding="utf-8")
    task = TagTask(tiny.model, input_format="tokens")
    expected = tag(LocalEngine(1), task, texts, tmp_path / "undisturbed")
    monkeypatch.setattr(folders, "_file_tagger", partial(killing_tagger, str(marks)))
    assert tag(engine, task, texts, tmp_path / "out") == expected
    assert len(os.listdir(marks)) == 2 * (ATTEMPTS - 1)
    left = [path.name for path in (tmp_path / "out").iterdir() if path.name.endswith(UNFINISHED)]
    assert len(left) == len(os.listdir(marks))  # of the workers that were killed, hidden
