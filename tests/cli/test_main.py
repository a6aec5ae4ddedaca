"""What holds for every command: help, exit statuses, one line per error, nothing imported before its time."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from synthetic import error_of, invoke, succeed

from windowner.cli.main import COMMANDS

WINDOWNER = Path(sys.executable).with_name("windowner")


def run(*args, **kwargs) -> subprocess.CompletedProcess:
    """Run the installed command in a process of its own."""
    return subprocess.run([WINDOWNER, *map(str, args)], capture_output=True, **kwargs)


def test_help_lists_every_command_and_an_example():
    for name in ("--help", "-h"):
        shown = succeed(name).stdout
        assert all(f"  {command} " in shown for command in COMMANDS)
        assert "windowner train configs/wikigold.toml" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_and_explains_its_options(command):
    shown = succeed(command, "--help").stdout
    assert f"\n  windowner {command} " in shown
    _, options = shown.split("Options:\n")
    options = options.partition("\n\n  Experiments of windowner: ")[0].replace("\n\nCommands:", "")
    for line in options.splitlines():
        assert len(line.split("  ")) > 1, line


@pytest.mark.parametrize(
    ("command", "defaults"),
    [
        ("train", ["[default: runs/NAME]"]),
        ("eval", ["[default: as the run was trained]", "[default: auto]"]),
        ("tag", ["what the first lines say]", "[default: IOB2]", "[default: as the run was trained]"]),
        ("score", ["[default: 0]", "[default: -1]"]),
        ("gradcheck", ["[default: 200;", "Without CONFIG, the network is that of the sample sentences of windowner."]),
    ],
)
def test_help_shows_defaults(command, defaults):
    shown = " ".join(succeed(command, "--help").stdout.split())
    for default in defaults:
        assert default in shown


@pytest.mark.parametrize(
    "args", [["no-such"], ["train"], ["eval", "x"], ["tag", "x", "--output", "tokens"], ["train", "x", "--seed", "-1"]]
)
def test_usage_errors_have_status_2(args):
    result = invoke(*args)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert not result.stdout


def test_version():
    assert run("--version").stdout.decode() == f"windowner, version {version('windowner')}\n"


def test_an_error_is_one_line_on_stderr_in_a_process_too(tmp_path):
    done = run("train", "no.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "error: no.toml: no such file; expected a config in TOML\n"


def test_an_os_error_is_one_line_too(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("windowner.cli.score.print_scores", full)
    (tmp_path / "a").write_text("x B-A\n")
    assert error_of("score", tmp_path / "a", tmp_path / "a") == "No space left on device"


def test_a_programmers_mistake_stays_a_traceback(tmp_path, monkeypatch):
    """So that a bug is reported as one."""

    def wrong(*args, **kwargs):
        raise ValueError("shapes")

    monkeypatch.setattr("windowner.cli.score.score_files", wrong)
    assert isinstance(invoke("score", "a", "b").exception, ValueError)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("command", ["tag", "eval"])
def test_a_full_disk_behind_stdout(tiny, command, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # what is held back comes to light at the end
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [WINDOWNER, command, tiny.model, tiny.folder / "test.conll"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1  # and not 120, with which Python ends if it fails to write what was held back
    assert done.stderr.decode().splitlines()[-1] == "error: No space left on device"


@pytest.mark.parametrize("statement", ["import windowner", "import windowner.cli.main", "HELP"])
def test_numpy_is_not_imported_before_it_is_needed(statement):
    help = "from windowner.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    code = f"{help if statement == 'HELP' else statement}\nimport sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


def complete(shell, words, current):
    """Names that shell completion offers, and whether numpy was imported for them."""
    code = "import sys\ntry: from windowner.cli.main import main; main(prog_name='windowner')\n"
    code += "finally: print('numpy' in sys.modules, file=sys.stderr)"
    asked = {"_WINDOWNER_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": current}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env={**os.environ, **asked}, text=True)
    return re.findall(r"plain[,\n]([\w-]+)", done.stdout), done.stderr == "True\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_names_of_commands_are_completed_without_numpy(shell):
    current = "gr" if shell == "fish" else "1"
    assert complete(shell, "windowner gr", current) == (["gradcheck", "graph"], False)


def test_options_are_completed_too():
    assert complete("bash", "windowner score --t", "2") == (["--token-column", "--tag-column"], True)
    assert complete("bash", "windowner --v", "1") == (["--version"], False)


def test_python_m_windowner():
    done = subprocess.run([sys.executable, "-m", "windowner", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: python -m windowner [OPTIONS] COMMAND")


LATIN = "ISSN\tO\n\nGarc\xeda\tB-PER\nlives\tO\n\n" * 12


def test_every_command_that_reads_files_takes_an_encoding(tmp_path):
    """The error about bytes that are no UTF-8 names the option that all of them have."""
    path, model = tmp_path / "latin.conll", tmp_path / "run"
    path.write_bytes(LATIN.encode("cp1252"))
    training = ["train", "--train", path, "--dev", path, "--set", "train.epochs=1", "--out", model]
    message = f"{path}:3: byte 0xed, expected UTF-8; name the encoding: --encoding cp1252, or data.encoding in a config"
    assert error_of(*training) == message
    succeed(*training, "--encoding", "cp1252")
    vectors = ["vectors", "train", path, "--min-count", "1", "--epochs", "1", "--out", tmp_path / "own.vec"]
    for command in (
        ["check", path],
        ["convert", path, tmp_path / "new.jsonl"],
        ["score", path, path],
        ["tag", model, path],
        ["tag", model, tmp_path / "*.conll", "--out", tmp_path / "tagged"],
        ["init", path, "--out", tmp_path / "new.toml"],
        vectors,
    ):
        result = invoke(*command)
        assert (command, result.exit_code) == (command, 1)
        assert message in result.stderr
        shutil.rmtree(tmp_path / "tagged", ignore_errors=True)
        succeed(*command, "--encoding", "cp1252")
    assert 'encoding = "cp1252"' in (tmp_path / "new.toml").read_text()
    assert "García" in (tmp_path / "own.vec").read_text(encoding="utf-8")
    succeed("eval", model, path)  # as the run was trained
    assert error_of("eval", model, path, "--encoding", "ascii").startswith(f"{path}: not ascii, near line 1")
