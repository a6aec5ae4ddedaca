"""Tagging a stream: in one process or in several, the same text comes out."""

import io
import subprocess
import sys
from functools import partial

import pytest
from synthetic import Tiny, error_of, succeed, train_tiny

from windowner.errors import DataError
from windowner.formats.shards import cut_shards
from windowner.tagging import streams as tagging
from windowner.tagging.streams import TagTask, tag_stream

TEXTS = {
    "columns": "-DOCSTART- O\n\nJohn x\nSmith x\n\nlives x\n\n" * 30,
    "tokens": "John Smith lives in Paris .\n\nAnna met Omar\n" * 30,
    "jsonl": '{"tokens": ["John", "Smith"]}\n{"tokens": []}\n{"tokens": ["Rome"]}\n' * 30,
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(tagging, "cut_shards", partial(cut_shards, size=200))


def tag(task, text, jobs=1):
    pieces = list(tag_stream(task, io.BytesIO(text.encode()), jobs))
    return "".join(text for text, _ in pieces), sum(tokens for _, tokens in pieces)


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("form", TEXTS)
def test_two_processes_write_what_one_writes(tiny, form):
    """Text is read in blocks of a megabyte, so that these texts are cut into shards at their end alone."""
    task = TagTask(tiny.model, input_format=form, output_format="jsonl" if form == "jsonl" else "columns", scores=True)
    alone = tag(task, TEXTS[form])
    assert alone[1] == {"columns": 90, "tokens": 270, "jsonl": 90}[form]
    assert tag(task, TEXTS[form], jobs=2) == alone


def test_order_is_kept_over_many_shards(tiny, monkeypatch):
    """Each read gives a hundred bytes, each shard has about two hundred."""

    class Slow(io.BytesIO):
        def read1(self, size=-1):
            return super().read1(100)

    monkeypatch.setattr(tagging, "cut_shards", partial(cut_shards, size=200))
    text = "".join(f"word{i} x\n\n" for i in range(300)).encode()
    task = TagTask(tiny.model)
    pieces = list(tag_stream(task, Slow(text), jobs=2))
    assert len(pieces) > 10
    assert [row.split()[0] for text, _ in pieces for row in text.split("\n\n") if row] == [
        f"word{i}" for i in range(300)
    ]


def test_an_error_in_a_process_has_its_line_in_the_stream(tiny):
    with pytest.raises(DataError, match=r"^f:4: byte 0xff, expected UTF-8$"):
        list(tag_stream(TagTask(tiny.model, "f"), io.BytesIO(b"a x\n\nb x\n\xff x\n"), jobs=2))


def test_the_command(tiny, tmp_path):
    source = tmp_path / "text.conll"
    source.write_text(TEXTS["columns"], encoding="utf-8")
    alone = succeed("tag", tiny.model, source).stdout
    assert succeed("tag", tiny.model, source, "--jobs", "2").stdout == alone
    assert error_of("tag", "nowhere", source, "--jobs", "2").startswith("nowhere: no such file")


def test_processes_end_with_the_one_that_started_them(tiny, tmp_path):
    """Killed, it cannot tell them. They hold its stdout too, which ends with the last of them."""
    source = tmp_path / "text.txt"
    source.write_text("John Smith lives in Paris .\n" * 200_000, encoding="utf-8")
    command = [sys.executable, "-c", "from windowner.cli.main import main; main()"]
    arguments = ["tag", str(tiny.model), str(source), "--input", "tokens", "--jobs", "2"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"John\tB-PER\n"
        process.kill()
        process.communicate(timeout=60)
