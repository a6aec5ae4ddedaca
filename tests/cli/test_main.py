"""What holds for every command: help, exit statuses, one line an error, nothing imported before its time."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from synthetic import error_of, invoke, succeed

import windowner
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
    for line in options.replace("\n\nCommands:", "").splitlines():
        assert len(line.split("  ")) > 1, line


@pytest.mark.parametrize(
    ("command", "defaults"),
    [
        ("train", ["[default: runs/NAME-OF-CONFIG]"]),
        ("eval", ["[default: 0]", "[default: -1]"]),
        ("tag", ["[default: jsonl if FILE is called so, else columns]", "[default: IOB2]", "[default: 0]"]),
        ("score", ["[default: 0]", "[default: -1]"]),
        ("gradcheck", ["[default: 200;", "CONFIG is configs/wikigold.toml by default."]),
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
    assert done.returncode in (1, 120)  # 120 is Python's own, when at exit it fails to write what was held back
    assert "error: No space left on device" in done.stderr.decode().splitlines()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("statement", ["import windowner", "import windowner.cli.main", "HELP"])
def test_numpy_is_not_imported_before_it_is_needed(statement):
    help = "from windowner.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    code = f"{help if statement == 'HELP' else statement}\nimport sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


def test_public_names_can_be_imported():
    assert windowner.__all__ == sorted(windowner.__all__)
    for name in windowner.__all__:
        assert getattr(windowner, name).__name__ == name
        assert getattr(windowner, name).__doc__
    with pytest.raises(AttributeError, match="module 'windowner' has no attribute 'nothing'"):
        windowner.nothing  # noqa: B018
