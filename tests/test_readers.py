"""The list of readers, `tests/readers.toml`: it names every module that reads, and `make coverage` runs their tests."""

import ast
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from test_imports import ORDER, TREES

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "tests" / "readers.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
READERS = SETTINGS["report"]["include"]
READS = {
    *("open", "read1", "readinto", "readline", "read_bytes", "read_text", "unpack_from"),
    *("open_input", "open_vectors", "safe_open", "load_file", "memmap", "mmap", "read_whole"),
    *("decode_json", "fitted", "decode_lines", "raw_decode", "loads"),
}
"""Functions and methods that read a file, or decode what was read."""

OWN_FILES = {"runs/history.py"}
"""Modules that open files to write them."""


def reads(tree):
    """Which of `READS` a module calls."""
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {name for name in called if name.rpartition(".")[2] in READS and name != "os.open"}


def is_reader(name):
    return any(fnmatch(f"windowner/{name}", pattern) for pattern in READERS)


def test_every_module_that_reads_is_listed():
    """Commands are thin: they open files by functions of the readers."""
    found = {name for name, tree in TREES.items() if reads(tree) and not is_reader(name)}
    assert {name for name in found if not name.startswith("cli/")} <= OWN_FILES


@pytest.mark.parametrize("pattern", READERS)
def test_every_pattern_is_that_of_a_module(pattern):
    assert any(fnmatch(f"windowner/{name}", pattern) for name in TREES)


def test_the_tests_of_every_room_with_a_reader_are_run():
    rooms = {Path(pattern).parts[1].removesuffix(".py") for pattern in READERS}
    tested = {Path(word).parts[1] for word in SETTINGS["run"]["command_line"].split() if word.startswith("tests/")}
    missing = {room for room in rooms if not {room, f"test_{room}.py"} & tested}
    assert rooms <= set(ORDER)
    assert missing == {"schemas"}  # the tests of the other rooms are its tests
