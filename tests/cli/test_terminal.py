"""What goes to a terminal: one line per error, no control characters, any encoding."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from every_command import CALLS, Places, make_places
from forked import forked
from synthetic import error_of, succeed

from windowner.cli.main import main
from windowner.cli.progress import Progress
from windowner.cli.terminal import shows
from windowner.markup.lines import one_line

CJK = "人名"
HARMLESS = ["Größe", CJK, "a b", "\u200d", "\u05d0\u200f", "\xa0", "🙂", "\u0301"]
HOSTILE = [
    ("a\nb", r"a\nb"),
    ("a\r\tb", r"a\r\tb"),
    ("\x1b[31mred", r"\x1b[31mred"),
    ("\x85\x9b", r"\x85\x9b"),
    ("a\u2028b\u2029", r"a\u2028b\u2029"),
    ("\u202egpj.exe", r"\u202egpj.exe"),  # writes from right to left
    ("\u2066", r"\u2066"),
    ("\udcff", r"\udcff"),  # a byte of a file name that is no UTF-8
]


@pytest.mark.parametrize("text", HARMLESS)
def test_text_stays(text):
    assert one_line(text) == text


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_what_breaks_a_line_is_escaped(text, shown):
    assert one_line(text) == shown


@pytest.mark.parametrize(("text", "shown"), [hostile for hostile in HOSTILE if "\udcff" not in hostile[0]])
def test_an_error_names_a_hostile_file_on_one_line(text, shown, tmp_path):
    assert error_of("score", f"no-{text}", "b") == f"no-{shown}: no such file"


def test_an_error_names_a_hostile_column_on_one_line(tmp_path):
    path = tmp_path / "f.conll"
    path.write_text("a O\nb \x1b[31m\n", encoding="utf-8")
    assert error_of("score", path, path).startswith(rf"{path}:2: unknown tag '\x1b[31m', expected")


def test_a_type_does_not_colour_the_table(tmp_path):
    path = tmp_path / "f.conll"
    path.write_text("a B-\x1b[31mX\n", encoding="utf-8")
    assert run(path, "utf-8", "score", path, path).stdout.decode().splitlines()[2].startswith(r"\x1b[31mX ")


def test_a_long_row_of_a_table_is_not_wrapped_in_a_pipe(tmp_path, monkeypatch):
    """Not where FORCE_COLOR is set either, as in notebooks and in CI."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "f.conll"
    path.write_text(f"a B-{'x' * 400}\nb B-y\n", encoding="utf-8")
    lines = succeed("score", path, path).stdout.splitlines()
    assert [len(line.split()) for line in lines[1:5]] == [5, 5, 5, 5]
    assert "\x1b" not in "".join(lines)
    assert all(line == line.rstrip() for line in lines)


def run(path, encoding, *args):
    """Run a command in a process of its own whose output has an encoding."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "windowner", *map(str, args)]
    return subprocess.run(command, capture_output=True, env=environment, cwd=path.parent)


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "f.conll"
    path.write_text(f"Paris B-{CJK}\nis O\nbig O\n\nRome B-{CJK}\nis O\nold B-é\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "ascii:surrogateescape", "latin-1"])
def test_score_in_a_narrow_encoding(corpus, encoding):
    done = run(corpus, encoding, "score", corpus, corpus)
    assert (done.returncode, done.stderr) == (0, b"")
    header, _, row, overall = done.stdout.splitlines()[1:]
    assert row.startswith(rb"\u4eba\u540d ")
    assert len(header) == len(row) == len(overall)


def test_a_handler_that_the_user_chose_stays(corpus):
    assert run(corpus, "cp1252:replace", "score", corpus, corpus).stdout.splitlines()[3].startswith(b"?? ")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_json_stays_json(corpus, encoding):
    done = run(corpus, encoding, "score", corpus, corpus, "--json", "-")
    assert set(json.loads(done.stdout.decode(encoding))["types"]) == {CJK, "é"}
    assert (CJK.encode() in done.stdout) == (encoding == "utf-8")


def test_train_and_eval_in_a_narrow_encoding(corpus):
    config = corpus.with_name(f"{CJK}.toml")
    config.write_text('[data]\ntrain = "f.conll"\ndev = "f.conll"\n[train]\nepochs = 1\n', encoding="utf-8")
    trained = run(corpus, "cp1252", "train", config, "--out", "run")
    assert (trained.returncode, b"Traceback" in trained.stderr) == (0, False)
    assert rb"\u4eba\u540d" in trained.stdout
    evaluated = run(corpus, "cp1252", "eval", "run", corpus)
    assert evaluated.returncode == 0
    assert rb"\u4eba\u540d" in evaluated.stdout


def test_an_error_in_a_narrow_encoding(corpus):
    done = run(corpus, "cp1252", "score", CJK, corpus)
    assert (done.returncode, done.stderr.rstrip()) == (1, rb"error: \u4eba\u540d: no such file")


def test_shows(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert shows(CJK)


def test_a_note_keeps_its_lines_and_colours_nothing(capsys):
    Progress().note("dev: 3 sentences (\x1b[31m.conll)\n  and a second line")
    assert capsys.readouterr().err == "dev: 3 sentences (\\x1b[31m.conll)\n  and a second line\n"


def test_types_that_the_model_does_not_know_are_named_on_one_line(tiny, tmp_path):
    path = tmp_path / "f.conll"
    path.write_text("Paris B-\x1b[31mX\n", encoding="utf-8")
    assert r"does not know the types \x1b[31mX; they count as missed" in succeed("eval", tiny.model, path).stderr


def test_a_model_without_a_digest_is_said_on_one_line():
    earlier = Path(__file__).parents[1] / "tagger" / "earlier" / "format-1.safetensors"
    result = CliRunner().invoke(main, ["tag", str(earlier), "--input", "tokens"], input="Paris is big\n")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"note: {earlier}: format 1 holds no digest")
    assert result.stderr.count("\n") == 1


def shell(line: str, folder, **environment) -> subprocess.CompletedProcess:
    """Run a command in a shell, which closes streams. Python holds output back, and at the end writes it."""
    line = f"{shlex.quote(sys.executable)} -m windowner {line}"
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    return subprocess.run(["sh", "-c", line], capture_output=True, cwd=folder, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes streams")
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("score f.conll f.conll 2>&-", 0),
        ("score f.conll f.conll <&- >&- 2>&-", 0),
        ("score nowhere f.conll 2>&-", 1),
        ("train c.toml --out run 2>&-", 0),
        ("train c.toml --out run <&- >&- 2>&-", 0),
        ("tag nowhere <&-", 1),
        ("tag nowhere f.conll >&-", 1),
    ],
)
def test_closed_streams(corpus, line, status):
    """The messages are lost, and nothing else is: no file gets the number of a closed stream."""
    config = '[data]\ntrain = "f.conll"\ndev = "f.conll"\n[train]\nepochs = 1\n'
    (corpus.parent / "c.toml").write_text(config, encoding="utf-8")
    done = shell(line, corpus.parent)
    assert done.returncode == status
    assert b"Traceback" not in done.stdout + done.stderr
    if line.startswith("train"):
        assert (corpus.parent / "run" / "model.safetensors").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
@pytest.mark.parametrize("line", ["--help", "score --help", "score f.conll f.conll"])
def test_a_full_disk_behind_stdout(corpus, line):
    done = shell(f"{line} > /dev/full", corpus.parent)
    assert (done.returncode, done.stderr) == (1, b"error: No space left on device\n")


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Places:
    return make_places(tmp_path_factory.getbasetemp())


PRINTED = {  # calls that write to stdout what others write to a file
    **CALLS,
    "init": "init TRAIN DEV --out -",
    "eval": "eval RUN DEV --json -",
    "explain": "explain RUN --sentence Paris --word 1",
    "check": "check TRAIN DEV --json -",
    "review": "review CONFIG --jobs 1 --to jsonl",
    "suggest": "suggest RUN TEXTS/a.txt --input tokens",
    "score": "score DEV DEV --json -",
    "info": "info RUN --json -",
    "info, words": "info RUN --words",
    "train": "train CONFIG --out RUN --resume",
    "cv": "cv CONFIG --folds 2 --jobs 1",
    "compare": "compare EXPERIMENT --jobs 1 --dry-run",
    "card": "card RUN",
    "vectors": "vectors nearest RUN Paris",
    "graph": "graph --expr x*y x=1 y=2",
    "lr-find": "lr-find CONFIG --steps 20",
}
SILENT = {"convert", "convert to brat", "tag a folder"}
SLOW = {"report", "serve", "export", "compare", "explain a picture"}  # with a full disk alone


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
@pytest.mark.parametrize("call", [call for call in PRINTED if call != "vectors train"])
def test_stdout_is_full_or_closed_or_nobody_reads_it(places, tmp_path, monkeypatch, call):
    monkeypatch.setitem(CALLS, call, PRINTED[call])
    reading, unread = os.pipe()
    os.close(reading)
    full = os.open("/dev/full", os.O_WRONLY)
    cases = (full, "No space left on device"), (unread, ""), (None, "is closed")
    for number, (stdout, error) in enumerate(cases[:1] if call in SLOW else cases):
        out = places.filled(call, tmp_path / f"out{number}")
        ended = forked(places.arguments(call, out), tmp_path / "errors", stdout=stdout, cwd=places.home)
        assert "Traceback" not in ended.stderr, ended.stderr
        if call in SILENT:
            assert ended.status == 0
        elif stdout is not None:
            assert ended.status == 1
            assert error in ended.stderr
        elif ended.status:
            assert error in ended.error
    os.close(full)
    os.close(unread)


@pytest.mark.skipif(sys.platform != "linux", reason="only there do names of files have the locale's encoding")
def test_a_name_that_the_locale_cannot_hold(corpus):
    config = corpus.with_name("c.toml")
    config.write_text(f'[data]\ntrain = "{CJK}.conll"\ndev = "f.conll"\n', encoding="utf-8")
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = shell("train c.toml", corpus.parent, **narrow)
    assert done.returncode == 1
    assert done.stderr.endswith(b"the encoding ascii cannot hold this name, expected UTF-8; set PYTHONUTF8=1\n")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only there may names of files be no text")
@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("check FILE --json f.json", False),
        ("check FILE --json -", False),
        ("convert FILE f.jsonl", False),
        ("score FILE FILE --json s.json", False),
        ("init FILE --out mine.toml", True),
        ("train --train FILE --set train.epochs=1", True),
    ],
)
def test_a_name_that_is_not_utf8(corpus, line, fails):
    """JSON has escapes for such a name. A config cannot hold it. The error is one line, and shows no other text."""
    name = os.fsdecode(b"a\xff.conll")
    corpus.with_name(name).write_bytes(corpus.read_bytes())
    done = shell(line.replace("FILE", "a*.conll"), corpus.parent)
    assert done.returncode == fails, done.stderr
    if fails:
        (last,) = [line for line in done.stderr.splitlines() if line.startswith(b"error: ")]
        assert last.endswith(b"cannot hold this name, expected UTF-8; rename the file")
        assert b"a\\udcff.conll" in last
        assert b"\\n" not in last
