"""Workers that are killed before each of their writes: other workers do it again, to the same bytes."""

import os
import signal
import subprocess
import sys
from functools import partial
from time import monotonic, sleep

import pytest
from engine_work import killing_tagger
from synthetic import succeed, train_tiny

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


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_a_command_that_is_killed_while_ray_tags_goes_on_with_local_processes(tmp_path_factory, tmp_path):
    pytest.importorskip("ray")
    tiny, texts, out = train_tiny(tmp_path_factory.getbasetemp()), tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    for place in range(4):
        (texts / f"{place}.txt").write_text("John Smith lives in Paris .\n" * 20_000, encoding="utf-8")
    command = ["tag", str(tiny.model), str(texts), "--input", "tokens", "--out"]
    ray = [sys.executable, "-m", "windowner", *command, str(out), "--engine", "ray", "--jobs", "1"]
    environment = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    process = subprocess.Popen(ray, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
    deadline = monotonic() + 120
    while not list(out.glob(f".*{UNFINISHED}")) and process.poll() is None and monotonic() < deadline:
        sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    os.killpg(process.pid, signal.SIGKILL)  # what Ray has started and leaves
    assert len(list(out.glob("*.conll"))) < 4
    succeed(*command, out)
    succeed(*command, tmp_path / "undisturbed")
    for path in (tmp_path / "undisturbed").glob("*.conll"):
        assert (out / path.name).read_bytes() == path.read_bytes()
