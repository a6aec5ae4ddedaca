"""A folder that somebody removes while a command writes there: one clear error, and the folder is not made anew."""

import os

import pytest
from every_command import Places, make_places
from forked import changed_path, forked, once

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Places:
    return make_places(tmp_path_factory.getbasetemp())


CASES = {  # call: what is about to be written, what is then removed, the error
    "train, its work folder": ("train", "history.jsonl", ".run.work", "was removed while the training wrote there"),
    "train, the folder above": ("train", "history.jsonl", "", "was removed while the training wrote there"),
    "train, at the end": ("train", ".metrics.json.*", ".run.work", "was removed while the training wrote there"),
    "compare": ("compare", "history.jsonl", "compared", "was removed while its trials were trained"),
    "cv": ("cv", "history.jsonl", "cv", "was removed while its trials were trained"),
    "tag": ("tag a folder", ".b.txt.conll.*", "tagged", ".lock: was removed while files were tagged"),
    "tag, at the end": ("tag a folder", ".a.txt.conll.*", "tagged", ".lock: was removed while files were tagged"),
    "report": ("report", ".calibration.svg.*", "run", "a picture cannot be written there"),
    "report, at the end": ("report", ".report.html.*", "run", "report.html: cannot be written"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_error_and_no_folder(places, tmp_path, monkeypatch, case):
    monkeypatch.setattr("windowner.cli.compare.find_spec", lambda _: None)  # no page, which `report` writes, too
    call, written, removed, message = CASES[case]
    out = places.filled(call, tmp_path / "out")

    def is_written(event, arguments):
        path = changed_path(event, arguments)
        return path is not None and path.match(written)

    # Renamed, because nothing can interrupt that.
    hook = once(is_written, lambda: (out / removed).rename(tmp_path / "removed"))
    ended = forked(places.arguments(call, out), tmp_path / "errors", hook=hook, cwd=places.home)
    assert message in ended.error
    assert not (out / removed).exists()
    if removed == ".run.work":
        assert (out / "run" / "model.safetensors").read_bytes() == places.tiny.model.read_bytes()
    out.mkdir(exist_ok=True)
    if call != "report":
        ended = forked(places.arguments(call, out), tmp_path / "errors", cwd=places.home)
        assert ended.status == 0, ended.stderr


def test_the_run_was_removed_before_its_report_is_written(places, tmp_path):
    out = places.filled("report", tmp_path / "out")

    def is_read(event, arguments):
        return event == "open" and str(arguments[0]).endswith("dev.jsonl")

    hook = once(is_read, lambda: (out / "run").rename(tmp_path / "removed"))
    ended = forked(places.arguments("report", out), tmp_path / "errors", hook=hook)
    assert ended.error
    assert os.listdir(out) == []


def test_the_working_directory_was_removed(places, tmp_path):
    """Commands that need it say so."""
    (tmp_path / "here").mkdir()
    out = places.filled("train", tmp_path / "out")
    hook = once(lambda event, arguments: event == "open", lambda: (tmp_path / "here").rmdir())
    ended = forked(places.arguments("train", out), tmp_path / "errors", hook=hook, cwd=tmp_path / "here")
    assert "working directory" in ended.error
