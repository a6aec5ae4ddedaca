"""Tagging a stream: in one process or in several, the same text comes out."""

import io
import subprocess
import sys
from functools import partial
from multiprocessing import active_children

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow_pipe import Pipe
from synthetic import error_of, succeed

from windowner.engines.local import LocalEngine
from windowner.engines.tasks import Failure
from windowner.errors import DataError, EngineError
from windowner.formats.opening import readable
from windowner.formats.shards import cut_shards
from windowner.tagging import streams as tagging
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask

TEXTS = {
    "columns": "-DOCSTART- O\n\nJohn x\nSmith x\n\nlives x\n\n" * 30,
    "tokens": "John Smith lives in Paris .\n\nAnna met Omar\n" * 30,
    "jsonl": '{"tokens": ["John", "Smith"]}\n{"tokens": []}\n{"tokens": ["Rome"]}\n' * 30,
    "text": "John Smith lives in Paris.\n\nAnna met Omar\n" * 30,
    "document": "John Smith lives in Paris.\n\nAnna met Omar\n" * 30,
    "records": '{"id": 1, "text": "John Smith lives in Paris."}\n{"text": ""}\n' * 30,
}
COUNTS = {"columns": 90, "tokens": 270, "jsonl": 90, "text": 270, "document": 270, "records": 180}


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(tagging, "cut_shards", partial(cut_shards, size=200))


class Slow(io.BytesIO):
    """A stream of which each read gives a hundred bytes, so that small shards can be cut everywhere in it."""

    def read1(self, size=-1):
        return super().read1(100)


def tag(task, text, jobs=1):
    pieces = list(tag_stream(task, io.BytesIO(text.encode()), jobs))
    return b"".join(text for text, _ in pieces).decode(), sum(tokens for _, tokens in pieces)


@pytest.mark.parametrize("size", [1, 27])
@pytest.mark.parametrize(
    "text",
    [
        "1\tJohn\tx\n2\tSmith\tx\n\n1\tRome\tx\n",
        "token\tpos\ttag\nJohn\tx\tO\n\nSmith\tx\tO\n",
        "a\r\nb\r\n",
        "John\tO\nSmith\tB-PER\nis\tO\nin\tO\n\n# comment\nRome\tO\n",  # cut in a row without its tag
    ],
)
def test_columns_of_a_slow_pipe_are_tagged_as_those_of_a_file(tiny, text, size):
    task = TagTask(tiny.model)
    with readable(io.BufferedReader(Pipe(text.encode(), size)), "f", at_once=True) as stream:
        assert b"".join(text for text, _ in tag_stream(task, stream)).decode() == tag(task, text.replace("\r", ""))[0]


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("form", TEXTS)
def test_two_processes_write_what_one_writes(tiny, form):
    """Text is read in blocks of a megabyte, so that these texts are cut into shards at their end alone."""
    for output in ("columns", "jsonl", "spans"):
        task = TagTask(tiny.model, input_format=form, output_format=output, scores=True)
        alone = tag(task, TEXTS[form])
        assert alone[1] == COUNTS[form]
        assert tag(task, TEXTS[form], jobs=2) == alone


@pytest.mark.usefixtures("small_shards")
def test_order_is_kept_over_many_shards(tiny):
    text = "".join(f"word{i} x\n\n" for i in range(300)).encode()
    pieces = list(tag_stream(TagTask(tiny.model), Slow(text), jobs=2))
    assert len(pieces) > 10
    assert [row.split()[0] for text, _ in pieces for row in text.decode().split("\n\n") if row] == [
        f"word{i}" for i in range(300)
    ]


@pytest.mark.usefixtures("small_shards")
def test_a_killed_process_changes_nothing(tiny):
    text = "".join(f"word{i} x\n\n" for i in range(300)).encode()
    expected = list(tag_stream(TagTask(tiny.model), Slow(text), jobs=2))
    others = set(active_children())  # such as those that joblib keeps, which cannot be killed
    pieces = tag_stream(TagTask(tiny.model), Slow(text), jobs=2)
    found = [next(pieces), next(pieces)]
    killed, *_ = set(active_children()) - others
    killed.kill()
    killed.join()
    found += pieces
    assert found == expected


@pytest.mark.usefixtures("small_shards")
def test_what_comes_before_an_error_is_delivered(tiny):
    """The third of five shards has a byte that is no UTF-8, in line 44."""
    shard = b"0123456 x\n" * 19 + b"\n"  # 191 bytes and a blank line; cut as soon as 200 bytes are read
    text = shard * 2 + b"a x\n" * 3 + b"\xff x\n" + shard * 3
    pieces = []
    with pytest.raises(
        DataError,
        match=r"^f:44: byte 0xff, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config$",
    ):
        pieces.extend(tag_stream(TagTask(tiny.model, "f"), Slow(text), jobs=2))
    assert b"".join(text for text, _ in pieces).count(b"0123456") == 38


def test_an_error_in_a_process_has_its_line_in_the_stream(tiny):
    with pytest.raises(
        DataError,
        match=r"^f:4: byte 0xff, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config$",
    ):
        list(tag_stream(TagTask(tiny.model, "f"), io.BytesIO(b"a x\n\nb x\n\xff x\n"), jobs=2))


def test_a_shard_that_always_loses_its_process(tiny, monkeypatch):
    """Not a bug of the user's, but nothing that a traceback would explain."""
    failures = iter([(0, Failure("WorkerDied", "3 workers died of it, the last one: exit code -9"))])
    monkeypatch.setattr(LocalEngine, "map_in_order", lambda *_: (yield from failures))
    with pytest.raises(EngineError, match=r"^f: 3 workers died of it, the last one: exit code -9$"):
        list(tag_stream(TagTask(tiny.model, "f"), io.BytesIO(b""), jobs=2))


def test_an_error_that_no_user_causes_keeps_its_traceback(tiny, monkeypatch):
    failures = iter([(0, Failure("KeyError", "'x'", "Traceback ... in _tag_shard"))])
    monkeypatch.setattr(LocalEngine, "map_in_order", lambda *_: (yield from failures))
    with pytest.raises(RuntimeError, match=r"(?s)^KeyError: 'x'\nTraceback .* in _tag_shard$"):
        list(tag_stream(TagTask(tiny.model, "f"), io.BytesIO(b""), jobs=2))


def test_the_command(tiny, tmp_path):
    source = tmp_path / "text.conll"
    source.write_text(TEXTS["columns"], encoding="utf-8")
    alone = succeed("tag", tiny.model, source).stdout
    assert succeed("tag", tiny.model, source, "--jobs", "2").stdout == alone
    assert error_of("tag", "nowhere", source, "--jobs", "2").startswith("nowhere: no such file")


COMMAND = """
import sys, threading
from windowner import platform
from windowner.cli.main import main

method = platform.start_method
def watched():
    print(method(), file=sys.stderr)
    return method()
platform.start_method = watched
if sys.argv.pop(1) == "spawn":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
def test_forked_and_spawned_processes_write_the_same(tiny, tmp_path):
    """A process with a second thread spawns them; the text is cut into three shards."""
    source = tmp_path / "text.txt"
    source.write_text("John Smith lives in Paris .\n" * 100_000, encoding="utf-8")
    arguments = ["tag", str(tiny.model), str(source), "--input", "tokens", "--jobs", "2"]
    written = {}
    for method in ("fork", "spawn"):
        done = subprocess.run([sys.executable, "-c", COMMAND, method, *arguments], capture_output=True, timeout=120)
        assert (done.returncode, done.stderr.decode().split()) == (0, [method, method])
        written[method] = done.stdout
    assert written["fork"] == written["spawn"]
    assert written["fork"].count(b"\n\n") == 100_000


def test_processes_end_with_the_one_that_started_them(tiny, tmp_path):
    """It is killed and cannot end them. They hold its stdout too, which ends with the last of them."""
    source = tmp_path / "text.txt"
    source.write_text("John Smith lives in Paris .\n" * 200_000, encoding="utf-8")
    command = [sys.executable, "-c", "from windowner.cli.main import main; main()"]
    arguments = ["tag", str(tiny.model), str(source), "--input", "tokens", "--jobs", "2"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"John\tB-PER\n"
        process.kill()
        process.communicate(timeout=60)


PARTS = {
    "columns": [
        "a x\n",
        "b\tx\n",
        "c x y\n",
        "\n",
        "-DOCSTART- x\n",
        "#d x\n",
        "# e\n",
        "# x\n",
        "f\n",
        "\tx\n",
        "\u2028 x\n",
        " \n",
    ],
    "jsonl": ['{"tokens": ["a"]}\n', '{"tokens": ["b", "c"], "doc": 1}\n', '{"tokens": [], "doc": 2}\n', "{}\n", "\n"],
    "tokens": ["a b\n", "\n", "c\n", "-DOCSTART-\n"],
    "records": ['{"text": "John Smith lives in Paris."}\n', '{"text": ""}\n', "\n", "{}\n"],
}


@settings(derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.parametrize("form", PARTS)
def test_shards_give_the_same_text_and_the_same_error(tiny, outcome, form, data):
    """Whatever the rows, and wherever they are cut. Two columns before three are refused in the line of the three."""
    rows = data.draw(st.lists(st.sampled_from(PARTS[form]), max_size=40))
    output = data.draw(st.sampled_from(["columns", "jsonl"]))
    text = "".join(rows).encode() + b"\xff\n" * data.draw(st.integers(0, 1))
    task = TagTask(tiny.model, "f", form, output)
    alone = outcome(task, Slow(text), 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagging, "cut_shards", partial(cut_shards, size=data.draw(st.integers(1, 60))))
        cut = outcome(task, Slow(text), 2)
    assert cut[1] == alone[1]
    assert cut[0] == alone[0] or alone[1]  # before an error, shards may have delivered more or less


def test_columns_that_change_after_a_shard_are_refused_by_every_number_of_jobs(tiny, serial):
    text = b"a\tx\n\n" * 50 + b"b x y\n\n" + b"c x\n\n" * 50
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagging, "cut_shards", partial(cut_shards, size=100))
        for jobs in (1, 2):
            with pytest.raises(DataError, match=r"^f:101: 3 columns, expected 2"):
                list(tag_stream(TagTask(tiny.model, "f"), Slow(text), jobs))
